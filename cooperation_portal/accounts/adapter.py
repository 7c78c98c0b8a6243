from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed until companies can be told apart: accounts are made by the office."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be led there; what is no address at all is not safe either, and no error."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False
