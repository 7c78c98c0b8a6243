"""Signing up: an account and the company that goes with it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import SignupForm
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.joining import queries
from cooperation_portal.network.joining.forms.numbers import NumbersForm
from cooperation_portal.network.joining.services.requests import ask_to_join
from cooperation_portal.network.models import Invitation
from cooperation_portal.pages.services import consent
from cooperation_portal.shared.text import PlainCharField


def _to_read(address: str, words: Any) -> Any:
    return lazy(format_html, str)('<a href="{}" target="_blank" rel="noopener">{}</a>', address, words)


def validate_person_name(value: str) -> None:
    """The name goes into mail to others: it is no place for addresses."""
    if re.search(r"[@/\\<>]|www\.", value, re.IGNORECASE):
        raise ValidationError(_("이름만 적어 주십시오. 주소나 기호는 쓸 수 없습니다."), code="name")


class SignUpForm(SignupForm, NumbersForm):
    """An account and the company that the person wants to act for.

    Whether address or number are known already changes nothing that can be seen here. Who comes by an invitation is not
    asked for a number.
    """

    name = PlainCharField(
        label=_("이름"),
        max_length=80,
        validators=[validate_person_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("이름을 적어 주십시오.")},
    )
    terms = forms.BooleanField(
        label=_("이용약관에 동의합니다."),
        help_text=_to_read("/pages/terms/", _("이용약관 읽기(새 창)")),
        error_messages={"required": _("이용약관에 동의하셔야 가입하실 수 있습니다.")},
    )
    privacy = forms.BooleanField(
        label=_("개인정보 수집·이용에 동의합니다."),
        help_text=_to_read("/pages/privacy/", _("개인정보처리방침 읽기(새 창)")),
        error_messages={"required": _("개인정보 수집·이용에 동의하셔야 가입하실 수 있습니다.")},
    )
    account_already_exists: bool  # set by allauth
    field_order = ["name", "email", "password1", "password2", "where", "business_number", "site_country",
                   "local_registration_number", "note", "terms", "privacy"]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("email", _("이메일")), ("password1", _("비밀번호")), ("password2", _("비밀번호 확인"))):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["email"].help_text = _("이 주소로 확인 메일을 보냅니다. 회사 메일 주소를 쓰시면 확인이 빠릅니다.")
        self.invitation = _invitation_of(context.request)
        if self.invitation is not None:
            self.initial["email"] = self.invitation.email
            self.fields["email"].help_text = _("초대받은 주소로 가입하셔야 초대를 수락하실 수 있습니다.")
            for name in NumbersForm.base_fields:
                del self.fields[name]

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """An address that is known already, also since a moment ago, is answered like a new one, and as slowly."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return self._save(request)
        try:
            return self._save(request)
        except IntegrityError:
            if not queries.address_is_taken(self.cleaned_data["email"]):
                raise
            self.account_already_exists = True
            return self._save(request)

    @transaction.atomic
    def _save(self, request: HttpRequest) -> tuple[Any, Any]:
        answer: tuple[Any, Any] = super().try_save(request)
        return answer

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth within save()."""
        consent(user)
        if self.invitation is None:
            ask_to_join(by=user, **self.numbers())


def _invitation_of(request: HttpRequest | None) -> Invitation | None:
    """The invitation that the person is to return to after signing up."""
    target = get_next_redirect_url(request) if request is not None else None
    if not target:
        return None
    try:
        match = resolve(urlsplit(target).path)
    except Resolver404:
        return None
    return queries.open_invitation(match.kwargs["token"]) if match.url_name == "accept_invitation" else None
