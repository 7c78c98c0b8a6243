"""The content admin's pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cooperation_portal.pages import queries, services
from cooperation_portal.pages.models import Page, PageVersion
from tests.pages.test_texts import seen, write
from tests.people import make_announcement, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client: Any, content_admin: Any) -> Any:
    client.force_login(content_admin)
    return client


def edit_url(page: Page, language: str = "ko") -> str:
    return reverse("edit_page", args=[page.pk, language])


def publish_url(page: Page, language: str = "ko") -> str:
    return reverse("publish_page", args=[page.pk, language])


def test_an_announcement_is_written_looked_at_and_published(keeper: Any, content_admin: Any) -> None:
    answer = keeper.post(
        reverse("add_announcement"), {"title": "모집 공고", "body": "**기업**을 찾습니다.", "is_pinned": "on"}
    )
    page = Page.objects.get(is_pinned=True)
    assert answer["Location"] == publish_url(page)
    shown = keeper.get(publish_url(page)).content.decode()
    assert "<strong>기업</strong>" in shown and 'name="note"' not in shown
    assert page not in queries.announcements()
    keeper.post(publish_url(page), {"edit_version": seen(page)})
    assert queries.announcements().get().text.published_by == content_admin


def test_a_preview_saves_nothing(keeper: Any) -> None:
    data = {"title": "제목", "body": "**굵게** <script>", "preview": "1"}
    before = PageVersion.objects.count()
    whole = keeper.post(reverse("add_announcement"), data).content.decode()
    part = keeper.post(reverse("add_announcement"), data, headers={"HX-Request": "true"}).content.decode()
    for shown in (whole, part):
        assert "<strong>굵게</strong> &lt;script&gt;" in shown
    assert "<html" in whole and "<html" not in part and part.strip().startswith('<div id="preview"')
    assert 'value="제목"' in whole and PageVersion.objects.count() == before


def test_a_form_without_title_is_shown_again_with_what_was_typed(keeper: Any) -> None:
    answer = keeper.post(reverse("add_announcement"), {"title": "", "body": "적은 글"})
    assert answer.status_code == 422 and "적은 글" in answer.content.decode()
    assert "제목을 적어 주십시오." in answer.content.decode()


def test_editing_begins_from_the_draft_and_else_from_what_is_published(keeper: Any) -> None:
    page = make_announcement("게시된 글", "내용")
    assert "게시된 글" in keeper.get(edit_url(page)).content.decode()
    keeper.post(edit_url(page), {"title": "쓰던 글", "body": "내용", "edit_version": seen(page)})
    assert "쓰던 글" in keeper.get(edit_url(page)).content.decode()
    assert queries.announcements().get().text.title == "게시된 글"


def test_the_second_of_two_editors_sees_both_texts(keeper: Any) -> None:
    page = make_announcement()
    old = seen(page)
    services.save_draft(page, language="ko", by=None, seen=old, title="먼저 고친 글", body="먼저")
    answer = keeper.post(edit_url(page), {"title": "나중에 고친 글", "body": "나중", "edit_version": old})
    shown = answer.content.decode()
    assert answer.status_code == 409 and "먼저 고친 글" in shown and "나중에 고친 글" in shown
    again = {"title": "나중에 고친 글", "body": "나중", "edit_version": answer.context["form"]["edit_version"].value()}
    assert keeper.post(edit_url(page), again).status_code == 302
    assert queries.latest(page, "ko").title == "나중에 고친 글"  # type: ignore[union-attr]


def test_a_translation_stands_beside_the_korean_text(keeper: Any) -> None:
    page = make_announcement("국문 제목", "국문 글")
    shown = keeper.get(edit_url(page, "en")).content.decode()
    assert "국문 글" in shown and 'name="title"' in shown
    keeper.post(edit_url(page, "en"), {"title": "Call", "body": "Companies wanted.", "edit_version": 0})
    keeper.post(publish_url(page, "en"), {"edit_version": seen(page, "en")})
    client = type(keeper)()
    client.cookies["language"] = "en"
    assert "Companies wanted." in client.get(reverse("announcement", args=[page.pk])).content.decode()


def test_a_new_version_needs_a_word_on_what_changed(keeper: Any) -> None:
    page = make_announcement("첫 글", "같은 줄\n\n옛 줄")
    services.save_draft(page, language="ko", by=None, seen=seen(page), title="첫 글", body="같은 줄\n\n새 줄")
    shown = keeper.get(publish_url(page)).content.decode()
    assert "cp-diff__line--removed" in shown and "cp-diff__line--added" in shown
    answer = keeper.post(publish_url(page), {"edit_version": seen(page)})
    assert answer.status_code == 422 and "무엇이 바뀌었는지 한두 문장으로" in answer.content.decode()
    assert keeper.post(publish_url(page), {"edit_version": seen(page), "note": "줄을 고쳤습니다."}).status_code == 302


def test_an_old_page_does_not_publish_what_nobody_looked_at(keeper: Any) -> None:
    page = make_announcement(published=False)
    old = seen(page)
    services.save_draft(page, language="ko", by=None, seen=old, title="그사이", body="바뀐 글")
    answer = keeper.post(publish_url(page), {"edit_version": old})
    assert answer.status_code == 409 and "바뀐 글" in answer.content.decode()
    assert page not in queries.announcements()


def test_terms_ask_for_a_day_that_is_not_past(keeper: Any) -> None:
    page = Page.objects.get(slug="terms")
    services.save_draft(page, language="ko", by=None, seen=seen(page), title="이용약관", body="새 약관")
    sent = {"edit_version": seen(page), "note": "고침"}
    assert keeper.post(publish_url(page), sent).status_code == 422
    past = keeper.post(publish_url(page), sent | {"effective_on": "2020-01-01"})
    assert past.status_code == 422 and "지난 날을 시행일로 할 수 없습니다." in past.content.decode()
    assert keeper.post(publish_url(page), sent | {"effective_on": str(timezone.localdate())}).status_code == 302
    assert queries.current_version("terms").body == "새 약관"  # type: ignore[union-attr]


def test_publishing_without_a_draft_leads_to_the_history(keeper: Any) -> None:
    page = make_announcement()
    assert keeper.get(publish_url(page))["Location"] == reverse("page_history", args=[page.pk])


def test_a_draft_is_thrown_away(keeper: Any) -> None:
    page = make_announcement(published=False)
    keeper.post(reverse("discard_draft", args=[page.pk, "ko"]), {"edit_version": "0"})
    assert page.versions.count() == 1
    keeper.post(reverse("discard_draft", args=[page.pk, "ko"]), {"edit_version": seen(page)})
    assert page.versions.count() == 0


def test_the_history_compares_a_version_with_the_one_before(keeper: Any, content_admin: Any) -> None:
    page = make_announcement("첫 글", "옛 줄")
    write(page, "첫 글", "새 줄", note="고쳤습니다.")
    answer = keeper.get(reverse("page_history", args=[page.pk]), {"number": "2"})
    assert [(line.kind, line.text) for line in answer.context["lines"]][-2:] == [
        ("removed", "옛 줄"),
        ("added", "새 줄"),
    ]
    assert "고쳤습니다." in answer.content.decode()
    for query in ({"number": "x"}, {"language": "en"}, {"number": "99", "language": "ja"}):
        assert keeper.get(reverse("page_history", args=[page.pk]), query).status_code == 200
    assert keeper.get(reverse("page_history", args=[page.pk]), {"language": "xx"}).status_code == 404
    keeper.post(reverse("withdraw_page", args=[page.pk]))
    assert str(content_admin) in keeper.get(reverse("page_history", args=[page.pk])).content.decode()


def test_upkeep_shows_states_by_language(keeper: Any) -> None:
    page = make_announcement("공고")
    make_announcement("초안뿐", published=False)
    write(page, "Call", language="en")
    write(page, "고친 공고")
    rows = {row.title: row for row in keeper.get(reverse("page_upkeep"), {"kind": "announcement"}).context["rows"]}
    assert [state.state for state in rows["고친 공고"].languages] == ["published", "outdated"]
    assert [state.state for state in rows["초안뿐"].languages] == ["draft", "none"]
    assert rows["초안뿐"].waits and not rows["고친 공고"].waits
    services.save_draft(page, language="ko", by=None, seen=seen(page), title="또 고친", body="x")
    shown = keeper.get(reverse("page_upkeep"), {"kind": "announcement"}).content.decode()
    assert "초안 있음" in shown and publish_url(page) in shown
    for kind in ("page", "part", "help", "question", "nonsense"):
        assert keeper.get(reverse("page_upkeep"), {"kind": kind}).status_code == 200


def test_withdrawing_asks_first_and_restoring_brings_it_back(keeper: Any) -> None:
    page = make_announcement()
    assert "게시 중단" in keeper.get(reverse("withdraw_page", args=[page.pk])).content.decode()
    assert page in queries.announcements()
    keeper.post(reverse("withdraw_page", args=[page.pk]))
    assert page not in queries.announcements()
    keeper.post(reverse("restore_page", args=[page.pk]))
    assert page in queries.announcements()
    keeper.post(reverse("withdraw_page", args=[Page.objects.get(slug="terms").pk]))
    assert queries.current_version("terms") is not None


def test_a_question_is_added_moved_to_another_category_and_up(keeper: Any) -> None:
    keeper.post(reverse("add_question"), {"category": "other", "title": "새 질문?", "body": "답"})
    page = Page.objects.get(category="other")
    keeper.post(publish_url(page), {"edit_version": seen(page)})
    keeper.post(edit_url(page), {"category": "site", "title": "새 질문?", "body": "답", "edit_version": seen(page)})
    page.refresh_from_db()
    assert page.category == "site"
    first, second = make_question("가?"), make_question("나?")
    keeper.post(reverse("move_question", args=[second.pk]), {"direction": "up"})
    assert [p for p in queries.questions() if p.category == "other"] == [second, first]


@pytest.mark.parametrize("name", ["page_upkeep", "add_announcement", "add_question"])
def test_others_are_refused(client: Any, officer: Any, name: str) -> None:
    client.force_login(officer)
    assert client.get(reverse(name)).status_code == 403
