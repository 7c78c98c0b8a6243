"""What is said of a company."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, CompanyClass, CompanySize
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Industry


class OwnFactsForm(forms.Form):
    """What a company's owner keeps up to date without asking the office."""

    name_en = PlainCharField(label=_("영문 기업명"), max_length=160, required=False)
    industry = forms.ModelChoiceField(
        label=_("업종"), queryset=Industry.objects.none(), required=False, empty_label=_("골라 주십시오")
    )
    products = PlainCharField(label=_("주요 제품"), max_length=200, required=False)
    city = PlainCharField(label=_("소재지"), max_length=80, required=False, help_text=_("시·군까지 적어 주십시오."))
    established = forms.IntegerField(label=_("설립 연도"), min_value=1800, required=False)
    website = forms.URLField(
        label=_("누리집"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("누리집 주소를 www.company.co.kr처럼 적어 주십시오.")},
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["industry"].queryset = Industry.objects.current()

    def clean_established(self) -> int | None:
        year: int | None = self.cleaned_data["established"]
        if year is not None and year > timezone.localdate().year:
            raise ValidationError(_("설립 연도는 올해보다 늦을 수 없습니다."))
        return year

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "edit_version"}

    @classmethod
    def initial_of(cls, company: Company) -> dict[str, Any]:
        return {name: getattr(company, name) for name in cls.base_fields}


class CompanyDetailsForm(OwnFactsForm):
    """What the portal asks of a company that it does not know."""

    name = PlainCharField(
        label=_("기업명"),
        max_length=120,
        help_text=_("사업자등록증이나 현지 등록증에 있는 대로 적어 주십시오."),
        error_messages={"required": _("기업명을 적어 주십시오.")},
    )
    company_class = forms.ChoiceField(label=_("기업 구분"), choices=CompanyClass, initial=CompanyClass.SME)
    size = forms.ChoiceField(label=_("기업 규모"), choices=CompanySize, initial=CompanySize.SMALL)
    edit_version = None  # type: ignore[assignment]
    field_order = ["name", "name_en", "company_class", "size", "industry", "products", "city", "established", "website"]
