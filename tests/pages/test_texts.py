"""Texts in versions: what is published stays, what holds is shown, who edits is told of who edited before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.utils import timezone, translation

from cooperation_portal.pages import loading, queries, services
from cooperation_portal.pages.loading import load_pages
from cooperation_portal.pages.models import Consent, Kind, Page, PageVersion
from cooperation_portal.pages.presenters import compare
from cooperation_portal.shared.conflicts import EditedMeanwhile
from tests.people import make_announcement, make_question, make_user

pytestmark = pytest.mark.django_db


def terms() -> Page:
    return Page.objects.get(slug="terms")


def seen(page: Page, language: str = "ko") -> int:
    version = queries.latest(page, language)
    return version.edit_version if version else 0


def write(
    page: Page, title: str = "새 제목", body: str = "새 글", language: str = "ko", **published: Any
) -> PageVersion:
    """A draft, published at once."""
    keeper = make_user(role="content_admin")
    services.save_draft(page, language=language, by=keeper, seen=seen(page, language), title=title, body=body)
    return services.publish(page, language=language, by=keeper, seen=seen(page, language), **published)


# --- versions ---------------------------------------------------------------------------------------------------------


REWRITING: dict[str, Callable[[PageVersion], Any]] = {
    "save": lambda version: version.save(),
    "update": lambda version: PageVersion.objects.filter(pk=version.pk).update(body="다른 말"),
    "bulk_update": lambda version: PageVersion.objects.bulk_update([version], ["body"]),
    "delete": lambda version: version.delete(),
}


@pytest.mark.parametrize("way", REWRITING)
def test_what_is_published_cannot_be_changed(way: str) -> None:
    version = make_announcement().versions.get()
    version.body = "다른 말"
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        REWRITING[way](version)
    assert PageVersion.objects.get(pk=version.pk).body == "참여기업을 찾습니다."


def test_a_draft_is_not_shown_and_does_not_replace_what_is(content_admin: Any) -> None:
    page = make_announcement("첫 글")
    services.save_draft(page, language="ko", by=content_admin, seen=seen(page), title="둘째 글", body="고친 말")
    assert queries.announcements().get().text.title == "첫 글"
    services.publish(page, language="ko", by=content_admin, seen=seen(page), note="제목을 고쳤습니다.")
    assert queries.announcements().get().text.title == "둘째 글"
    assert [version.number for version in queries.versions_of(page, "ko")] == [2, 1]
    newest = queries.versions_of(page, "ko")[0]
    assert (newest.published_by, newest.note) == (content_admin, "제목을 고쳤습니다.")


def test_an_unpublished_announcement_is_seen_by_nobody_but_its_keepers(content_admin: Any, officer: Any) -> None:
    page = make_announcement(published=False)
    assert page in Page.objects.visible_to(content_admin)
    assert page not in Page.objects.visible_to(officer) and page not in queries.announcements()
    draft = page.versions.get()
    assert draft in PageVersion.objects.visible_to(content_admin)
    assert draft not in PageVersion.objects.visible_to(officer)


def test_announced_terms_hold_from_their_day() -> None:
    page, day = terms(), timezone.localdate() + timedelta(days=7)
    before = queries.current_version("terms")
    announced = write(page, effective_on=day)
    assert queries.current_version("terms") == before
    assert announced.is_upcoming and announced in PageVersion.objects.visible_to(make_user())
    assert PageVersion.objects.in_force(day).filter(page=page, language="ko").get() == announced


def test_a_later_version_wins_also_over_one_that_was_announced() -> None:
    page, today = terms(), timezone.localdate()
    write(page, body="예고", effective_on=today + timedelta(days=7))
    urgent = write(page, body="급히", effective_on=today)
    assert queries.current_version("terms") == urgent
    assert PageVersion.objects.in_force(today + timedelta(days=30)).filter(page=page, language="ko").get() == urgent


def test_earlier_versions_are_public_where_people_agreed_to_them_and_only_there(officer: Any) -> None:
    old_terms = queries.current_version("terms")
    write(terms(), effective_on=timezone.localdate())
    about = Page.objects.get(slug="about")
    old_about = about.versions.get(language="ko")
    write(about)
    readable = PageVersion.objects.visible_to(officer)
    assert old_terms in readable and old_about not in readable


# --- two editors ------------------------------------------------------------------------------------------------------


def test_the_second_editor_is_told_of_the_first() -> None:
    page = make_announcement()
    both = seen(page)
    first = services.save_draft(page, language="ko", by=None, seen=both, title="첫째", body="가")
    with pytest.raises(EditedMeanwhile) as refused:
        services.save_draft(page, language="ko", by=None, seen=both, title="둘째", body="나")
    assert refused.value.current == first
    assert queries.latest(page, "ko").title == "첫째"  # type: ignore[union-attr]


def test_an_old_page_is_noticed_also_after_a_draft_was_published_and_a_new_one_begun() -> None:
    page = make_announcement()
    old = services.save_draft(page, language="ko", by=None, seen=seen(page), title="가", body="가").edit_version
    services.publish(page, language="ko", by=None, seen=old)
    services.save_draft(page, language="ko", by=None, seen=seen(page), title="나", body="나")
    with pytest.raises(EditedMeanwhile):
        services.publish(page, language="ko", by=None, seen=old)


def test_languages_do_not_get_in_each_others_way() -> None:
    page = make_announcement()
    both = seen(page)
    services.save_draft(page, language="en", by=None, seen=0, title="Call", body="x")
    assert services.save_draft(page, language="ko", by=None, seen=both, title="가", body="나").is_draft


def test_a_draft_can_be_thrown_away_and_a_published_text_not() -> None:
    page = make_announcement()
    services.save_draft(page, language="ko", by=None, seen=seen(page), title="가", body="나")
    services.discard_draft(page, language="ko", by=None, seen=seen(page))
    assert page.versions.count() == 1
    with pytest.raises(services.Refusal):
        services.discard_draft(page, language="ko", by=None, seen=seen(page))


def test_what_has_no_draft_cannot_be_published() -> None:
    page = make_announcement()
    with pytest.raises(services.Refusal):
        services.publish(page, language="ko", by=None, seen=seen(page))


# --- languages --------------------------------------------------------------------------------------------------------


def test_a_missing_translation_falls_back_to_korean() -> None:
    page = make_announcement("사업 공고")
    with translation.override("en"):
        text = queries.announcements().get(pk=page.pk).text
        assert (text.title, text.language) == ("사업 공고", "ko")
    write(page, "Call", "Companies wanted.", language="en")
    with translation.override("en"):
        assert queries.announcements().get(pk=page.pk).text.title == "Call"
    with translation.override("ja"):
        assert queries.announcements().get(pk=page.pk).text.title == "사업 공고"


def test_a_translation_is_outdated_once_the_korean_text_moves_on() -> None:
    page = make_announcement()
    write(page, "Call", "x", language="en")
    with translation.override("en"):
        assert not queries.announcements().get(pk=page.pk).text_is_outdated
        write(page, "고친 공고")
        assert queries.announcements().get(pk=page.pk).text_is_outdated
        write(page, "New call", language="en")
        assert not queries.announcements().get(pk=page.pk).text_is_outdated
    assert not queries.announcements().get(pk=page.pk).text_is_outdated


# --- announcements and questions --------------------------------------------------------------------------------------


def test_pinned_announcements_come_first_then_the_newest() -> None:
    pages = [make_announcement("가"), make_announcement("나", is_pinned=True), make_announcement("다")]
    assert list(queries.announcements()) == [pages[1], pages[2], pages[0]]


def test_withdrawn_is_gone_and_can_come_back() -> None:
    page = make_announcement()
    services.withdraw(page, by=None)
    assert page not in queries.announcements() and page.versions.count() == 1
    services.restore(page, by=None)
    assert page in queries.announcements()


def test_pages_that_must_be_there_cannot_be_withdrawn() -> None:
    for slug in ("terms", "privacy", "footer", "help-home"):
        with pytest.raises(services.Refusal):
            services.withdraw(Page.objects.get(slug=slug), by=None)


def test_questions_change_places_within_their_category() -> None:
    first, second, third = (make_question(f"질문 {number}?") for number in range(3))

    def order() -> list[Page]:
        return [page for page in queries.questions() if page.category == "other"]

    services.move_question(third, up=True, by=None)
    assert order() == [first, third, second]
    services.move_question(first, up=True, by=None)
    assert order() == [first, third, second]
    services.move_question(first, up=False, by=None)
    assert order() == [third, first, second]


def test_every_word_must_occur() -> None:
    page = make_question("사업자등록번호가 둘입니다.", "지점마다 **따로** 등록합니다.")
    assert list(queries.containing(queries.questions(), "지점 등록번호")) == [page]
    assert not queries.containing(queries.questions(), "지점 우주선").exists()
    assert queries.containing(queries.questions(), " ").count() == queries.questions().count()


# --- comparing --------------------------------------------------------------------------------------------------------


def version(body: str, title: str = "제목") -> PageVersion:
    return PageVersion(title=title, body=body)


def test_a_comparison_shows_what_changed_and_little_else() -> None:
    old = version("\n".join(f"{number}줄" for number in range(20)))
    new = version(old.body.replace("10줄", "열째 줄"))
    found = [(line.kind, line.text) for line in compare(old, new)]
    assert found == [
        ("gap", ""), ("same", "8줄"), ("same", "9줄"), ("removed", "10줄"), ("added", "열째 줄"), ("same", "11줄"),
        ("same", "12줄"), ("gap", ""),
    ]  # fmt: skip
    assert compare(old, old) == []
    assert ("added", "새 제목") in [(line.kind, line.text) for line in compare(old, version(old.body, "새 제목"))]


# --- consent ----------------------------------------------------------------------------------------------------------


def test_consent_is_to_the_version_that_holds_and_only_once() -> None:
    person = make_user()
    assert [consent.version.page.slug for consent in services.consent(person)] == ["terms", "privacy"]
    services.consent(person)
    assert person.consents.count() == 2
    newer = write(terms(), effective_on=timezone.localdate())
    services.consent(person, slugs=["terms"])
    assert list(person.consents.filter(version=newer)) and person.consents.count() == 3


def test_consent_is_seen_by_its_person_only(officer: Any, system_admin: Any) -> None:
    person = make_user()
    services.consent(person)
    assert Consent.objects.visible_to(person).count() == 2
    assert not Consent.objects.visible_to(officer).exists() and not Consent.objects.visible_to(system_admin).exists()


def test_a_text_that_is_not_published_is_passed_over() -> None:
    assert queries.current_version("no-such-text") is None
    assert services.consent(make_user(), slugs=["no-such-text"]) == []


# --- shipped texts ----------------------------------------------------------------------------------------------------


def test_loading_again_changes_nothing() -> None:
    def state() -> Any:
        return list(PageVersion.objects.order_by("pk").values_list("pk", "title", "edit_version")), Page.objects.count()

    before = state()
    load_pages()
    assert state() == before


def test_an_edited_text_stays_as_the_office_made_it() -> None:
    edited = write(Page.objects.get(slug="help-home"), "우리 도움말", "우리 글")
    load_pages()
    with translation.override("ko"):
        assert queries.current_version("help-home") == edited


def test_help_that_nobody_edited_follows_the_portal_and_terms_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = [
        loading.Shipped(text.slug, text.language, text.title, f"{text.body}\n\n더 있습니다.")
        for text in loading.shipped()
        if text.slug in ("help-home", "terms")
    ]
    monkeypatch.setattr(loading, "shipped", lambda: iter(changed))
    load_pages()
    assert Page.objects.get(slug="help-home").versions.filter(language="ko").count() == 2
    assert terms().versions.filter(language="ko").count() == 1


def test_a_missing_text_comes_back(django_assert_max_num_queries: Any) -> None:
    Page.objects.create(kind=Kind.PAGE, slug="unused")
    missing = [text for text in loading.shipped() if text.slug == "faq-who"]
    assert len(missing) == 2
    assert Page.objects.get(slug="faq-who").category == "programme"
    with django_assert_max_num_queries(12):
        load_pages()
