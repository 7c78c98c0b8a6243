"""What someone typed when the session had expired: kept through the sign-in and given back to that person only.

A signed cookie remembers who was signed in last in this browser; it opens nothing. Someone else who signs in at a
shared computer is not given the text.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

COOKIE = "last-person"
_SALT = "accounts.kept_forms"
_KEY = "kept_form"
_SECONDS = 24 * 3600
_LARGEST = 400_000


def remember_person(request: HttpRequest, response: HttpResponse) -> None:
    """Called with every answer: sets the cookie once for each person and takes it away at sign-out."""
    if request.user.is_authenticated:
        if _last_person(request) != request.user.pk:
            value = signing.dumps(request.user.pk, salt=_SALT)
            response.set_cookie(COOKIE, value, _SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax")
    elif getattr(request, "signed_out", False):
        response.delete_cookie(COOKIE)


def _last_person(request: HttpRequest) -> int | None:
    try:
        return int(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_SECONDS))
    except (signing.BadSignature, ValueError):
        return None


def keep(request: HttpRequest) -> None:
    """For a form that arrived without a session."""
    person = _last_person(request)
    body = request.POST.urlencode() if request.method == "POST" else ""
    if person is not None and body and len(body) <= _LARGEST:
        request.session[_KEY] = {"path": request.path, "person": person, "body": body}


def take(request: HttpRequest) -> QueryDict | None:
    """The kept form of this page and person, once; it is shown again and not saved."""
    kept = request.session.get(_KEY)
    if request.method != "GET" or not kept or urlsplit(kept["path"]).path != request.path:
        return None
    del request.session[_KEY]
    if kept["person"] != request.user.pk:
        return None
    messages.warning(
        request, _("로그인이 만료되어 저장되지 않은 내용을 다시 보여 드립니다. 확인한 뒤 다시 저장해 주십시오.")
    )
    return QueryDict(kept["body"])


def forget(request: HttpRequest) -> None:
    """The form of this page was saved: what was kept of it while it was typed is not needed any more."""
