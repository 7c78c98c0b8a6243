"""What someone typed and could not save: kept for that person only, and given back when the page is opened again.

Two ways lead here. A form that was sent when the session had expired waits in the new session through the sign-in. A
form that is being filled in (`data-autosave`) is kept in the database every few seconds, so that a closed browser costs
nothing. For the first, a signed cookie remembers who was signed in last in this browser; it opens nothing. Someone else
who signs in at a shared computer is not given the text.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import KEPT_CHARACTERS, KeptForm

COOKIE = "last-person"
_SALT = "accounts.kept_forms"
_KEY = "kept_form"
_SECONDS = 24 * 3600
_DAYS = 30
_FORMS_OF_A_PERSON = 50
_LONGEST_PATH = 300


class NotKept(Exception):
    """The text says to a person why."""


# --- across the sign-in -----------------------------------------------------------------------------------------------


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
    """For a form that arrived without a session; also one that was only to be kept while it was typed."""
    person = _last_person(request)
    path, body = request.path, request.POST.urlencode() if request.method == "POST" else ""
    if path == reverse("autosave"):
        path, body = request.POST.get("path", ""), request.POST.get("body", "")
    if person is not None and body and len(body) <= KEPT_CHARACTERS:
        request.session[_KEY] = {"path": path, "person": person, "body": body}


def _from_session(request: HttpRequest) -> QueryDict | None:
    kept = request.session.get(_KEY)
    if not kept or urlsplit(kept["path"]).path != request.path:
        return None
    del request.session[_KEY]
    return QueryDict(kept["body"]) if kept["person"] == request.user.pk else None


# --- while it is typed ------------------------------------------------------------------------------------------------


def own_path(address: str) -> str:
    """The path of an address of this portal that leads to a page, else ""."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or len(parts.path) > _LONGEST_PATH:
        return ""
    try:
        resolve(parts.path)
    except Resolver404:
        return ""
    return parts.path


def save(user: Any, *, path: str, body: str) -> datetime:
    """Keeps what stands in the form of a page, in place of what was kept of it before. Raises NotKept."""
    place = own_path(path)
    if not place:
        raise NotKept(_("임시 저장할 수 없는 화면입니다."))
    fields = QueryDict(body, mutable=True)
    for name in list(fields):
        if name == "csrfmiddlewaretoken" or "password" in name:
            del fields[name]
    text = fields.urlencode()
    if len(text) > KEPT_CHARACTERS:
        raise NotKept(_("내용이 너무 길어 임시 저장할 수 없습니다."))
    now = timezone.now()
    _row, created = KeptForm.objects.update_or_create(user=user, path=place, defaults={"body": text, "saved_at": now})
    if created:
        newest = KeptForm.objects.filter(user=user).order_by("-saved_at", "-pk").values("pk")[:_FORMS_OF_A_PERSON]
        KeptForm.objects.filter(user=user).exclude(pk__in=newest).delete()
    return now


def take(request: HttpRequest) -> QueryDict | None:
    """What was kept of this page for this person; it is shown again, with a sentence that says so, and not saved.

    What comes from the database stays there until `forget`.
    """
    if request.method != "GET":
        return None
    data = _from_session(request)
    if data is not None:
        _tell(request, _("로그인이 만료되어 저장되지 않은 내용을 다시 보여 드립니다. 확인한 뒤 다시 저장해 주십시오."))
        return data
    row = KeptForm.objects.visible_to(request.user).filter(path=request.path).first()
    if row is None:
        return None
    _tell(
        request,
        _("%(time)s에 임시 저장한 내용을 다시 보여 드립니다. 아직 저장되지 않은 내용이니 확인한 뒤 저장해 주십시오.")
        % {"time": timezone.localtime(row.saved_at).strftime("%Y-%m-%d %H:%M")},
    )
    return QueryDict(row.body)


def sent_or_kept(request: HttpRequest) -> QueryDict | None:
    """What the form of a page is bound to: what was sent, else what was kept of it, if anything."""
    return request.POST if request.method == "POST" else take(request)


def _tell(request: HttpRequest, text: str) -> None:
    """Read by `components/messages.html`."""
    request.kept_form = text  # type: ignore[attr-defined]


def forget(request: HttpRequest) -> None:
    """The form of this page was saved: what was kept of it while it was typed is not needed any more."""
    forget_path(request.user, request.path)


def forget_path(user: Any, path: str) -> None:
    KeptForm.objects.visible_to(user).filter(path=path).delete()


def sweep() -> int:
    """Takes away what nobody came back for. Rows."""
    return KeptForm.objects.filter(saved_at__lt=timezone.now() - timedelta(days=_DAYS)).delete()[0]
