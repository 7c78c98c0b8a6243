from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.text import PlainCharField
from matching.demands.models import METRICS_MAXIMUM, Demand, Qualifier


class MetricForm(forms.Form):
    name = PlainCharField(label=_("항목"), max_length=80, required=False)
    qualifier = forms.ChoiceField(label=_("조건"), choices=Qualifier, initial=Qualifier.EXACT, required=False)
    value = PlainCharField(label=_("값"), max_length=24, required=False)
    unit = PlainCharField(label=_("단위"), max_length=24, required=False)

    def clean_value(self) -> Decimal | None:
        raw: str = self.cleaned_data["value"].replace(",", "")
        if not raw:
            return None
        try:
            number = Decimal(raw)
        except InvalidOperation:
            raise forms.ValidationError(_("숫자만 적어 주십시오. 단위와 ‘이상·이하’는 옆 칸에 적습니다.")) from None
        if not number.is_finite() or number.copy_abs() >= Decimal(10) ** 12 or number != round(number, 6):
            raise forms.ValidationError(_("1조보다 작고 소수점 아래 여섯 자리까지인 수를 적어 주십시오."))
        return number

    def clean_qualifier(self) -> str:
        return self.cleaned_data["qualifier"] or Qualifier.EXACT

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, value = cleaned.get("name"), cleaned.get("value")
        if "value" in cleaned and name and value is None:
            self.add_error("value", _("값을 적어 주십시오."))
        if not name and (value is not None or cleaned.get("unit")):
            self.add_error("name", _("무엇의 값인지 항목을 적어 주십시오."))
        return cleaned


_MetricFormSet = formset_factory(MetricForm, extra=3, max_num=METRICS_MAXIMUM, validate_max=True, absolute_max=40)


class MetricFormSet(_MetricFormSet):  # type: ignore[valid-type,misc]
    """Rows of wanted figures; empty rows are left out."""

    def filled(self) -> list[dict[str, Any]]:
        return [row for row in self.cleaned_data if row.get("name")]


def metric_formset(data: Any = None, demand: Demand | None = None) -> MetricFormSet:
    initial = [
        {"name": metric.name, "qualifier": metric.qualifier, "value": metric.figure, "unit": metric.unit}
        for metric in (demand.metrics.all() if demand else [])
    ]
    return MetricFormSet(data, prefix="metrics", initial=initial)
