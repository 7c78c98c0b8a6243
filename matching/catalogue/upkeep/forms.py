from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country, TechnologyField
from matching.catalogue.models import (
    Cooperation,
    Direction,
    Disclosure,
    HideableField,
    IprStatus,
    Stage,
    Technology,
    TechnologyText,
    TextOrigin,
)
from matching.catalogue.upkeep.queries import with_reference

HOME = "KR"
TEXT_PARTS = ("title", "body", "advantages", "specification")


class OwnerChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name_ko} ({obj.country.name})"


class FieldChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TechnologyForm(forms.Form):
    """Everything about a technology but its texts."""

    owner = OwnerChoice(
        queryset=Institution.objects.none(),
        label=_("보유기관"),
        required=False,
        empty_label=_("고르지 않음"),
        help_text=_("목록에 없으면 먼저 ‘기관’에서 등록해 주십시오."),
    )
    owner_company = forms.ModelChoiceField(
        queryset=Company.objects.none(),
        label=_("보유기업"),
        required=False,
        empty_label=_("고르지 않음"),
        help_text=_("국내 기업이 해외에 주는 기술일 때만 고릅니다."),
    )
    country = forms.ModelChoiceField(
        queryset=Country.objects.none(),
        label=_("국가"),
        required=False,
        empty_label=_("보유기관의 국가"),
        to_field_name="code",
    )
    direction = forms.ChoiceField(label=_("협력 방향"), choices=Direction, initial=Direction.INBOUND)
    original_language = forms.ChoiceField(label=_("원문 언어"), choices=TextLanguage)
    field = FieldChoice(
        queryset=TechnologyField.objects.none(),
        label=_("기술분야"),
        empty_label=_("골라 주십시오"),
        error_messages={"required": _("기술분야를 골라 주십시오.")},
    )
    stage = forms.ChoiceField(label=_("개발 단계"), choices=[("", _("모름")), *Stage.choices], required=False)
    ipr_status = forms.ChoiceField(label=_("지식재산권"), choices=[("", _("모름")), *IprStatus.choices], required=False)
    ipr_notes = PlainCharField(label=_("지식재산권 설명"), max_length=300, required=False)
    year = forms.IntegerField(
        label=_("개발 연도"),
        required=False,
        min_value=1900,
        error_messages={
            "invalid": _("연도는 2019처럼 네 자리 숫자로 적어 주십시오."),
            "min_value": _("연도는 1900년 이후로 적어 주십시오."),
        },
    )
    cooperation = forms.MultipleChoiceField(
        label=_("희망 협력 방식"), choices=Cooperation, required=False, widget=forms.CheckboxSelectMultiple
    )
    partner_sought = PlainCharField(label=_("찾는 협력 상대"), max_length=500, required=False)
    is_appropriate = forms.BooleanField(label=_("적정기술"), required=False)
    valid_until = forms.DateField(
        label=_("유효기간"),
        required=False,
        widget=DateInput,
        help_text=_("보유기관이 협력할 뜻을 밝힌 날까지입니다. 정하지 않았으면 비웁니다."),
        error_messages={"invalid": _("날짜는 2026-03-02처럼 적어 주십시오.")},
    )
    disclosure = forms.ChoiceField(label=_("공개 범위"), choices=Disclosure, initial=Disclosure.MEMBERS)
    hidden = forms.MultipleChoiceField(
        label=_("비공개 항목"),
        choices=HideableField,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("보유기관이 밝히지 않기로 한 항목입니다. 화면에 ‘비공개’로 보이고 검색되지 않습니다."),
    )
    source_reference = PlainCharField(
        label=_("출처 번호"),
        max_length=80,
        required=False,
        help_text=_("협력망에서 쓰는 번호. 앞의 0도 그대로 적습니다."),
    )
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, user: Any, technology: Technology | None = None, **kwargs: Any) -> None:
        """What is retired stays to be chosen only where `technology` had chosen it before."""
        super().__init__(*args, **kwargs)
        self.technology = technology
        usable, chosen = Q(retired_on__isnull=True), Q()
        if technology is not None:
            chosen = Q(pk=technology.field_id)
        fields: dict[str, Any] = self.fields
        owners = Institution.objects.visible_to(user).filter(usable | Q(pk=technology and technology.owner_id))
        fields["owner"].queryset = owners.select_related("country").order_by("country__position", "name_ko")
        companies = Company.objects.visible_to(user).filter(usable | Q(pk=technology and technology.owner_company_id))
        fields["owner_company"].queryset = companies.order_by("name")
        fields["country"].queryset = Country.objects.filter(usable | Q(pk=technology and technology.country_id))
        current = TechnologyField.objects.filter(Q(retired_on__isnull=True, parent__isnull=False) | chosen)
        fields["field"].queryset = current.select_related("parent").order_by("code")

    @staticmethod
    def initial_of(technology: Technology) -> dict[str, Any]:
        names = (
            "owner", "owner_company", "direction", "original_language", "field", "stage", "ipr_status", "ipr_notes",
            "year", "cooperation", "partner_sought", "is_appropriate", "valid_until", "disclosure", "hidden",
            "source_reference", "edit_version",
        )  # fmt: skip
        return {name: getattr(technology, name) for name in names} | {"country": technology.country.code}

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("개발 연도가 올해보다 뒤입니다. 다시 확인해 주십시오."))
        return year

    def clean_source_reference(self) -> str:
        reference: str = self.cleaned_data["source_reference"]
        taken = with_reference(reference)
        if taken is not None and taken != self.technology:
            raise forms.ValidationError(
                _("이미 %(number)s에 쓴 출처 번호입니다. 같은 기술이면 그 기술을 고쳐 주십시오.")
                % {"number": taken.number}
            )
        return reference

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        owner, company = cleaned.get("owner"), cleaned.get("owner_company")
        if not self.errors.keys() & {"owner", "owner_company"} and bool(owner) == bool(company):
            self.add_error(
                "owner",
                _("보유기관과 보유기업 가운데 하나만 골라 주십시오.") if owner else _("보유기관을 골라 주십시오."),
            )
        if not cleaned.get("country") and owner:
            cleaned["country"] = owner.country
        elif not cleaned.get("country") and company:
            cleaned["country"] = company.site_country
        country = cleaned.get("country")
        if country and country.code == HOME and cleaned.get("direction") == Direction.INBOUND:
            self.add_error(
                "direction",
                _("우리나라 기술입니다. 해외에 주는 기술이면 ‘주는 협력’을 고르고, 아니면 국가를 바꾸어 주십시오."),
            )
        year, until = cleaned.get("year"), cleaned.get("valid_until")
        if year and until and until.year < year:
            self.add_error("valid_until", _("유효기간이 개발 연도보다 앞섭니다. 두 칸을 다시 확인해 주십시오."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "edit_version"}


class TextForm(forms.Form):
    """The technology's text in one language; a form without a title is no text."""

    title = PlainCharField(label=_("기술명"), max_length=256, required=False)
    body = PlainCharField(label=_("내용"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8}))
    advantages = PlainCharField(
        label=_("장점"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    specification = PlainCharField(
        label=_("사양"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    origin = forms.ChoiceField(
        label=_("번역한 쪽"),
        choices=[(code, label) for code, label in TextOrigin.choices if code != TextOrigin.SOURCE],
        initial=TextOrigin.HUMAN,
        required=False,
    )
    checked = forms.BooleanField(label=_("이 번역이 지금 원문과 맞는 것을 확인했습니다"), required=False)

    def __init__(self, data: Any, *, language: str, text: TechnologyText | None = None) -> None:
        self.language, self.text = language, text
        initial = {name: getattr(text, name) for name in (*TEXT_PARTS, "origin")} if text else {}
        super().__init__(data, prefix=f"text-{language}", initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("title") and any(cleaned.get(part) for part in TEXT_PARTS[1:]):
            self.add_error("title", _("기술명을 적어 주십시오."))
        return cleaned

    @property
    def is_written(self) -> bool:
        return bool(self.cleaned_data.get("title"))

    def is_new(self, original: bool) -> bool:
        """Something of the text itself is not as it stands, or the reader says that it was looked at again."""
        watched = {*TEXT_PARTS} if original else {*TEXT_PARTS, "origin"}
        changed = watched.intersection(self.changed_data)
        return self.is_written and bool(changed or self.text is None or self.cleaned_data["checked"])

    def values(self, original: bool) -> dict[str, Any]:
        origin = TextOrigin.SOURCE if original else self.cleaned_data["origin"] or TextOrigin.HUMAN
        return {part: self.cleaned_data[part] for part in TEXT_PARTS} | {"origin": origin}


class TechnologyForms:
    """The technology and its texts as one form: valid together, saved together."""

    def __init__(self, data: Any, *, user: Any, technology: Technology | None = None) -> None:
        initial = TechnologyForm.initial_of(technology) if technology else {}
        # An empty form has not been told which of the texts is the original.
        self.knows_original = bool(technology or data)
        self.facts = TechnologyForm(data, user=user, technology=technology, initial=initial)
        self.texts = {
            language: TextForm(data, language=language, text=technology.text_in(language) if technology else None)
            for language in TextLanguage.values
        }

    @property
    def original_language(self) -> str:
        return str(self.facts["original_language"].value() or TextLanguage.KOREAN)

    def in_order(self) -> list[TextForm]:
        """The original first, then Korean, then what was written, then the rest."""
        first = {self.original_language: 0, TextLanguage.KOREAN.value: 1}
        return sorted(self.texts.values(), key=lambda form: first.get(form.language, 2 if form.text else 3))

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in (self.facts, *self.texts.values())]
        original = self.texts[self.original_language]
        if original.is_valid() and not original.is_written:
            original.add_error("title", _("원문 언어의 기술명을 적어 주십시오."))
        return all(valid) and original.is_valid()

    def written_anew(self) -> dict[str, dict[str, Any]]:
        """For a new technology all texts, else those that were changed or looked at again.

        A text also counts as new when the choice of the original language turned it into one.
        """
        return {
            language: form.values(language == self.original_language)
            for language, form in self.texts.items()
            if form.is_new(language == self.original_language)
            or (form.is_written and "original_language" in self.facts.changed_data)
        }

    def taken_away(self) -> list[str]:
        return [language for language, form in self.texts.items() if form.text is not None and not form.is_written]


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("그림 파일"),
        help_text=_("PNG, JPG, WEBP, 10 MB까지."),
        error_messages={"required": _("그림 파일을 골라 주십시오."), "empty": _("빈 파일입니다. 다시 골라 주십시오.")},
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    caption = PlainCharField(
        label=_("그림 설명"),
        max_length=200,
        help_text=_("그림을 볼 수 없는 사람에게 읽어 줍니다."),
        error_messages={"required": _("무엇을 보여 주는 그림인지 적어 주십시오.")},
    )
