"""What pages about texts show, made from rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cooperation_portal.audit.timeline import entries
from cooperation_portal.pages.help import COMPANIES, EVERYBODY, STAFF
from cooperation_portal.pages.models import Category, Kind, Page, PageLanguage, PageVersion

_CONTEXT = 2  # unchanged lines that stand around a changed one


@dataclass(frozen=True)
class Line:
    """One line of a comparison: `added`, `removed`, `same`, or `gap` for unchanged lines that are left out."""

    kind: str
    text: str = ""


def compare(old: PageVersion | None, new: PageVersion) -> list[Line]:
    """Line by line, removed lines before those that took their place."""
    before = _lines(old) if old else []
    after = _lines(new)
    groups = list(SequenceMatcher(a=before, b=after, autojunk=False).get_grouped_opcodes(_CONTEXT))
    found: list[Line] = []
    end = 0
    for group in groups:
        if group[0][3] > end:
            found.append(Line("gap"))
        for kind, a1, a2, b1, b2 in group:
            if kind == "equal":
                found += [Line("same", text) for text in after[b1:b2]]
            else:
                found += [Line("removed", text) for text in before[a1:a2]]
                found += [Line("added", text) for text in after[b1:b2]]
        end = group[-1][4]
    return [*found, Line("gap")] if groups and end < len(after) else found


def _lines(version: PageVersion) -> list[str]:
    return [version.title, "", *version.body.splitlines()]


@dataclass(frozen=True)
class LanguageState:
    """How a text stands in one language."""

    language: str
    published: PageVersion | None
    draft: PageVersion | None
    is_outdated: bool

    @property
    def state(self) -> str:
        """A word that badges know."""
        if self.published is None:
            return "draft" if self.draft else "none"
        return "outdated" if self.is_outdated else "published"

    @property
    def label(self) -> str:
        words = {
            "none": _("글 없음"),
            "draft": _("작성 중"),
            "outdated": _("국문보다 오래됨"),
            "published": _("게시됨"),
        }
        return words[self.state]


@dataclass(frozen=True)
class UpkeepRow:
    page: Page
    title: str
    title_language: str
    languages: tuple[LanguageState, ...]
    waits: bool  # something is written and not published

    @property
    def changed_at(self) -> Any:
        return self.page.changed_at  # type: ignore[attr-defined]


def upkeep_rows(pages: Iterable[Page]) -> list[UpkeepRow]:
    return [_upkeep_row(page) for page in pages]


def _upkeep_row(page: Page) -> UpkeepRow:
    versions: list[PageVersion] = page.upkeep  # type: ignore[attr-defined]
    published = {version.language: version for version in versions if not version.is_draft}
    drafts = {version.language: version for version in versions if version.is_draft}
    korean = published.get(PageLanguage.KOREAN)
    named = drafts.get(PageLanguage.KOREAN) or korean or (versions[0] if versions else None)
    states = tuple(
        LanguageState(code, published.get(code), drafts.get(code), _is_older(published.get(code), korean))
        for code in offered_languages()
    )
    return UpkeepRow(
        page,
        named.title if named else str(page),
        named.language if named else PageLanguage.KOREAN,
        states,
        bool(drafts),
    )


def _is_older(text: PageVersion | None, korean: PageVersion | None) -> bool:
    return bool(
        text and korean and text.published_at and korean.published_at and text.published_at < korean.published_at
    )


def offered_languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code in settings.PORTAL_LANGUAGES]


def by_category(pages: Iterable[Page]) -> Iterator[tuple[str, list[Page]]]:
    """Questions under the names of their categories, in the order of the vocabulary."""
    shelves: dict[str, list[Page]] = {category.value: [] for category in Category}
    for page in pages:
        shelves[page.category].append(page)
    for category in Category:
        if shelves[category.value]:
            yield str(category.label), shelves[category.value]


def kind_tabs(counts: dict[str, int], current: Kind, url: str) -> list[dict[str, Any]]:
    return [
        {"label": kind.label, "url": f"{url}?kind={kind}", "current": kind == current, "count": counts[kind]}
        for kind in Kind
    ]


def chosen_version(versions: list[PageVersion], number: str) -> PageVersion | None:
    """The one that the address names, else the newest."""
    return next((version for version in versions if str(version.number) == number), versions[0] if versions else None)


def page_events(page: Page) -> list[dict[str, Any]]:
    """What happened to the page itself, such as its withdrawal; its texts are compared beside it."""
    return [
        {
            "what": _("글을 만들었습니다.") if entry.kind == "insert" else _("글의 설정을 바꾸었습니다."),
            "who": entry.who,
            "when": entry.when,
            "note": "\n".join(f"{change.field}: {change.old or '–'} → {change.new or '–'}" for change in entry.changes)
            if entry.kind == "update"
            else "",
            "tone": "primary" if entry.kind == "insert" else "neutral",
        }
        for entry in entries((Page, {"pgh_obj_id": page.pk}))
    ]


def help_groups(user: Any, texts: dict[str, Page]) -> list[dict[str, Any]]:
    """Topics by the people they are for; those of the staff are listed for the staff only."""
    groups = [(_("누구나"), EVERYBODY), (_("기업 회원"), COMPANIES)]
    if user.is_authenticated and user.roles:
        groups.append((_("기관 담당자"), STAFF))
    return [
        {"label": label, "topics": [(topic, texts[topic]) for topic in topics if topic in texts]}
        for label, topics in groups
    ]
