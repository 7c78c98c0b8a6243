from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.models import Direction, Stage
from matching.demands.models import Confidentiality, Demand, DemandKind, Purpose, Qualifier

TITLE_MINIMUM, PROBLEM_MINIMUM, PROBLEM_MAXIMUM = 4, 20, 20_000


class FieldChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}" if obj.parent_id else str(obj)


class DemandForm(forms.Form):
    """A demand that an officer writes down for a company, or for a foreign institution (direction outbound)."""

    company = forms.ModelChoiceField(queryset=Company.objects.none(), label=_("수요기업"), required=False)
    institution = forms.ModelChoiceField(
        queryset=Institution.objects.none(),
        label=_("해외 수요기관"),
        required=False,
        help_text=_("국내 기술을 찾는 해외 기관의 수요일 때만 고릅니다."),
    )
    kind = forms.ChoiceField(label=_("구분"), choices=DemandKind, initial=DemandKind.DEMAND)
    purpose = forms.ChoiceField(label=_("목적"), choices=Purpose, initial=Purpose.USE_TECHNOLOGY)
    language = forms.ChoiceField(label=_("작성 언어"), choices=TextLanguage, initial=TextLanguage.KOREAN)
    title = PlainCharField(
        label=_("수요기술명"),
        max_length=200,
        min_length=TITLE_MINIMUM,
        error_messages={
            "required": _("찾는 기술을 한 줄로 적어 주십시오."),
            "min_length": _("무엇을 찾는지 알 수 있도록 네 글자 이상 적어 주십시오."),
        },
    )
    problem = PlainCharField(
        label=_("해결하려는 문제"),
        max_length=PROBLEM_MAXIMUM,
        min_length=PROBLEM_MINIMUM,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "무엇을 만들고 있고 무엇이 안 되는지, 목표 수치와 사용 조건을 적어 주십시오. 자세할수록 잘 찾습니다."
        ),
        error_messages={
            "required": _("해결하려는 문제를 적어 주십시오."),
            "min_length": _("내용이 너무 짧아 맞는 기술을 찾을 수 없습니다. 20자 이상 적어 주십시오."),
        },
    )
    target_product = PlainCharField(label=_("적용 제품"), max_length=200, required=False)
    fields_wanted = FieldChoice(
        queryset=TechnologyField.objects.none(),
        label=_("기술분야"),
        required=False,
        help_text=_("둘까지 고릅니다. Ctrl 키를 누른 채 고르면 여러 개를 고를 수 있습니다."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    wanted_stage = forms.ChoiceField(
        label=_("희망 개발 단계"), choices=[("", _("상관없음")), *Stage.choices], required=False
    )
    confidentiality = forms.ChoiceField(label=_("비밀 여부"), choices=Confidentiality, initial=Confidentiality.NORMAL)
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, user: Any, demand: Demand | None = None, **kwargs: Any) -> None:
        """What is retired stays to be chosen only where `demand` had chosen it before."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        usable, chosen = Q(retired_on__isnull=True), Q()
        if demand is not None:
            usable |= Q(pk=demand.company_id)
            chosen = Q(pk__in=[field.pk for field in demand.fields.all()])
        fields["company"].queryset = Company.objects.visible_to(user).filter(usable)
        fields["institution"].queryset = Institution.objects.visible_to(user).current().exclude(country__code="KR")
        current = TechnologyField.objects.filter(Q(retired_on__isnull=True, parent__isnull=False) | chosen)
        fields["fields_wanted"].queryset = current.select_related("parent").order_by("code")

    @staticmethod
    def initial_of(demand: Demand) -> dict[str, Any]:
        names = ("company", "institution", "kind", "purpose", "language", "title", "problem", "target_product",
                 "wanted_stage", "confidentiality", "edit_version")  # fmt: skip
        return {name: getattr(demand, name) for name in names} | {"fields_wanted": list(demand.fields.all())}

    def clean_fields_wanted(self) -> Any:
        chosen = self.cleaned_data["fields_wanted"]
        if len(chosen) > 2:
            raise forms.ValidationError(_("기술분야는 둘까지만 골라 주십시오."))
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("company")) == bool(cleaned.get("institution")) and not self.errors.keys() & {
            "company",
            "institution",
        }:
            both = bool(cleaned.get("company"))
            message = (
                _("수요기업과 해외 수요기관 가운데 하나만 골라 주십시오.") if both else _("수요기업을 골라 주십시오.")
            )
            self.add_error("company", message)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        chosen = {
            k: v for k, v in self.cleaned_data.items() if k not in ("fields_wanted", "edit_version", "submission")
        }
        direction = Direction.OUTBOUND if chosen["institution"] else Direction.INBOUND
        return chosen | {"direction": direction, "fields": list(self.cleaned_data["fields_wanted"])}


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


_MetricFormSet = formset_factory(MetricForm, extra=3, max_num=20, validate_max=True, absolute_max=40)


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
