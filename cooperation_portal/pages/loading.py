"""Texts that come with the portal: `texts/<slug>.<language>.md`, the first line `# title`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from cooperation_portal.pages.models import DATED, Category, Kind, Office, Page, PageVersion, VersionState
from cooperation_portal.pages.queries import forget_frame

FOLDER = Path(__file__).parent / "texts"
PARTS = ("welcome", "footer")
# Shipped questions by category, in their order.
QUESTIONS: dict[Category, tuple[str, ...]] = {
    Category.PROGRAMME: ("programme", "who", "cost"),
    Category.JOINING: ("business-number", "several-companies", "password"),
    Category.TECHNOLOGY: ("disclosure", "translation"),
    Category.DEMAND: ("how-long", "secrecy", "no-match"),
    Category.SITE: ("draft-lost", "languages"),
}


@dataclass(frozen=True)
class Shipped:
    slug: str
    language: str
    title: str
    body: str


def shipped() -> Iterator[Shipped]:
    for path in sorted(FOLDER.glob("*.md")):
        slug, _dot, language = path.stem.rpartition(".")
        title, _break, body = path.read_text(encoding="utf-8").partition("\n")
        yield Shipped(slug, language, title.removeprefix("# ").strip(), body.strip())


@transaction.atomic
def load_pages() -> None:
    """Adds what is missing. A text that somebody of the office published or began to edit is left alone.

    Help that nobody edited follows the portal: an upgrade that changes a page brings its new help as a new version.
    """
    Office.objects.get_or_create(pk=1)
    texts = list(shipped())
    known = {page.slug: page for page in Page.objects.exclude(slug="")}
    fresh = [page for page in _pages({text.slug for text in texts}) if page.slug not in known]
    known |= {page.slug: page for page in Page.objects.bulk_create(fresh)}
    newest: dict[tuple[str, str], PageVersion] = {}
    for version in PageVersion.objects.exclude(page__slug="").select_related("page").order_by("number"):
        newest[version.page.slug, version.language] = version
    now = timezone.now()  # one moment for all languages: none of them is older than another
    added = [
        _version(text, known[text.slug], newest.get((text.slug, text.language)), now)
        for text in texts
        if _is_wanted(text, newest.get((text.slug, text.language)))
    ]
    PageVersion.objects.bulk_create(added)
    if added:
        transaction.on_commit(forget_frame)


def _is_wanted(text: Shipped, newest: PageVersion | None) -> bool:
    if newest is None:
        return True
    is_ours = newest.state == VersionState.PUBLISHED and newest.published_by_id is None
    changed = (newest.title, newest.body) != (text.title, text.body)
    return is_ours and changed and text.slug.startswith("help-")


def _version(text: Shipped, page: Page, before: PageVersion | None, now: datetime) -> PageVersion:
    return PageVersion(
        page=page,
        language=text.language,
        number=before.number + 1 if before else 1,
        title=text.title,
        body=text.body,
        state=VersionState.PUBLISHED,
        published_at=now,
        effective_on=timezone.localdate(now) if text.slug in DATED else None,
        edit_version=before.edit_version + 1 if before else 1,
    )


def _pages(slugs: set[str]) -> Iterator[Page]:
    places = {
        f"faq-{name}": (category, position)
        for category, names in QUESTIONS.items()
        for position, name in enumerate(names, start=1)
    }
    for slug in sorted(slugs):
        if slug in places:
            category, position = places[slug]
            yield Page(slug=slug, kind=Kind.QUESTION, category=category, position=position)
        elif slug.startswith("help-"):
            yield Page(slug=slug, kind=Kind.HELP)
        else:
            yield Page(slug=slug, kind=Kind.PART if slug in PARTS else Kind.PAGE)
