from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.forms.records import RecordForm, WebsiteField, countries_to_choose
from cooperation_portal.network.models import AliasKind, Institution, InstitutionKind
from cooperation_portal.network.names import language_of
from cooperation_portal.network.queries import institution_with_reference
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country

_CHOOSE = [("", _("골라 주십시오"))]


class InstitutionForm(RecordForm):
    name_ko = PlainCharField(
        label=_("기관명"),
        max_length=200,
        help_text=_("국문으로 부르는 이름입니다."),
        error_messages={"required": _("국문 기관명을 적어 주십시오.")},
    )
    name_original = PlainCharField(
        label=_("기관명(원어)"),
        max_length=200,
        help_text=_("기관이 스스로 쓰는 글자 그대로 적습니다."),
        error_messages={"required": _("기관이 스스로 쓰는 이름을 적어 주십시오.")},
    )
    original_language = forms.ChoiceField(
        label=_("원어"),
        choices=[*_CHOOSE, *TextLanguage.choices],
        error_messages={"required": _("기관명(원어)이 어느 언어인지 골라 주십시오.")},
    )
    name_en = PlainCharField(label=_("영문 기관명"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("기관 유형"),
        choices=[*_CHOOSE, *InstitutionKind.choices],
        error_messages={"required": _("기관 유형을 골라 주십시오.")},
    )
    country = forms.ModelChoiceField(
        queryset=Country.objects.none(),
        label=_("국가"),
        empty_label=_("골라 주십시오"),
        error_messages={"required": _("국가를 골라 주십시오.")},
    )
    city_ko = PlainCharField(label=_("도시"), max_length=80, required=False)
    city_original = PlainCharField(label=_("도시(현지어)"), max_length=80, required=False)
    website = WebsiteField(label=_("누리집"))
    source_reference = PlainCharField(
        label=_("출처 번호"),
        max_length=80,
        required=False,
        help_text=_("협력망의 목록에서 이 기관을 가리키는 번호입니다. 앞의 0도 그대로 적습니다."),
    )
    keep_former = forms.BooleanField(
        label=_("이름이 바뀌었으면 옛 이름으로 남기기"),
        required=False,
        help_text=_("잘못 적은 이름을 바로잡을 때는 표시를 지웁니다."),
    )
    names = ("name_ko", "name_original", "name_en", "country")

    def __init__(self, *args: Any, institution: Institution | None = None, **kwargs: Any) -> None:
        self.institution = institution
        if institution is not None:
            kwargs.setdefault("initial", self.initial_of(institution))
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["country"].queryset = countries_to_choose(institution.country_id if institution else None)
        if institution is None:
            del fields["keep_former"]

    @staticmethod
    def initial_of(institution: Institution) -> dict[str, Any]:
        names = ("name_ko", "name_original", "original_language", "name_en", "kind", "country", "city_ko",
                 "city_original", "website", "source_reference", "edit_version")  # fmt: skip
        return {name: getattr(institution, name) for name in names} | {"keep_former": True}

    def clean_source_reference(self) -> str:
        reference: str = self.cleaned_data["source_reference"]
        other = institution_with_reference(reference, self.institution) if reference else None
        if other is not None:
            raise forms.ValidationError(
                _("‘%(name)s’이(가) 이미 쓰는 번호입니다. 번호를 다시 확인하거나 그 기관을 고쳐 주십시오."),
                code="taken",
                params={"name": other},
            )
        return reference

    @property
    def facts(self) -> dict[str, Any]:
        """What doubles are looked for by."""
        cleaned = self.cleaned_data
        names = [cleaned["name_ko"], cleaned["name_original"], cleaned["name_en"]]
        return {"names": names, "country": cleaned["country"], "website": cleaned["website"]}


class AliasForm(forms.Form):
    name = PlainCharField(label=_("이름"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("종류"), choices=AliasKind, initial=AliasKind.FORMER, required=False)
    language = forms.ChoiceField(
        label=_("언어"), choices=[("", _("글자를 보고 정하기")), *TextLanguage.choices], required=False
    )


class _AliasRows(BaseFormSet):
    """Rows of other names; to take one away, its name is emptied."""

    def clean(self) -> None:
        seen = set()
        for row in self.forms:
            pair = (row.cleaned_data.get("name"), row.cleaned_data.get("language"))
            if pair[0] and pair in seen:
                row.add_error("name", _("같은 이름이 위에 있습니다. 한 번만 적어 주십시오."))
            seen.add(pair)

    def filled(self, original_language: str) -> list[dict[str, Any]]:
        """A language that was not chosen is told from the letters."""
        named = [row for row in self.cleaned_data if row.get("name")]
        return [
            {
                "name": row["name"],
                "kind": row["kind"] or AliasKind.OTHER,
                "language": row["language"] or language_of(row["name"], original_language),
            }
            for row in named
        ]


AliasFormSet = formset_factory(AliasForm, formset=_AliasRows, extra=2, max_num=40, validate_max=True, absolute_max=60)


def alias_formset(data: Any = None, institution: Institution | None = None) -> Any:
    present = institution.aliases.all() if institution else []
    initial = [{"name": alias.name, "kind": alias.kind, "language": alias.language} for alias in present]
    return AliasFormSet(data, prefix="aliases", initial=initial)
