from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Institution
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.personal_numbers import validate_no_resident_number
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country
from experts.checks import faults
from experts.models import Expert, ExpertDirection, GuidanceMode
from experts.queries import field_choices

_CHECKBOXES = forms.CheckboxSelectMultiple


class WordsField(PlainCharField):
    default_validators = [*PlainCharField.default_validators, validate_no_resident_number]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


_WORDS = (
    "name_ko", "name_original", "name_latin", "city", "employer_name", "position", "specialities", "career_summary",
    "availability_note", "phone", "source_network", "source_reference",
)  # fmt: skip
# Legend, fields side by side, fields that take the whole width.
_SECTIONS: tuple[tuple[Any, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        _("이름과 거주지"),
        ("direction", "name_ko", "name_original", "original_language", "name_latin", "country", "city"),
        (),
    ),
    (
        _("근무처와 경력"),
        ("institution", "employer_name", "employer_kind", "position", "career_years"),
        ("career_summary",),
    ),
    (_("전문 내용"), (), ("specialities", "technology_fields")),
    (
        _("지도 방식과 일정"),
        ("languages", "guidance_modes", "needs_interpreter", "availability", "available_from", "availability_note"),
        (),
    ),
    (_("연락처와 동의"), ("email", "phone", "consented_on"), ()),
    (_("출처"), ("source_network", "source_reference"), ()),
)


class ExpertForm(forms.ModelForm):
    direction = forms.ChoiceField(
        label=_("유치·파견"),
        choices=ExpertDirection,
        widget=forms.RadioSelect,
        help_text=_("해외 전문가를 국내로 부르면 유치, 국내 전문가를 해외로 보내면 파견입니다."),
        error_messages={"required": _("유치와 파견 가운데 하나를 골라 주십시오.")},
    )
    technology_fields = forms.MultipleChoiceField(
        label=_("기술분야"), required=False, widget=_CHECKBOXES, help_text=_("다섯 개까지 고릅니다.")
    )
    languages = forms.MultipleChoiceField(
        label=_("사용 언어"), required=False, widget=_CHECKBOXES, choices=TextLanguage
    )
    guidance_modes = forms.MultipleChoiceField(
        label=_("지도 방식"), required=False, widget=_CHECKBOXES, choices=GuidanceMode
    )
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    class Meta:
        model = Expert
        fields = (
            "direction", "name_ko", "name_original", "original_language", "name_latin", "country", "city",
            "institution", "employer_name", "employer_kind", "position", "career_years", "career_summary",
            "specialities", "languages", "needs_interpreter", "guidance_modes", "availability", "available_from",
            "availability_note", "email", "phone", "consented_on", "source_network", "source_reference",
        )  # fmt: skip
        field_classes = dict.fromkeys(_WORDS, WordsField)
        widgets = {
            "available_from": DayInput(),
            "consented_on": DayInput(),
            "specialities": forms.Textarea(attrs={"rows": 6}),
            "career_summary": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "name_original": _("본인이 쓰는 글자 그대로 적습니다. 한국 사람이면 비워 둡니다."),
            "name_latin": _("여권에 적힌 로마자 이름입니다."),
            "institution": _("지금 소속이 있을 때만 고릅니다."),
            "employer_name": _("은퇴했으면 마지막으로 일한 곳을 적습니다."),
            "career_years": _("햇수로 적습니다."),
            "specialities": _("어떤 현장의 어떤 문제를 해결할 수 있는지 공정·재료·수치로 적어 주십시오."),
            "available_from": _("정해진 날짜가 있을 때 적습니다. ‘바로 가능’이면 비워 둡니다."),
            "consented_on": _("본인이 전문가 등록을 위한 개인정보 수집·이용에 동의한 날입니다."),
            "phone": _("+81-6-1234-5678처럼 국가 번호부터 적습니다."),
            "source_network": _("소개한 기관이나 명부의 이름입니다."),
            "source_reference": _("명부에 번호가 있으면 적습니다. 엑셀 파일로 고칠 때 같은 사람을 찾는 번호입니다."),
        }
        error_messages = {
            "name_ko": {"required": _("이름을 한글로 적어 주십시오.")},
            "original_language": {"required": _("이름이 어느 나라 말인지 골라 주십시오.")},
            "country": {"required": _("지금 사는 나라를 골라 주십시오.")},
            "career_years": {
                "invalid": _("경력은 숫자만 적어 주십시오. 예: 35"),
                "min_value": _("경력은 0년에서 80년 사이로 적어 주십시오."),
                "max_value": _("경력은 0년에서 80년 사이로 적어 주십시오."),
            },
            "available_from": {"invalid": _("2027-03-02처럼 날짜를 적어 주십시오.")},
            "consented_on": {"invalid": _("2026-03-02처럼 날짜를 적어 주십시오.")},
            "email": {"invalid": _("이메일 주소가 맞지 않습니다. name@example.com처럼 적어 주십시오.")},
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """What is retired stays to be chosen only where the expert had chosen it before."""
        super().__init__(*args, **kwargs)
        expert: Expert = self.instance
        codes = [field.code for field in expert.fields.all()] if expert.pk else []
        fields: dict[str, Any] = self.fields
        fields["technology_fields"].choices = field_choices(codes, groups=False)
        fields["country"].queryset = Country.objects.filter(Q(retired_on__isnull=True) | Q(pk=expert.country_id))
        institutions = Institution.objects.visible_to(user)
        fields["institution"].queryset = institutions.filter(Q(retired_on__isnull=True) | Q(pk=expert.institution_id))
        fields["institution"].empty_label = _("소속 없음")
        fields["country"].empty_label = _("골라 주십시오")
        for name, nothing in (("original_language", _("골라 주십시오")), ("employer_kind", _("모름"))):
            fields[name].choices = [("", nothing), *(pair for pair in fields[name].choices if pair[0])]
        fields["technology_fields"].initial = codes
        fields["edit_version"].initial = expert.edit_version if expert.pk else None

    def sections(self) -> Iterator[dict[str, Any]]:
        for legend, columns, wide in _SECTIONS:
            yield {"legend": legend, "columns": [self[name] for name in columns], "wide": [self[name] for name in wide]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        country = cleaned.get("country")
        chosen = cleaned | {"fields": cleaned.get("technology_fields")}
        for fault in faults(chosen, country=country.code if country else None):
            self.add_error("technology_fields" if fault.field == "fields" else fault.field, fault.text)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}
        return cleaned | {"fields": self.cleaned_data["technology_fields"]}


class NewExpertForm(ExpertForm):
    """Asks back, once, where the person may be in the register already."""

    is_another = forms.BooleanField(
        label=_("위 전문가와 다른 사람이 맞습니다."), required=False, widget=forms.HiddenInput
    )

    def ask_whether_another(self) -> None:
        self.fields["is_another"].widget = forms.CheckboxInput()
