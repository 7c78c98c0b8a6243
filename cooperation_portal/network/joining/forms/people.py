"""Who acts for a company."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, MembershipRole
from cooperation_portal.shared.text import PlainCharField


class ChooseForm(forms.Form):
    company = forms.ModelChoiceField(queryset=Company.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["company"].queryset = Company.objects.visible_to(user).of_member(user)


class DecideForm(forms.Form):
    """The answer to a person who wants to act for a company; the two buttons carry it."""

    decision = forms.ChoiceField(
        label=_("판단"), choices=[("approve", _("승인")), ("refuse", _("거절"))], widget=forms.HiddenInput
    )
    reason = PlainCharField(
        label=_("거절 사유"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("거절할 때만 적습니다. 신청한 분께 메일로 그대로 전해 드립니다."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("거절하는 까닭을 적어 주십시오."))
        return cleaned


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("이메일"),
        error_messages={
            "required": _("초대할 분의 이메일 주소를 적어 주십시오."),
            "invalid": _("이메일 주소를 name@company.co.kr처럼 적어 주십시오."),
        },
        help_text=_("초대받은 분은 이 주소로만 수락하실 수 있습니다."),
    )
    role = forms.ChoiceField(
        label=_("역할"),
        choices=MembershipRole,
        initial=MembershipRole.MEMBER,
        widget=forms.RadioSelect,
        help_text=_("대표 담당자는 신청을 승인하고 담당자를 초대하거나 내보낼 수 있습니다."),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("역할"), choices=MembershipRole)
