"""What everybody reads, and what stands around every page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as NoConnection

from cooperation_portal.pages import help, loading, queries
from cooperation_portal.pages.models import Office, Page
from tests.pages.test_texts import write
from tests.people import make_announcement, make_company, make_question, make_technology

pytestmark = pytest.mark.django_db


def html(client: Any, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def english(client: Any) -> Any:
    client.cookies["language"] = "en"
    return client


# --- texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["about", "guide", "terms", "privacy", "accessibility"])
def test_fixed_pages_are_there_in_korean_and_english(client: Any, slug: str) -> None:
    assert re.search(r'class="cp-page-text" lang="ko"', html(client, "page", slug))
    assert re.search(r'class="cp-page-text" lang="en"', html(english(client), "page", slug))


@pytest.mark.parametrize("slug", ["footer", "welcome", "help-home", "faq-who", "nothing"])
def test_parts_of_pages_have_no_address_of_their_own(client: Any, slug: str) -> None:
    assert client.get(reverse("page", args=[slug])).status_code == 404


def test_a_missing_translation_is_korean_marked_as_such_and_said(client: Any) -> None:
    page = make_announcement("국문만 있는 공지", "국문 내용입니다.")
    shown = html(english(client), "announcement", page.pk)
    assert 'class="cp-page-text" lang="ko"' in shown and '<span lang="ko">국문만 있는 공지</span>' in shown
    assert "cp-alert" in shown
    assert "cp-alert" not in html(type(client)(), "announcement", page.pk)


def test_an_older_translation_says_that_the_korean_text_counts(client: Any) -> None:
    page = make_announcement()
    write(page, "Call", "Companies wanted.", language="en")
    write(page, "고친 공고")
    assert "cp-alert" in html(english(client), "announcement", page.pk)


def test_terms_show_their_day_and_lead_to_earlier_and_announced_ones(client: Any) -> None:
    page = Page.objects.get(slug="terms")
    day = timezone.localdate() + timedelta(days=10)
    write(page, "이용약관", "앞으로의 약관", effective_on=day, note="제3조를 고쳤습니다.")
    shown = html(client, "page", "terms")
    assert str(timezone.localdate()) in shown and str(day) in shown and "제3조를 고쳤습니다." in shown
    announced = html(client, "page_version", "terms", "ko", 2)
    assert "앞으로의 약관" in announced and "아직 시행되지 않은 글입니다." in announced
    write(page, "이용약관", "지금 약관", effective_on=timezone.localdate(), note="급히 고쳤습니다.")
    assert "지금은 적용되지 않는 지난 글입니다." in html(client, "page_version", "terms", "ko", 1)
    assert "지금 약관" in html(client, "page", "terms")


@pytest.mark.parametrize(
    ("slug", "language", "number"),
    [("terms", "ko", 99), ("terms", "xx", 1), ("about", "ko", 99), ("help-home", "ko", 1)],
)
def test_versions_that_are_not_public(client: Any, slug: str, language: str, number: int) -> None:
    assert client.get(reverse("page_version", args=[slug, language, number])).status_code == 404


def test_the_privacy_text_names_who_answers_for_it(client: Any) -> None:
    assert "(아직 등록하지 않음)" in html(client, "page", "privacy")
    Office.objects.update(privacy_officer="김책임", privacy_contact="02-1234-5678 <b>")
    cache.clear()
    shown = html(client, "page", "privacy")
    assert "김책임" in shown and "02-1234-5678 &lt;b&gt;" in shown and "{privacy_officer}" not in shown


def links_of(text: str) -> set[str]:
    return set(re.findall(r"\]\((/[^)]*)\)", text))


def test_links_in_shipped_texts_lead_somewhere() -> None:
    lost = set()
    for text in loading.shipped():
        for link in links_of(text.body):
            try:
                resolve(link)
            except Resolver404:
                lost.add((text.slug, link))
    assert lost == set()


def test_shipped_texts_are_complete() -> None:
    texts = {(text.slug, text.language) for text in loading.shipped()}
    slugs = {slug for slug, _language in texts}
    assert texts == {(slug, language) for slug in slugs for language in ("ko", "en")}
    wanted = {f"help-{topic}" for topic in help.TOPICS} | {
        f"faq-{n}" for names in loading.QUESTIONS.values() for n in names
    }
    assert {slug for slug in slugs if slug.startswith(("help-", "faq-"))} == wanted
    for text in loading.shipped():
        assert text.title and text.body and "#" not in text.title, text.slug
        places = set(re.findall(r"\{([a-z_]+)\}", text.body))
        assert places <= set(queries.PLACES), text.slug


def test_english_texts_hold_no_korean() -> None:
    assert [t.slug for t in loading.shipped() if t.language == "en" and re.search("[가-힣]", t.title + t.body)] == []


# --- announcements, questions, help -----------------------------------------------------------------------------------


def test_announcements_can_be_searched_and_paged(client: Any) -> None:
    for number in range(21):
        make_announcement(f"공지 {number}")
    make_announcement("비공개 초안", published=False)
    assert "비공개 초안" not in html(client, "announcement_list")
    assert len(client.get(reverse("announcement_list"), {"page": 2}).context["page_obj"]) == 1
    found = client.get(reverse("announcement_list"), {"q": "공지 13"}).context["page_obj"]
    assert [page.text.title for page in found] == ["공지 13"]
    assert "찾는 말이 든 공지사항이 없습니다." in html(client, "announcement_list", q="없는말")


def test_announcements_lead_to_their_neighbours(client: Any) -> None:
    old, middle, new = (make_announcement(title) for title in ("가", "나", "다"))
    answer = client.get(reverse("announcement", args=[middle.pk]))
    assert (answer.context["before"], answer.context["after"]) == (old, new)
    assert client.get(reverse("announcement", args=[new.pk])).context["after"] is None


def test_drafts_and_withdrawn_announcements_do_not_exist_even_for_their_keeper(client: Any, content_admin: Any) -> None:
    from cooperation_portal.pages.services import withdraw

    draft, gone = make_announcement(published=False), make_announcement()
    withdraw(gone, by=content_admin)
    client.force_login(content_admin)
    for page in (draft, gone):
        assert client.get(reverse("announcement", args=[page.pk])).status_code == 404


def test_questions_are_listed_by_category_and_searched(client: Any) -> None:
    make_question("우주선도 됩니까?", "안 됩니다.", category="technology")
    shown = html(client, "faq")
    assert shown.count("<details") >= 14 and shown.index("사업·지원") < shown.index("우주선도 됩니까?")
    found = html(client, "faq", q="우주선")
    assert "우주선도 됩니까?" in found and found.count('class="cp-question"') == 1 and 'cp-question" open' in found
    assert "찾는 말이 든 질문이 없습니다." in html(client, "faq", q="없는말이다")
    assert client.get(reverse("faq"), {"q": "\x00<b>"}).status_code == 200


def test_help_lists_topics_of_the_staff_for_the_staff_only(client: Any, officer: Any) -> None:
    assert "문의에 답하기" not in html(client, "help_page", "home")
    assert "비밀번호를 잊었을 때" in html(client, "help_page", "accounts")
    client.force_login(officer)
    assert "문의에 답하기" in html(client, "help_page", "home")
    assert client.get(reverse("help_page", args=["nothing"])).status_code == 404


# --- the frame of every page ------------------------------------------------------------------------------------------


def footer(client: Any, path: str = "/") -> str:
    return str(client.get(path).content.decode().split('<footer class="cp-footer">')[1])


def test_every_page_leads_to_the_texts_that_it_must_lead_to(client: Any, officer: Any) -> None:
    client.force_login(officer)
    for path in ("/", "/demands/", "/nowhere/"):
        shown = footer(client, path)
        for name, args in (("page", ["terms"]), ("page", ["privacy"]), ("page", ["accessibility"]), ("inquiry", []),
                           ("announcement_list", []), ("faq", [])):  # fmt: skip
            assert f'href="{reverse(name, args=args)}"' in shown
        assert re.search(r'class="cp-strong" href="/pages/privacy/"', shown), "the law wants it to stand out"


def test_the_office_is_read_once_and_anew_after_a_change(
    client: Any, django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    assert queries.frame().phone == ""
    with django_assert_num_queries(0):
        queries.frame()
    office = Office.objects.get()
    office.phone, office.business_number = "02-1111-2222", "1248100998"
    with django_capture_on_commit_callbacks(execute=True):
        office.save()
    shown = footer(client)
    assert "02-1111-2222" in shown and "124-81-00998" in shown


def test_the_text_below_every_page_is_shown_anew_once_it_is_published(
    client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    assert "출처를 밝혀" in footer(client)
    with django_capture_on_commit_callbacks(execute=True):
        write(Page.objects.get(slug="footer"), "아래 글", "새로 **고친** 아래 글")
    assert "새로 <strong>고친</strong> 아래 글" in footer(client)


def test_english_data_of_the_office(client: Any) -> None:
    Office.objects.update(address="서울시", address_en="Seoul", hours="평일", hours_en="")
    shown = footer(english(client))
    assert "Seoul" in shown and "서울시" not in shown and '<span lang="ko">평일</span>' in shown


def test_pages_come_out_when_the_cache_does_not_answer(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise NoConnection("gone")

    for name in ("get", "set", "delete_many"):
        monkeypatch.setattr(type(cache._connections["default"]), name, fail)  # type: ignore[attr-defined]
    Office.objects.update(phone="02-3333-4444")
    assert "02-3333-4444" in footer(client)
    queries.forget_frame()


# --- the public home --------------------------------------------------------------------------------------------------


def test_guests_see_public_technologies_only_and_figures_of_them_only(client: Any) -> None:
    make_technology(korean=("공개된 기술", "본문"), disclosure="public")
    make_technology(korean=("다른 나라의 공개 기술", "본문"), disclosure="public", country="JP", field="0104")
    make_technology(korean=("회원 공개 기술", "본문"))
    make_technology(korean=("내부용 기술", "본문"), disclosure="staff")
    make_technology(korean=("초안 기술", "본문"), disclosure="public", status="draft")
    answer = client.get("/")
    assert answer.context["figures"] == {"technologies": 2, "countries": 2, "fields": 2}
    shown = answer.content.decode()
    assert "공개된 기술" in shown and "다른 나라의 공개 기술" in shown
    for hidden in ("회원 공개 기술", "내부용 기술", "초안 기술"):
        assert hidden not in shown


def test_the_public_home_names_no_company(client: Any) -> None:
    make_technology(disclosure="public", owner_company=make_company("㈜가나다정밀"))
    assert "가나다" not in client.get("/").content.decode()


def test_the_public_home_leads_on(client: Any) -> None:
    page = make_announcement("중요한 알림", is_pinned=True)
    shown = client.get("/").content.decode()
    for url in (reverse("technology_list"), reverse("account_signup"), reverse("account_login"), reverse("page", args=["about"]),
                reverse("announcement", args=[page.pk])):  # fmt: skip
        assert f'"{url}"' in shown
    assert re.search(rf'<form[^>]*action="{reverse("technology_list")}"', shown) and 'name="q"' in shown
    assert shown.count("cp-how__item") == 4
    assert '<h1 id="hero">' in shown and "해외 원천기술을 우리 기업의 제품으로" in shown
