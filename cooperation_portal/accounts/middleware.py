from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def offered_language(code: str) -> str:
    """The language itself where its catalogue is offered, else Korean."""
    return code if code in settings.PORTAL_LANGUAGES else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """A person's own setting first, then the cookie of the language switch.

    The browser's language is not asked: the portal's first language is Korean, whatever the computer was set up in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = cookie if cookie in settings.PORTAL_LANGUAGES else getattr(request.user, "language", "")
        translation.activate(offered_language(chosen))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page is private unless its view says otherwise; a page made tomorrow cannot forget it."""
