from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from cooperation_portal.accounts import kept_forms


def offered_language(code: str) -> str:
    """The language itself where its catalogue is offered, else Korean."""
    return code if code in settings.PORTAL_LANGUAGES else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """A person's own setting; for those who have not signed in, the cookie of the language switch.

    The browser's language is not asked: the portal's first language is Korean, whatever the computer was set up in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        chosen = person.language if person.is_authenticated else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(offered_language(chosen))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page is private unless its view says otherwise; a page made tomorrow cannot forget it.

    A form that was sent after the session had expired is kept and comes back after the sign-in.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        response = cast(HttpResponse, super().__call__(request))
        request.signed_out = was_signed_in and not request.user.is_authenticated  # type: ignore[attr-defined]
        kept_forms.remember_person(request, response)
        return response

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        if request.headers.get("HX-Request"):  # a part of a page: the whole page has to ask for the sign-in
            return HttpResponse(status=401, headers=self._to_sign_in(request, view_func))
        kept_forms.keep(request)
        page = _page_with_the_button(request)
        if page:
            return redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
        return super().handle_no_permission(request, view_func)

    def _to_sign_in(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> dict[str, str]:
        """A public page would only be shown anew, without a word of why its button did nothing."""
        page = _path_here(request, request.headers.get("HX-Current-URL", ""))
        sign_in = redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
        return {"HX-Redirect": sign_in.url} if page else {"HX-Refresh": "true"}


def _page_with_the_button(request: HttpRequest) -> str:
    """Where something was sent from: the address that it was sent to may not answer a link."""
    return _path_here(request, request.headers.get("Referer", "")) if request.method == "POST" else ""


def _path_here(request: HttpRequest, address: str) -> str:
    """Path and query of an address of this portal; empty for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:  # no address at all
        return ""
    return urlunsplit(("", "", parts.path, parts.query, "")) if parts.netloc == request.get_host() else ""
