from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.amounts import Currency, written_currency
from cooperation_portal.shared.partial_dates import NotADate, read_partial_date
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country
from projects.funded.fields import AmountField, DayInput
from projects.results.checks import figure_faults, result_faults
from projects.results.models import HEADINGS, FigureKind, MarketStage, Maturity, Outcome, ResultFigure, ResultSheet

_UNKNOWN = [("", _("모름"))]


class ResultForm(forms.ModelForm):
    maturity = forms.ChoiceField(label=_("완성 단계"), choices=[*_UNKNOWN, *Maturity.choices], required=False)
    outcome = forms.ChoiceField(
        label=_("사업화 결과"),
        choices=[("", _("정하지 않음")), *Outcome.choices],
        required=False,
        help_text=_("실패한 과제도 기록합니다. 다음 과제를 고를 때 도움이 됩니다."),
    )
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    class Meta:
        model = ResultSheet
        fields = (*HEADINGS, "maturity", "outcome", "outcome_reason")
        field_classes = dict.fromkeys((*HEADINGS, "outcome_reason"), PlainCharField)
        widgets = {name: forms.Textarea(attrs={"rows": 6}) for name in HEADINGS}
        help_texts = {
            "content": _("무엇을 어떻게 개발했는지 적습니다."),
            "innovation": _("기존 기술과 무엇이 다르고 얼마나 나은지 수치와 함께 적습니다."),
            "completeness": _("시작품, 시험 결과, 남은 일을 적습니다."),
            "applicability": _("어디에 쓰이고 어떤 시장으로 나아가는지 적습니다."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["edit_version"] = self.instance.edit_version if self.instance.pk else 0

    def clean(self) -> dict[str, Any]:
        for fault in result_faults(self.cleaned_data):
            self.add_error(fault.field, fault.text)
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class StepForm(forms.Form):
    country = forms.ModelChoiceField(
        queryset=Country.objects.none(),
        label=_("국가"),
        required=False,
        empty_label=_("고르지 않음"),
        to_field_name="code",
    )
    area = PlainCharField(label=_("지역"), max_length=40, required=False)
    stage = forms.ChoiceField(label=_("단계"), choices=[("", _("골라 주십시오")), *MarketStage.choices], required=False)
    note = PlainCharField(label=_("내용"), max_length=300, required=False)

    def __init__(self, *args: Any, countries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.queryset = countries

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        country, area, stage = cleaned.get("country"), cleaned.get("area"), cleaned.get("stage")
        if country and area:
            self.add_error("area", _("국가와 지역 가운데 하나만 적어 주십시오."))
        if (stage or cleaned.get("note")) and not (country or area):
            self.add_error("country", _("어느 시장인지 국가를 고르거나 지역을 적어 주십시오."))
        if (country or area) and not stage:
            self.add_error("stage", _("어느 단계까지 왔는지 골라 주십시오."))
        return cleaned


class BaseStepFormSet(forms.BaseFormSet):
    def filled(self) -> list[dict[str, Any]]:
        return [
            {
                "country_id": row["country"].pk if row["country"] else None,
                "area": row["area"],
                "stage": row["stage"],
                "note": row["note"],
            }
            for row in self.cleaned_data
            if row.get("stage")
        ]


_StepFormSet = formset_factory(
    StepForm, formset=BaseStepFormSet, extra=2, max_num=30, absolute_max=40, validate_max=True
)


def step_formset(data: Any, result: ResultSheet | None = None) -> Any:
    steps = list(result.market_steps.all()) if result else []
    initial = [{"country": step.country, "area": step.area, "stage": step.stage, "note": step.note} for step in steps]
    chosen = Q(pk__in=[step.country_id for step in steps if step.country_id])
    countries = Country.objects.filter(Q(retired_on__isnull=True) | chosen).exclude(code="KR")
    return _StepFormSet(data, prefix="steps", initial=initial, form_kwargs={"countries": countries})


class FigureForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("종류"),
        choices=[("", _("골라 주십시오")), *FigureKind.choices],
        error_messages={"required": _("무엇의 수치인지 골라 주십시오.")},
    )
    amount = AmountField(
        label=_("값"),
        required=False,
        help_text=_("800,000,000이나 8억, 66만처럼 적습니다. 건수나 비율은 숫자만 적습니다."),
    )
    currency = forms.ChoiceField(
        label=_("통화"),
        choices=[("", _("금액이 아님")), *Currency.choices],
        required=False,
    )
    as_of = PlainCharField(
        label=_("기준일"),
        max_length=20,
        help_text=_("이 수치가 언제의 것인지 아는 데까지 적습니다. 예: 2025, 2025-06, 2025-06-30"),
        error_messages={"required": _("언제의 수치인지 기준일을 적어 주십시오. 연도만 알면 2025처럼 적습니다.")},
    )
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    class Meta:
        model = ResultFigure
        fields = (
            "as_quoted", "source", "kind", "label", "qualifier", "amount", "currency", "unit", "as_of", "period_from",
            "period_to", "effect", "disputed", "dispute_note",
        )  # fmt: skip
        field_classes = dict.fromkeys(("as_quoted", "source", "label", "unit", "dispute_note"), PlainCharField)
        widgets = {"period_from": DayInput(), "period_to": DayInput()}
        help_texts = {
            "as_quoted": _("출처에 적힌 말을 그대로 옮깁니다. 예: 해외 매출 66만불"),
            "source": _("문서 이름과 쪽, 날짜를 적습니다."),
            "label": _("종류가 ‘기타’일 때만 적습니다."),
            "unit": _("금액이 아닐 때만 적습니다. 예: 건, 명, %, 종/년"),
            "effect": _(
                "출처가 앞으로의 기대를 말하면 ‘예상’, 아직 없다고 말하면 ‘미발생’입니다. 합계에는 ‘실현’만 들어갑니다."
            ),
            "disputed": _("출처끼리 다르거나 믿기 어려운 수치입니다. 표시를 붙여 보여 주고 합계에서 뺍니다."),
        }
        error_messages = {
            "as_quoted": {"required": _("출처에 적힌 말을 그대로 옮겨 주십시오.")},
            "source": {"required": _("어디에 적힌 수치인지 출처를 적어 주십시오.")},
            "period_from": {"invalid": _("날짜는 2026-03-02처럼 적어 주십시오.")},
            "period_to": {"invalid": _("날짜는 2026-03-02처럼 적어 주십시오.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        figure = self.instance
        if figure.pk:
            self.initial.update(as_of=figure.as_of_shown, edit_version=figure.edit_version)

    def clean_as_of(self) -> Any:
        """The first day; how exactly it is known goes with it."""
        try:
            written = read_partial_date(self.cleaned_data["as_of"])
        except NotADate as wrong:
            raise forms.ValidationError(str(wrong)) from None
        self.cleaned_data["as_of_precision"] = written.precision
        return written.first

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        written = written_currency(self.data.get(self.add_prefix("amount"), ""))
        if written and cleaned.get("currency") and written != cleaned["currency"]:
            text = _("값에는 %(written)s로 적혀 있는데 통화는 %(chosen)s입니다. 어느 쪽이 맞는지 고쳐 주십시오.")
            names = {"written": written.label, "chosen": Currency(cleaned["currency"]).label}
            self.add_error("currency", text % names)
        for fault in figure_faults(cleaned):
            self.add_error(fault.field, fault.text)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "as_of_precision")}


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("그림 파일"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPG, WEBP 파일을 10 MB까지 올립니다. 찍은 곳과 날짜 같은 숨은 정보는 지우고 저장합니다."),
        error_messages={
            "required": _("올릴 그림 파일을 골라 주십시오."),
            "empty": _("파일이 비어 있습니다. 다른 파일을 골라 주십시오."),
        },
    )
    caption = PlainCharField(
        label=_("그림 설명"),
        max_length=200,
        help_text=_("그림을 볼 수 없는 사람도 알 수 있게 적습니다. 예: 시험용 자극기와 제어기판"),
        error_messages={"required": _("무엇을 찍은 그림인지 적어 주십시오.")},
    )
