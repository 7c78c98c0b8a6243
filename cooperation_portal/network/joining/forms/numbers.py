"""Which company a person wants to act for."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.joining import queries
from cooperation_portal.network.models import validate_business_number
from cooperation_portal.shared.identifiers import business_number_digits
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country

AT_HOME, ABROAD = "home", "abroad"
_DASHES = re.compile(r"[‐-―−－]")


class BusinessNumberField(PlainCharField):
    """Ten digits, typed with or without hyphens, also in the wide characters of a Korean keyboard."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return business_number_digits(_DASHES.sub("-", unicodedata.normalize("NFKC", text)))


class NumbersForm(forms.Form):
    """Which company: a business number at home, country and local number abroad."""

    where = forms.ChoiceField(
        label=_("기업이 있는 곳"),
        choices=[(AT_HOME, _("국내")), (ABROAD, _("해외"))],
        initial=AT_HOME,
        widget=forms.RadioSelect,
    )
    business_number = BusinessNumberField(
        label=_("사업자등록번호"),
        max_length=20,
        required=False,
        validators=[validate_business_number],
        help_text=_("숫자 10자리입니다. ‘-’는 넣어도 되고 빼도 됩니다. 예: 123-45-67890"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    site_country = forms.ModelChoiceField(
        label=_("기업이 있는 국가"), queryset=Country.objects.none(), required=False, empty_label=_("골라 주십시오")
    )
    local_registration_number = PlainCharField(
        label=_("현지 등록번호"),
        max_length=40,
        required=False,
        help_text=_("현지 등기소나 세무서에서 받은 번호를 그대로 적어 주십시오. 사업담당자가 확인합니다."),
    )
    note = PlainCharField(
        label=_("전하는 말 (선택)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("부서와 직위처럼 확인하는 분이 알아볼 수 있는 내용을 적으시면 좋습니다."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["site_country"].queryset = Country.objects.current().exclude(code=queries.DOMESTIC)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("where") == AT_HOME:
            self._need("business_number", _("사업자등록번호를 적어 주십시오."))
            self._leave_out("site_country", "local_registration_number")
        elif cleaned.get("where") == ABROAD:
            self._need("site_country", _("기업이 있는 국가를 골라 주십시오."))
            self._need("local_registration_number", _("현지 등록번호를 적어 주십시오."))
            self._leave_out("business_number")
        return cleaned

    def _need(self, name: str, message: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def _leave_out(self, *names: str) -> None:
        """What belongs to the other kind of company is neither kept nor complained about."""
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data[name] = None if name == "site_country" else ""

    def numbers(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("business_number", "site_country", "local_registration_number", "note")
        return {name: self.cleaned_data[name] for name in names}
