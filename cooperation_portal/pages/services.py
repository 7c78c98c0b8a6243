"""What changes texts, consent and inquiries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from cooperation_portal.accounts.models import Role, User
from cooperation_portal.notices.services import notify
from cooperation_portal.pages.models import (
    Consent,
    Inquiry,
    InquiryState,
    Kind,
    Office,
    Page,
    PageLanguage,
    PageVersion,
    VersionState,
)
from cooperation_portal.pages.queries import current_version, forget_frame, language_now, latest
from cooperation_portal.shared.conflicts import EditedMeanwhile

INQUIRIES_PER_HOUR = 10


class Refusal(Exception):
    """What was asked cannot be done; the text says why to people."""


# --- texts ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_announcement(*, by: Any, title: str, body: str, is_pinned: bool = False) -> Page:
    page = Page.objects.create(kind=Kind.ANNOUNCEMENT, is_pinned=is_pinned)
    save_draft(page, language=PageLanguage.KOREAN, by=by, seen=0, title=title, body=body)
    return page


@transaction.atomic
def add_question(*, by: Any, category: str, title: str, body: str) -> Page:
    """At the end of its category."""
    last = Page.objects.filter(kind=Kind.QUESTION, category=category).aggregate(last=Max("position"))["last"]
    page = Page.objects.create(kind=Kind.QUESTION, category=category, position=(last or 0) + 1)
    save_draft(page, language=PageLanguage.KOREAN, by=by, seen=0, title=title, body=body)
    return page


@transaction.atomic
def save_draft(page: Page, *, language: str, by: Any, seen: int, title: str, body: str, **of_page: Any) -> PageVersion:
    """`seen` is the `edit_version` that the editor went on from, 0 for none. Raises EditedMeanwhile when it moved."""
    draft = _locked(page, language, seen)
    if draft is None or not draft.is_draft:
        number = draft.number + 1 if draft else 1
        draft = PageVersion(page=page, language=language, number=number, edit_version=seen)
    draft.title, draft.body = title, body
    draft.edit_version += 1
    draft.save()
    changed = [name for name, value in of_page.items() if getattr(page, name) != value]
    for name in changed:
        setattr(page, name, of_page[name])
    if changed:
        page.save(update_fields=changed)
    return draft


@transaction.atomic
def discard_draft(page: Page, *, language: str, by: Any, seen: int) -> None:
    """What was never published may go; history keeps it. What is published stays as it is."""
    draft = _locked(page, language, seen)
    if draft is None or not draft.is_draft:
        raise Refusal(_("버릴 초안이 없습니다."))
    draft.delete()


@transaction.atomic
def publish(
    page: Page, *, language: str, by: Any, seen: int, note: str = "", effective_on: date | None = None
) -> PageVersion:
    """From here on the version stays as it is; raises EditedMeanwhile when it is not the one that was seen."""
    draft = _locked(page, language, seen)
    if draft is None or not draft.is_draft:
        raise Refusal(_("게시할 초안이 없습니다. 먼저 글을 고쳐 저장해 주십시오."))
    draft.state = VersionState.PUBLISHED
    draft.published_at, draft.published_by = timezone.now(), by
    draft.note, draft.effective_on = note, effective_on
    draft.edit_version += 1
    draft.save()
    transaction.on_commit(forget_frame)
    return draft


def _locked(page: Page, language: str, seen: int) -> PageVersion | None:
    """The version to go on from, with the page locked: two editors of one text come one after the other."""
    Page.objects.select_for_update().get(pk=page.pk)
    version = latest(page, language)
    if (version.edit_version if version else 0) != seen:
        raise EditedMeanwhile(version)
    return version


@transaction.atomic
def withdraw(page: Page, *, by: Any) -> None:
    """Takes an announcement or a question from the public pages; its texts and history stay."""
    if page.kind not in (Kind.ANNOUNCEMENT, Kind.QUESTION):
        raise Refusal(_("이 글은 늘 있어야 하므로 게시를 중단할 수 없습니다. 내용을 고쳐 다시 게시해 주십시오."))
    page.retired_on = timezone.localdate()
    page.save(update_fields=["retired_on"])


@transaction.atomic
def restore(page: Page, *, by: Any) -> None:
    page.retired_on = None
    page.save(update_fields=["retired_on"])


@transaction.atomic
def move_question(page: Page, *, up: bool, by: Any) -> None:
    """Changes places with its neighbour in the same category; at the end of the list nothing happens."""
    shelf = list(
        Page.objects.select_for_update()
        .filter(kind=Kind.QUESTION, category=page.category, retired_on__isnull=True)
        .order_by("position", "pk")
    )
    place = next((index for index, other in enumerate(shelf) if other.pk == page.pk), None)
    target = None if place is None else place + (-1 if up else 1)
    if place is None or target is None or not 0 <= target < len(shelf):
        return
    shelf[place], shelf[target] = shelf[target], shelf[place]
    for position, other in enumerate(shelf, start=1):
        if other.position != position:
            other.position = position
            other.save(update_fields=["position"])


# --- consent ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def consent(user: Any, *, slugs: Iterable[str] = ("terms", "privacy")) -> list[Consent]:
    """Notes that the person agrees to what these texts say today; a text that is not published is passed over."""
    versions = [version for slug in slugs if (version := current_version(slug))]
    return [Consent.objects.get_or_create(user=user, version=version)[0] for version in versions]


# --- inquiries --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Addressee:
    """Someone who is written to and may have no account."""

    email: str
    name: str
    language: str


def may_ask(address: str) -> bool:
    """Counts an inquiry from this network address; False once there were too many within the hour."""
    key = f"pages.inquiries.{address}"
    try:
        cache.add(key, 0, 3600)
        return int(cache.incr(key)) <= INQUIRIES_PER_HOUR
    except (RedisError, OSError, ValueError):  # without a cache, or when the hour ended in between
        return True


@transaction.atomic
def ask(*, by: Any, **values: Any) -> Inquiry:
    """`by` is None for who is not signed in."""
    inquiry = Inquiry.objects.create(user=by, language=language_now(), privacy=current_version("privacy"), **values)
    notify(_desk(), "inquiry_received", {"inquiry": inquiry}, event=f"inquiry-{inquiry.pk}")
    return inquiry


def _desk() -> Iterable[Any]:
    """The office's address for inquiries; while there is none, the people who keep the texts."""
    office = Office.objects.exclude(email="").first()
    if office is None:
        return User.objects.holding(Role.CONTENT_ADMIN)
    return [Addressee(office.email, "", PageLanguage.KOREAN)]


@transaction.atomic
def answer(inquiry: Inquiry, *, text: str, by: Any) -> Inquiry:
    """Mails the answer to who asked. Raises Refusal for a second one."""
    locked = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if locked.is_answered:
        raise Refusal(
            _("이미 %(name)s 님이 답변했습니다. 아래에서 보낸 답변을 확인해 주십시오.") % {"name": locked.answered_by}
        )
    locked.state, locked.answer = InquiryState.ANSWERED, text
    locked.answered_by, locked.answered_at = by, timezone.now()
    locked.save()
    asker = Addressee(locked.email, locked.name, locked.language)
    notify([asker], "inquiry_answered", {"inquiry": locked}, event=f"inquiry-{locked.pk}-answer")
    return locked
