"""Texts of the office, consent to them, inquiries."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.contracts.listings import Listing
from tests.contracts.rows import (
    ANSWERING_STAFF,
    CONTENT_ADMINS_ONLY,
    EVERYONE,
    FORM,
    HIDDEN,
    LEADS_BACK,
    OK,
    POSTS,
    READS,
    REDIRECT,
    REFUSES_INPUT,
    Making,
    Row,
)
from tests.contracts.world import CONTENT_ADMIN, MEMBER, OUTSIDER, TOKENS
from tests.people import make_announcement, make_inquiry, make_question, make_user

if TYPE_CHECKING:
    from tests.contracts.world import World


def build(world: World) -> SimpleNamespace:
    """The last texts are drafts: what is published cannot be changed, not even by a test of history."""
    from cooperation_portal.pages import services
    from cooperation_portal.pages.models import Page

    keeper = world.people[CONTENT_ADMIN]
    announcement = services.add_announcement(by=keeper, title="사업 공고", body="참여기업을 찾습니다.")
    services.publish(announcement, language="ko", by=keeper, seen=1)
    services.save_draft(announcement, language="ko", by=keeper, seen=2, title="사업 공고", body="마감을 늦춥니다.")
    terms = Page.objects.get(slug="terms")
    services.save_draft(terms, language="ko", by=keeper, seen=1, title="이용약관", body="아직 검토하는 약관")
    question, withdrawn = make_question(), make_announcement("거둔 공지")
    services.withdraw(withdrawn, by=keeper)
    for role in (MEMBER, OUTSIDER):
        services.consent(world.people[role])
    inquiry = make_inquiry(
        world.people[MEMBER], subject=f"문의 {TOKENS['inquiry']}", text=f"묻습니다. {TOKENS['inquiry']}"
    )
    make_inquiry(world.people[OUTSIDER])
    draft = make_announcement("아직 쓰는 공지", published=False)
    for slug in ("future", "later"):
        page = Page.objects.create(kind="page", slug=slug)
        services.save_draft(page, language="ko", by=keeper, seen=0, title="앞으로 쓸 글", body="글")
    return SimpleNamespace(
        announcement=announcement, question=question, withdrawn=withdrawn, draft=draft, inquiry=inquiry
    )


def _pk(name: str) -> Making:
    return lambda world: {"pk": getattr(world.areas["pages"], name).pk}


def _text(name: str, language: str = "ko") -> Making:
    return lambda world: _pk(name)(world) | {"language": language}


def _seen(name: str, **more: Any) -> Making:
    def make(world: World) -> dict[str, Any]:
        from cooperation_portal.pages.queries import latest

        version = latest(getattr(world.areas["pages"], name), "ko")
        assert version is not None
        return {"edit_version": version.edit_version, "title": "제목", "body": "글", "note": "고침"} | more

    return make


def _version(number: int) -> Making:
    return lambda world: {"slug": "terms", "language": "ko", "number": number}


_ASKED = {
    "category": "site",
    "subject": "화면이 열리지 않습니다",
    "text": "첫 화면이 열리지 않습니다. 무엇을 해야 합니까?",
    "name": "민채원",
    "email": "guest@elsewhere.example",
    "consent": "on",
}
_WRITTEN = {"title": "새 글", "body": "내용", "category": "other"}


ROWS: tuple[Row, ...] = (
    Row("page", EVERYONE, READS, lambda w: {"slug": "privacy"}),
    Row("page_version", EVERYONE, READS, _version(1), foreign=_version(2)),
    Row("announcement_list", EVERYONE, READS),
    Row("announcement", EVERYONE, READS, _pk("announcement"), foreign=_pk("draft")),
    Row("announcement", EVERYONE, {"GET": HIDDEN}, _pk("withdrawn"), case="withdrawn"),
    Row("faq", EVERYONE, READS),
    Row("help_page", EVERYONE, READS, lambda w: {"topic": "home"}),
    Row("inquiry", EVERYONE, FORM, data=lambda w: _ASKED, writes=True, personal_data=True),
    Row("inquiry", EVERYONE, READS | REFUSES_INPUT, data=lambda w: _ASKED | {"email": "x"}, case="wrong address"),
    Row("inquiry", EVERYONE, FORM, data=lambda w: _ASKED | {"website": "x"}, case="filled in by a program"),
    Row("inquiry_list", ANSWERING_STAFF, READS, personal_data=True),
    Row(
        "answer_inquiry",
        ANSWERING_STAFF,
        FORM,
        _pk("inquiry"),
        lambda w: {"text": "답변입니다."},
        writes=True,
        personal_data=True,
    ),
    Row("answer_inquiry", ANSWERING_STAFF, READS | REFUSES_INPUT, _pk("inquiry"), case="empty"),
    Row("page_upkeep", CONTENT_ADMINS_ONLY, READS),
    Row("add_announcement", CONTENT_ADMINS_ONLY, FORM, data=lambda w: _WRITTEN, writes=True),
    Row(
        "add_announcement",
        CONTENT_ADMINS_ONLY,
        READS | {"POST": OK},
        data=lambda w: _WRITTEN | {"preview": "1"},
        case="preview",
    ),
    Row("add_question", CONTENT_ADMINS_ONLY, FORM, data=lambda w: _WRITTEN, writes=True),
    Row("add_question", CONTENT_ADMINS_ONLY, READS | REFUSES_INPUT, case="empty"),
    Row("edit_page", CONTENT_ADMINS_ONLY, FORM, _text("announcement"), _seen("announcement"), writes=True),
    Row(
        "edit_page",
        CONTENT_ADMINS_ONLY,
        READS | REFUSES_INPUT,
        _text("announcement"),
        _seen("announcement", edit_version=1),
        case="old page",
    ),
    Row("publish_page", CONTENT_ADMINS_ONLY, FORM, _text("announcement"), _seen("announcement"), writes=True),
    Row(
        "publish_page",
        CONTENT_ADMINS_ONLY,
        READS | REFUSES_INPUT,
        _text("announcement"),
        _seen("announcement", edit_version=1),
        case="old page",
    ),
    Row("publish_page", CONTENT_ADMINS_ONLY, LEADS_BACK | {"POST": REDIRECT}, _text("question"), case="no draft"),
    Row("discard_draft", CONTENT_ADMINS_ONLY, POSTS, _text("announcement"), _seen("announcement"), writes=True),
    Row("page_history", CONTENT_ADMINS_ONLY, READS, _pk("announcement")),
    Row("withdraw_page", CONTENT_ADMINS_ONLY, FORM, _pk("announcement"), writes=True),
    Row("restore_page", CONTENT_ADMINS_ONLY, POSTS, _pk("withdrawn"), writes=True),
    Row("move_question", CONTENT_ADMINS_ONLY, POSTS, _pk("question"), lambda w: {"direction": "up"}),
)


def announcement_list(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_announcement(f"공지 {number}")
    return None, reverse("announcement_list")


def announcement(count: int) -> tuple[Any, str]:
    pages = [make_announcement(f"공지 {number}") for number in range(count + 2)]
    return None, reverse("announcement", kwargs={"pk": pages[1].pk})


def faq(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_question(f"질문 {number}?")
    return None, reverse("faq")


def help_page(count: int) -> tuple[Any, str]:
    return make_user(role="officer"), reverse("help_page", kwargs={"topic": "home"})


def page_upkeep(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_announcement(f"공지 {number}", published=number % 2 == 0)
    return make_user(role="content_admin"), reverse("page_upkeep") + "?kind=announcement"


def page_history(count: int) -> tuple[Any, str]:
    from cooperation_portal.pages import services

    keeper = make_user(role="content_admin")
    page = make_announcement()
    for number in range(count):
        services.save_draft(page, language="ko", by=keeper, seen=2 + 2 * number, title="공지", body=f"{number}")
        services.publish(page, language="ko", by=keeper, seen=3 + 2 * number)
    return keeper, reverse("page_history", kwargs={"pk": page.pk})


def inquiry_list(count: int) -> tuple[Any, str]:
    from cooperation_portal.pages.services import answer

    officer = make_user(role="officer")
    for _number in range(count):
        make_inquiry()
        answer(make_inquiry(make_user()), text="답", by=officer)
    return officer, reverse("inquiry_list")


def own_inquiries(count: int) -> tuple[Any, str]:
    person = make_user()
    for _number in range(count):
        make_inquiry(person)
    return person, reverse("inquiry")


def home_of_a_guest(count: int) -> tuple[Any, str]:
    from tests.people import make_technology

    for number in range(count):
        make_announcement(f"공지 {number}")
        make_technology(f"Технология {number}", disclosure="public")
    return None, reverse("home")


LISTINGS: tuple[Listing, ...] = (
    Listing(announcement_list, 3),
    Listing(announcement, 6),
    Listing(faq, 2),
    Listing(help_page, 6),
    Listing(page_upkeep, 8),
    Listing(page_history, 7),
    Listing(inquiry_list, 7),
    Listing(own_inquiries, 8),
    Listing(home_of_a_guest, 7),
)
