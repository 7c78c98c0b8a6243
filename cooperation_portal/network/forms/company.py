from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.forms.records import RecordForm, WebsiteField, countries_to_choose
from cooperation_portal.network.models import Company, CompanyClass, CompanySize, validate_business_number
from cooperation_portal.network.queries import company_with_number
from cooperation_portal.shared.identifiers import business_number_digits, format_business_number
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country, Industry

HOME = "KR"
_CHOOSE = [("", _("골라 주십시오"))]
_TAKEN = _("‘%(name)s’이(가) 이미 쓰는 번호입니다. 번호를 다시 확인하거나 그 기업을 고쳐 주십시오.")


class CompanyForm(RecordForm):
    name = PlainCharField(label=_("기업명"), max_length=120, error_messages={"required": _("기업명을 적어 주십시오.")})
    name_en = PlainCharField(label=_("영문 기업명"), max_length=160, required=False)
    business_number = PlainCharField(
        label=_("사업자등록번호"),
        max_length=20,
        required=False,
        help_text=_("숫자 10자리입니다. 해외 현지 법인이면 비우고 현지 등록번호를 적습니다."),
    )
    site_country = forms.ModelChoiceField(
        queryset=Country.objects.none(),
        label=_("소재 국가"),
        empty_label=_("골라 주십시오"),
        error_messages={"required": _("사업장이 있는 국가를 골라 주십시오.")},
    )
    local_registration_number = PlainCharField(
        label=_("현지 등록번호"),
        max_length=40,
        required=False,
        help_text=_("해외에 진출한 사업장이 그 나라에서 쓰는 번호입니다."),
    )
    company_class = forms.ChoiceField(
        label=_("기업 구분"),
        choices=[*_CHOOSE, *CompanyClass.choices],
        error_messages={"required": _("기업 구분을 골라 주십시오.")},
    )
    size = forms.ChoiceField(
        label=_("기업 규모"),
        choices=[*_CHOOSE, *CompanySize.choices],
        error_messages={"required": _("기업 규모를 골라 주십시오.")},
    )
    industry = forms.ModelChoiceField(
        queryset=Industry.objects.none(), label=_("업종"), empty_label=_("모름"), required=False
    )
    products = PlainCharField(label=_("주요 제품"), max_length=200, required=False)
    city = PlainCharField(label=_("소재지"), max_length=80, required=False)
    established = forms.IntegerField(
        label=_("설립 연도"),
        required=False,
        min_value=1800,
        error_messages={
            "invalid": _("설립 연도를 2004처럼 네 자리 숫자로 적어 주십시오."),
            "min_value": _("설립 연도를 2004처럼 네 자리 숫자로 적어 주십시오."),
        },
    )
    website = WebsiteField(label=_("누리집"))
    names = ("name", "name_en", "local_registration_number", "site_country")

    def __init__(self, *args: Any, company: Company | None = None, **kwargs: Any) -> None:
        self.company = company
        if company is not None:
            kwargs.setdefault("initial", self.initial_of(company))
        else:
            kwargs.setdefault("initial", {"site_country": Country.objects.filter(code=HOME).first()})
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["site_country"].queryset = countries_to_choose(company.site_country_id if company else None)
        chosen = Q(pk=company.industry_id if company else None)
        fields["industry"].queryset = Industry.objects.filter(Q(retired_on__isnull=True) | chosen)

    @staticmethod
    def initial_of(company: Company) -> dict[str, Any]:
        names = ("name", "name_en", "site_country", "local_registration_number", "company_class", "size", "industry",
                 "products", "city", "established", "website", "edit_version")  # fmt: skip
        values = {name: getattr(company, name) for name in names}
        return values | {"business_number": format_business_number(company.business_number)}

    def clean_business_number(self) -> str:
        digits = business_number_digits(self.cleaned_data["business_number"])
        if digits:
            validate_business_number(digits)
            other = company_with_number(self.company, business_number=digits)
            if other is not None:
                raise forms.ValidationError(_TAKEN, code="taken", params={"name": other})
        return digits

    def clean_established(self) -> int | None:
        year: int | None = self.cleaned_data["established"]
        if year is not None and year > timezone.localdate().year:
            raise forms.ValidationError(_("설립 연도가 올해보다 뒤입니다. 다시 확인해 주십시오."), code="future")
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        country, local = cleaned.get("site_country"), cleaned.get("local_registration_number")
        if country is None or self.errors.keys() & {"business_number", "local_registration_number"}:
            return cleaned
        if not cleaned["business_number"] and country.code == HOME:
            self.add_error("business_number", _("국내 기업은 사업자등록번호를 적어 주십시오."))
        elif not cleaned["business_number"] and not local:
            self.add_error("local_registration_number", _("사업자등록번호가 없으면 현지 등록번호를 적어 주십시오."))
        if local:
            other = company_with_number(self.company, site_country=country, local_registration_number=local)
            if other is not None:
                self.add_error("local_registration_number", forms.ValidationError(_TAKEN, "taken", {"name": other}))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What doubles are looked for by. Equal business numbers are refused, not asked about."""
        cleaned = self.cleaned_data
        return {
            "names": [cleaned["name"], cleaned["name_en"]],
            "country": cleaned["site_country"],
            "numbers": [cleaned["local_registration_number"]],
            "website": cleaned["website"],
        }
