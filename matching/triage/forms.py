from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import User
from cooperation_portal.shared.text import PlainCharField
from matching.triage.models import REASONS, DeclineReason, Interest, ReasonCategory, Verdict
from matching.triage.queries import officers as queries


class VerdictChoice(forms.RadioSelect):
    """Keys 1, 2 and 3 choose, so that a long list is worked through without the mouse."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        option["attrs"]["data-key"] = str(int(option["index"]) + 1)
        option["attrs"]["data-key-label"] = option["label"]
        return option


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("판단"),
        choices=Verdict,
        widget=VerdictChoice,
        error_messages={"required": _("적합·보류·부적합 가운데 하나를 골라 주십시오.")},
    )
    reason = forms.ChoiceField(
        label=_("사유"),
        choices=[("", _("사유를 골라 주십시오."))],
        error_messages={"required": _("사유를 골라 주십시오.")},
    )
    words = PlainCharField(
        label=_("사유 설명"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("‘기타’를 고르면 반드시 적어 주십시오. ‘적합’의 사유와 설명은 추천할 때 기업에도 보입니다."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    # Which list lay before the officer.
    shown = PlainCharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (Verdict(verdict).label, [(r.value, r.label) for r in reasons]) for verdict, reasons in REASONS.items()
        ]
        self.fields["reason"].choices = [("", _("사유를 골라 주십시오.")), *groups]  # type: ignore[attr-defined]

    @property
    def verdict_label(self) -> str:
        return str(Verdict(self.cleaned_data["verdict"]).label)

    @property
    def reason_label(self) -> str:
        return str(ReasonCategory(self.cleaned_data["reason"]).label)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        verdict, reason = cleaned.get("verdict"), cleaned.get("reason")
        if verdict and reason and reason not in REASONS[verdict]:
            self.add_error(
                "reason",
                _("‘%(verdict)s’에는 쓸 수 없는 사유입니다. 그 판단 아래에 있는 사유를 골라 주십시오.")
                % {"verdict": Verdict(verdict).label},
            )
        if reason == ReasonCategory.OTHER and not cleaned.get("words"):
            self.add_error("words", _("‘기타’를 고른 까닭을 적어 주십시오."))
        return cleaned


class CorrectionForm(DecisionForm):
    shown = None  # type: ignore[assignment]  # no list lies beside a correction
    correction = PlainCharField(
        label=_("정정 사유"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("이미 기업에 알린 판단입니다. 정정하는 까닭을 적어 주십시오.")},
    )


class AssignForm(forms.Form):
    officer = forms.ModelChoiceField(
        queryset=User.objects.none(), label=_("담당자"), required=False, empty_label=_("담당자 없음")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = queries.officers()  # type: ignore[attr-defined]


class ReleaseForm(forms.Form):
    message = PlainCharField(
        label=_("기업에 전하는 말"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("추천 메일과 기업의 화면에 그대로 나옵니다."),
    )


class FindForm(forms.Form):
    q = PlainCharField(
        label=_("찾는 말"),
        required=False,
        max_length=100,
        help_text=_("기술명·내용·보유기관·번호에서 찾습니다. 두 글자부터 찾을 수 있습니다."),
    )
    by_meaning = forms.BooleanField(label=_("뜻이 가까운 기술 찾기(다른 언어로 쓴 글까지)"), required=False)

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"]
        if words and len(words.replace(" ", "")) < 2:
            raise forms.ValidationError(_("두 글자 이상 적어 주십시오."))
        return words


# --- the company's own ------------------------------------------------------------------------------------------------


class AnswerForm(forms.Form):
    interest = forms.ChoiceField(
        label=_("이 기술에 관심이 있으십니까?"),
        choices=Interest,
        widget=forms.RadioSelect,
        error_messages={"required": _("관심 있음·관심 없음 가운데 하나를 골라 주십시오.")},
    )
    reason = forms.ChoiceField(
        label=_("관심 없는 까닭"),
        choices=[("", _("관심이 없을 때만 고릅니다.")), *DeclineReason.choices],
        required=False,
    )
    words = PlainCharField(
        label=_("담당자에게 전하는 말"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("궁금한 점이나 더 알고 싶은 것을 적어 주십시오. 까닭으로 ‘기타’를 고르면 반드시 적어 주십시오."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("interest") == Interest.INTERESTED:
            cleaned["reason"] = ""
        elif cleaned.get("interest") and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("관심이 없는 까닭을 골라 주십시오. 더 맞는 기술을 찾는 데 씁니다."))
        if cleaned.get("reason") == DeclineReason.OTHER and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("‘기타’를 고른 까닭을 적어 주십시오."))
        return cleaned


class WithdrawForm(forms.Form):
    reason = PlainCharField(
        label=_("철회 사유"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("담당 사업담당자에게 전해집니다."),
        error_messages={"required": _("철회하는 까닭을 적어 주십시오.")},
    )
