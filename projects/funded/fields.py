"""Fields and widgets that forms of projects and results share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.amounts import NotAnAmount, in_korean_units, plain_number, read_amount
from cooperation_portal.shared.text import PlainCharField


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def reading_of(text: str) -> str:
    """How an amount is read, for beside the field: `8억` is `800,000,000`; empty where it cannot be read."""
    try:
        amount = read_amount(text)
    except NotAnAmount:
        return ""
    digits, words = plain_number(amount), in_korean_units(amount)
    return digits if digits == words else f"{digits} ({words})"


class AmountInput(forms.TextInput):
    """Says under the field how the amount is read, while it is typed and when the page comes back."""

    template_name = "projects/widgets/amount.html"

    def __init__(self) -> None:
        super().__init__(
            {
                "autocomplete": "off",
                "hx-get": reverse_lazy("amount_reading"),
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "next output",
                "hx-swap": "textContent",
            }
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["reading"] = reading_of(context["widget"]["value"] or "")
        return context


class AmountField(PlainCharField):
    """Cleans to a Decimal, to an int where it must be whole, or to None where it is empty."""

    widget = AmountInput

    def __init__(self, *, whole: bool = False, **kwargs: Any) -> None:
        """`whole`: parts of one, as of a won, are refused."""
        self._whole = whole
        super().__init__(
            **{"max_length": 40, "help_text": _("800,000,000이나 8억, 1억 2,000만처럼 적습니다.")} | kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return plain_number(Decimal(value)) if isinstance(value, Decimal | int) else value

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        if not text:
            return None
        try:
            amount = read_amount(text)
        except NotAnAmount as wrong:
            raise ValidationError(str(wrong), code="amount") from None
        if not self._whole:
            return amount
        if amount != amount.to_integral_value():
            raise ValidationError(_("1원보다 작은 단위 없이 적어 주십시오."), code="amount")
        return int(amount)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
