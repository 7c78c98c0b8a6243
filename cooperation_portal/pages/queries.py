"""What pages read of the texts, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from cooperation_portal.pages.models import Inquiry, Kind, Office, Page, PageLanguage, PageQuerySet, PageVersion
from cooperation_portal.pages.models.inquiries import InquiryState
from cooperation_portal.shared.identifiers import format_business_number

_FRAME_KEY = "pages.frame"
_FRAME_SECONDS = 300


def language_now() -> str:
    return get_language() or PageLanguage.KOREAN


def with_texts(pages: PageQuerySet) -> PageQuerySet:
    """So that `page.text` is there, in the language of the reader or in Korean."""
    wanted = PageVersion.objects.in_force().filter(language__in={language_now(), PageLanguage.KOREAN})
    return pages.prefetch_related(Prefetch("versions", queryset=wanted, to_attr="texts"))


def current_version(slug: str) -> PageVersion | None:
    """The version of a text that holds today, as the reader sees it; None where nothing is published."""
    page = with_texts(Page.objects.public().filter(slug=slug)).first()
    return page.text if page else None


def dated_versions(page: Page) -> list[PageVersion]:
    """Earlier, present and announced versions, newest first, in the language that the page is shown in."""
    if not page.is_dated or page.text is None:
        return []
    return list(page.versions.published().filter(language=page.text.language).order_by("-number"))


def announcements() -> PageQuerySet:
    """Pinned ones first, then the newest."""
    pages = Page.objects.public().of_kind(Kind.ANNOUNCEMENT)
    dated = pages.annotate(announced_at=Min("versions__published_at"))
    return with_texts(dated).order_by("-is_pinned", F("announced_at").desc(), "-pk")


def questions() -> PageQuerySet:
    return with_texts(Page.objects.public().of_kind(Kind.QUESTION)).order_by("category", "position", "pk")


def help_texts() -> dict[str, Page]:
    """The help texts by their topics."""
    pages = with_texts(Page.objects.public().of_kind(Kind.HELP))
    return {page.slug.removeprefix("help-"): page for page in pages}


def containing(pages: PageQuerySet, words: str) -> PageQuerySet:
    """Every word occurs in the title or the text, in the reader's language or in Korean."""
    texts = PageVersion.objects.in_force().filter(
        page=OuterRef("pk"), language__in={language_now(), PageLanguage.KOREAN}
    )
    for word in words.split():
        texts = texts.filter(Q(title__icontains=word) | Q(body__icontains=word))
    return pages.filter(Exists(texts)) if words.split() else pages


def neighbours(pages: PageQuerySet, page: Page) -> tuple[Page | None, Page | None]:
    """The announcements published just before and just after this one."""
    others = pages.exclude(pk=page.pk).order_by(F("announced_at"), "pk")
    moment = page.announced_at  # type: ignore[attr-defined]
    before = others.filter(Q(announced_at__lte=moment)).last()
    after = others.filter(Q(announced_at__gt=moment)).first()
    return before, after


# --- upkeep -----------------------------------------------------------------------------------------------------------


def kept_pages(user: Any, kind: Kind) -> PageQuerySet:
    """All texts of a kind with every version that matters: what holds, and drafts."""
    wanted = PageVersion.objects.filter(Q(pk__in=PageVersion.objects.in_force().values("pk")) | Q(state="draft"))
    order = ["-pk"] if kind == Kind.ANNOUNCEMENT else ["category", "position", "slug"]
    return (
        Page.objects.visible_to(user)
        .of_kind(kind)
        .annotate(changed_at=Max("versions__changed_at"))
        .prefetch_related(Prefetch("versions", queryset=wanted.select_related("published_by"), to_attr="upkeep"))
        .order_by(*order)
    )


def counts_by_kind(user: Any) -> dict[str, int]:
    counted = Page.objects.visible_to(user).order_by().values_list("kind").annotate(n=Count("pk"))
    found = dict(counted)
    return {kind.value: found.get(kind.value, 0) for kind in Kind}


def latest(page: Page, language: str) -> PageVersion | None:
    """The version that an editor goes on from: a draft where there is one, else what was published last."""
    return page.versions.filter(language=language).order_by("-number").first()


def versions_of(page: Page, language: str) -> list[PageVersion]:
    return list(page.versions.filter(language=language).select_related("published_by").order_by("-number"))


def inquiries_of(user: Any) -> Any:
    return Inquiry.objects.asked_by(user)


def waiting_inquiries() -> int:
    return Inquiry.objects.filter(state=InquiryState.RECEIVED).count()


# --- the frame of every page ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """What stands below every page, and what texts say in place of `{phone}` and the like."""

    office: str
    address: str
    phone: str
    fax: str
    email: str
    hours: str
    business_number: str
    privacy_officer: str
    privacy_contact: str
    note: str
    note_language: str

    def values(self) -> dict[str, str]:
        """By the names that stand in texts; what the office has not entered says so."""
        missing = _("(아직 등록하지 않음)")
        named = {name: getattr(self, name) or missing for name in PLACES if name not in ("office", "portal")}
        korean = language_now() == PageLanguage.KOREAN
        return named | {
            "office": self.office,
            "portal": settings.PORTAL_NAME_KO if korean else settings.PORTAL_NAME_EN,
        }


PLACES = (
    "office", "portal", "address", "phone", "fax", "email", "hours", "business_number", "privacy_officer",
    "privacy_contact",
)  # fmt: skip


def frame() -> Frame:
    """From the cache, at most five minutes old; a cache that does not answer costs three queries and no page."""
    language = language_now()
    key = f"{_FRAME_KEY}.{language}"
    try:
        kept = cache.get(key)
        if kept is None:
            kept = _frame(language)
            cache.set(key, kept, _FRAME_SECONDS)
    except (RedisError, OSError):
        kept = _frame(language)
    return kept


def forget_frame() -> None:
    """After a change of what it shows, once the change is certain."""
    try:
        cache.delete_many([f"{_FRAME_KEY}.{code}" for code, _name in settings.LANGUAGES])
    except (RedisError, OSError):
        return  # it ages by itself


def _frame(language: str) -> Frame:
    office = Office.objects.first() or Office()
    note = current_version("footer")
    korean = language == PageLanguage.KOREAN
    return Frame(
        office=settings.PORTAL_OFFICE_KO if korean else settings.PORTAL_OFFICE_EN,
        address=office.address if korean else office.address_en or office.address,
        phone=office.phone,
        fax=office.fax,
        email=office.email,
        hours=office.hours if korean else office.hours_en or office.hours,
        business_number=format_business_number(office.business_number),
        privacy_officer=office.privacy_officer,
        privacy_contact=office.privacy_contact,
        note=note.body if note else "",
        note_language=note.language if note else "",
    )
