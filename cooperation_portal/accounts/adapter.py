from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import get_language

from cooperation_portal.accounts.middleware import offered_language


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> Any:
        """With the name, which allauth does not know, and in the language in which the person signed up."""
        user.name = form.cleaned_data["name"]
        user.language = offered_language(get_language() or "")
        return super().save_user(request, user, form, commit)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Leads on to where the person wanted to go, also when the mail is read in another browser."""
        url = str(super().get_email_confirmation_url(request, emailconfirmation))
        target = get_next_redirect_url(request)
        return f"{url}?{urlencode({'next': target})}" if target else url

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be led there; what is no address at all is not safe either, and no error."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False
