"""The officer's pages: what they answer, show and refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from cooperation_portal.notices.models import Mail
from cooperation_portal.work.models import Work, WorkState
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import move_demand
from matching.scoring.models import HandPick, Ranking
from matching.triage.models import Assignment, Decision, Release
from matching.triage.queries import officers
from matching.triage.services import assign, correct
from tests.matching.triage.conftest import judge, recommend
from tests.people import make_company, make_demand, make_institution, make_technology

pytestmark = pytest.mark.django_db


def said(response: Any) -> str:
    """The page as a reader has it: tags away, white space in one."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def told(response: Any) -> list[str]:
    """Messages of the page that a redirect leads to."""
    return [str(message) for message in response.context["messages"]]


def address(name: str, demand: Any, technology: Any = None) -> str:
    return reverse(name, args=[demand.pk, technology.pk] if technology else [demand.pk])


@pytest.fixture
def client(client: Any, officer: Any) -> Any:
    client.force_login(officer)
    return client


@pytest.fixture
def post(client: Any) -> Callable[..., Any]:
    def send(name: str, demand: Any, technology: Any = None, follow: bool = False, page: str = "", **data: Any) -> Any:
        """`page` is the page with the button."""
        headers = {"Referer": f"http://testserver{page}"} if page else {}
        return client.post(address(name, demand, technology), data, follow=follow, headers=headers)

    return send


SUITABLE = {"verdict": "suitable", "reason": "solves", "words": "", "seen_version": "0"}
UNSUITABLE = {"verdict": "unsuitable", "reason": "stage", "words": "", "seen_version": "0"}


# --- who may ----------------------------------------------------------------------------------------------------------

GET_PAGES = ("demand_detail", "scoring_progress", "demand_history", "release", "find_technology")
POST_ONLY = ("rescore", "assign", "decide_many")
TECHNOLOGY_PAGES = ("candidate", "undo", "correct", "pick")


@pytest.mark.parametrize("role", ["member", "outsider", "content_admin", "system_admin"])
def test_pages_are_for_officers_only(client: Any, request: Any, demand: Any, technology: Any, role: str) -> None:
    client.force_login(request.getfixturevalue(role))
    paths = [
        reverse("whole_queue"),
        reverse("my_queue"),
        reverse("add_demand"),
        reverse("edit_demand", args=[demand.pk]),
    ]
    paths += [address(name, demand) for name in GET_PAGES] + [address("candidate", demand, technology)]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 403)

    posts = [address(name, demand) for name in (*POST_ONLY, "release")]
    posts += [address(name, demand, technology) for name in TECHNOLOGY_PAGES]
    assert {path: client.post(path, SUITABLE).status_code for path in posts} == dict.fromkeys(posts, 403)
    assert not Decision.objects.exists() and not Assignment.objects.exists() and not HandPick.objects.exists()


def test_refusal_says_why(client: Any, member: Any) -> None:
    client.force_login(member)
    assert "사업담당자만 쓸 수 있는 화면입니다." in said(client.get(reverse("whole_queue")))


def test_nobody_sees_anything_without_signing_in(client: Any, demand: Any) -> None:
    client.logout()
    response = client.get(address("demand_detail", demand))
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next=/demands/{demand.pk}/")


@pytest.mark.parametrize("name", ["demand_detail", "candidate"])
def test_score_stored_while_the_page_is_made_is_asked_for_again(
    client: Any, demand: Any, technology: Any, monkeypatch: Any, name: str
) -> None:
    candidates = officers.candidates

    def candidates_just_before_the_store(*about: Any) -> Any:
        found = candidates(*about)
        Work.objects.update(state=WorkState.DONE, finished_at=timezone.now())
        Ranking.objects.create(demand=demand, demand_version=demand.content_version)
        return found

    monkeypatch.setattr(officers, "candidates", candidates_just_before_the_store)
    response = client.get(address(name, demand, technology if name == "candidate" else None))
    assert address("scoring_progress", demand) in response.content.decode()


def test_draft_of_a_company_is_not_there(client: Any, company: Any, technology: Any) -> None:
    draft = make_demand(company, submit=False)
    assert [client.get(address(name, draft)).status_code for name in GET_PAGES] == [404] * len(GET_PAGES)
    assert client.post(address("candidate", draft, technology), SUITABLE).status_code == 404


def test_demands_and_technologies_that_do_not_exist(client: Any, demand: Any, technology: Any) -> None:
    paths = [
        "/demands/999999999/",
        f"/demands/{demand.pk}/technologies/999999999/",
        "/demands/99999999999999999999999/",
    ]
    paths += [f"/demands/{demand.pk}/technologies/{technology.pk}/correct/"]
    assert [client.get(path).status_code for path in paths] == [404] * len(paths)


@pytest.mark.parametrize("name", ["rescore", "assign"])
def test_addresses_that_change_something_do_not_answer_to_links(client: Any, demand: Any, name: str) -> None:
    assert client.get(address(name, demand)).status_code == 405


# --- queue ------------------------------------------------------------------------------------------------------------


OTHER_PROBLEM = "지금 쓰는 방법으로는 목표한 수명에 이르지 못하여 새로운 방법을 찾고 있습니다."


@pytest.fixture
def queue(officer: Any, colleague: Any) -> dict[str, Demand]:
    """Six demands that differ in what can be filtered by."""
    steel = make_company("㈜동백정공")
    chemistry = make_company("(주)남해화학")
    abroad = make_institution("KZ", "ru", "Завод")
    found = {
        "질화": make_demand(steel, title="저온 질화 기술"),
        "코팅": make_demand(steel, title="내열 코팅 기술", problem=OTHER_PROBLEM, kind="difficulty"),
        "촉매": make_demand(chemistry, title="폐열 회수 촉매", problem=OTHER_PROBLEM, fields=[]),
        "분말": make_demand(title="금속 분말", problem=OTHER_PROBLEM, institution=abroad, direction="outbound"),
        "철회": make_demand(chemistry, title="철회된 수요", problem=OTHER_PROBLEM),
        "추천": make_demand(chemistry, title="추천된 수요", problem=OTHER_PROBLEM),
    }
    move_demand(found["철회"], to=DemandStatus.WITHDRAWN, by=officer)
    assign(found["질화"], officer=officer, by=officer)
    assign(found["코팅"], officer=colleague, by=officer)
    technology = make_technology()
    judge(found["코팅"], technology, colleague, "on_hold")
    judge(found["추천"], technology, officer)
    return found


def listed(response: Any) -> set[str]:
    assert response.status_code == 200
    return {row.demand.title for row in response.context["rows"]}


def titles(queue: dict[str, Demand], *keys: str) -> set[str]:
    return {queue[key].title for key in keys}


FILTERS = {
    "": ("질화", "코팅", "촉매", "분말", "철회", "추천"),
    "q=질화": ("질화",),
    "q=기술": ("질화", "코팅"),
    "q=남해": ("촉매", "철회", "추천"),
    "q=동백 코팅": ("코팅",),
    "q=동백 촉매": (),
    "status=withdrawn": ("철회",),
    "status=in_review": ("코팅", "추천"),
    "kind=difficulty": ("코팅",),
    "direction=outbound": ("분말",),
    "officer=none": ("촉매", "분말", "철회", "추천"),
    "waiting=decide": ("질화", "촉매", "분말"),
    "waiting=hold": ("코팅",),
    "waiting=release": ("추천",),
    "waiting=no_score": ("질화", "코팅", "촉매", "분말", "추천"),
    "kind=demand&direction=inbound&status=submitted": ("질화", "촉매"),
    "officer=none&waiting=release&q=추천": ("추천",),
}


def test_queue_filters(client: Any, queue: dict[str, Demand]) -> None:
    found = {query: listed(client.get(f"/demands/?{query}")) for query in FILTERS}
    assert found == {query: titles(queue, *keys) for query, keys in FILTERS.items()}


def test_queue_is_found_by_number_officer_and_field(client: Any, queue: dict[str, Demand], colleague: Any) -> None:
    from cooperation_portal.taxonomy.models import TechnologyField

    field = TechnologyField.objects.get(code="0103").parent
    assert listed(client.get("/demands/", {"q": queue["촉매"].number})) == titles(queue, "촉매")
    assert listed(client.get("/demands/", {"officer": colleague.pk})) == titles(queue, "코팅")
    assert listed(client.get("/demands/", {"field": field.pk})) == titles(queue, "질화", "코팅", "분말", "철회", "추천")


def test_my_queue_holds_what_is_mine(client: Any, queue: dict[str, Demand], colleague: Any) -> None:
    assert listed(client.get("/demands/mine/")) == titles(queue, "질화")
    assign(queue["질화"], officer=colleague, by=colleague)
    assert listed(client.get("/demands/mine/")) == set()


STRANGE = (
    "page=999", "page=-1", "page=abc", "page=%00", "sort=evil", "sort=-evil", "sort=company__business_number",
    "sort=%00", "officer=abc", "officer=-1", "officer=99999999999999999999", "officer=%00", "status=draft",
    "status=%00", "kind=evil", "field=abc", "field=%00", "field=99999999999999999999", "waiting=evil", "q=%00",
    "q=%00%EC%A7%88", "q=" + "가" * 3000, "q=%F0%9F%98%80", "q=²", "q=D-²", "q=D-٣", "q=D-999999999999", "q=%25",
    "q=_", "q=\\", "q='; DROP TABLE x; --", "unknown=1", "status=submitted&status=evil", "q=%FF%FE",
)  # fmt: skip


@pytest.mark.parametrize("path", ["/demands/", "/demands/mine/", "/technologies/"])
def test_strange_addresses_are_answered(client: Any, queue: dict[str, Demand], path: str) -> None:
    client.raise_request_exception = False
    assert {query: client.get(f"{path}?{query}").status_code for query in STRANGE} == dict.fromkeys(STRANGE, 200)


def test_percent_sign_is_a_letter_and_not_a_pattern(client: Any, queue: dict[str, Demand]) -> None:
    assert listed(client.get("/demands/", {"q": "%"})) == set()


@pytest.mark.parametrize(
    "sort", ["title", "-title", "submitted", "-submitted", "decided", "-decided", "status", "-status"]
)
def test_heads_of_the_table_sort(client: Any, queue: dict[str, Demand], sort: str) -> None:
    for number, demand in enumerate(queue.values()):
        Demand.objects.filter(pk=demand.pk).update(submitted_at=timezone.now() - timedelta(days=number))
    rows = client.get("/demands/", {"sort": sort}).context["rows"]
    field = {"submitted": "submitted_at"}.get(sort.lstrip("-"), sort.lstrip("-"))
    values = [getattr(row.demand, field) for row in rows]
    if field == "title":  # by the database's own order of letters
        values = list(Demand.objects.filter(title__in=values).order_by("title").values_list("title", flat=True))
        got = [row.demand.title for row in rows]
        assert got == (values[::-1] if sort.startswith("-") else values)
        return
    assert len(set(values)) > 1
    assert values == sorted(values, reverse=sort.startswith("-"))


def test_long_queue_has_pages_that_keep_the_filter(client: Any, company: Any) -> None:
    for number in range(30):
        make_demand(company, title=f"수요 {number:02d}")
    first, last = client.get("/demands/?q=수요&page=1"), client.get("/demands/?q=수요&page=999")
    assert len(first.context["rows"]) == 25
    assert len(last.context["rows"]) == 5
    assert not listed(first) & listed(last)
    assert "?q=%EC%88%98%EC%9A%94&amp;page=2" in first.content.decode()


def test_empty_queue_says_what_to_do(client: Any) -> None:
    assert "접수된 수요가 없습니다." in said(client.get("/demands/"))
    assert "맡고 있는 수요가 없습니다." in said(client.get("/demands/mine/"))
    assert "조건에 맞는 수요가 없습니다." in said(client.get("/demands/?q=없는말"))


def test_queue_takes_the_same_number_of_queries_however_long(
    client: Any, queue: dict[str, Demand], django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get("/demands/")  # warms up what is read once for a process
    with CaptureQueriesContext(connection) as few:
        client.get("/demands/")
    for number in range(10):
        assign(make_demand(title=f"더 많은 수요 {number}"), officer=client_officer(client), by=client_officer(client))
    with CaptureQueriesContext(connection) as many:
        client.get("/demands/")
    assert len(many) == len(few)


def client_officer(client: Any) -> Any:
    from cooperation_portal.accounts.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_decision_is_saved_and_said(post: Any, demand: Any, technology: Any) -> None:
    response = post("candidate", demand, technology, follow=True, **SUITABLE)
    assert told(response) == ["판단을 저장했습니다."]
    assert Decision.objects.get().verdict == "suitable"


def test_save_and_next_leads_to_the_next_candidate(
    post: Any, demand: Any, technology: Any, officer: Any, cheap: Any, scored: Callable[[], int]
) -> None:
    make_technology(title="Вторая технология")
    scored()
    first, second = [match.technology for match in demand.matches.order_by("-score", "technology_id")]
    response = post("candidate", demand, first, next="1", **SUITABLE)
    assert response.url == address("candidate", demand, second)
    response = post("candidate", demand, second, next="1", **SUITABLE)
    assert response.url == address("candidate", demand, second)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"verdict": ""}, "verdict", "적합·보류·부적합 가운데 하나를 골라 주십시오."),
        ({"reason": ""}, "reason", "사유를 골라 주십시오."),
        ({"reason": "stage"}, "reason", "‘적합’에는 쓸 수 없는 사유입니다."),
        ({"words": "가\x00나"}, "words", "읽을 수 없는 제어 문자가 들어 있습니다."),
        ({"words": "가" * 1001}, "words", "1000"),
        ({"verdict": "evil"}, "verdict", "evil"),
        ({"seen_version": ""}, "seen_version", ""),
        ({"seen_version": "-1"}, "seen_version", ""),
    ],
)
def test_wrong_input_is_told_beside_its_field_and_the_rest_is_kept(
    post: Any, demand: Any, technology: Any, change: dict[str, str], field: str, message: str
) -> None:
    sent = SUITABLE | {"words": "적어 둔 말"} | change
    response = post("candidate", demand, technology, **sent)
    assert response.status_code == 422
    assert any(message in error for error in response.context["form"].errors[field])
    assert response.context["form"]["words"].value() == sent["words"]
    assert not Decision.objects.exists()


def test_other_reason_without_words(post: Any, demand: Any, technology: Any) -> None:
    response = post("candidate", demand, technology, **SUITABLE | {"reason": "other"})
    assert response.status_code == 422
    assert "‘기타’를 고른 까닭을 적어 주십시오." in said(response)


def test_stale_decision_gets_a_page_that_says_so_and_lets_one_decide_again(
    post: Any, demand: Any, technology: Any, colleague: Any
) -> None:
    judge(demand, technology, colleague, "unsuitable")

    response = post("candidate", demand, technology, **SUITABLE | {"words": "내가 적은 말"})

    assert response.status_code == 409
    assert "문태호 님이" in said(response) and "‘부적합’(으)로 판단했습니다." in said(response)
    assert "내가 적은 말" in said(response)
    shown = {name: response.context["form"][name].value() for name in SUITABLE}
    assert shown["verdict"] == "suitable" and shown["seen_version"] == "1"

    again = post("candidate", demand, technology, **shown)
    assert again.status_code == 302
    assert (Decision.objects.get().verdict, Decision.objects.get().version) == ("suitable", 2)


def test_decision_sent_twice_is_made_once(post: Any, demand: Any, technology: Any) -> None:
    assert post("candidate", demand, technology, **SUITABLE).status_code == 302
    assert post("candidate", demand, technology, **SUITABLE).status_code == 409
    assert Decision.objects.get().version == 1


def test_closed_demand_is_shown_without_a_form_and_refuses(
    client: Any, post: Any, demand: Any, technology: Any, officer: Any
) -> None:
    move_demand(demand, to=DemandStatus.CLOSED, by=officer)
    page = client.get(address("candidate", demand, technology))
    assert "종료되었거나 철회된 수요는 판단할 수 없습니다." in said(page)
    assert 'name="verdict"' not in page.content.decode()
    assert post("candidate", demand, technology, **SUITABLE).status_code == 409
    assert not Decision.objects.exists()


def test_words_are_shown_as_text_and_not_as_code(client: Any, demand: Any, technology: Any, officer: Any) -> None:
    judge(demand, technology, officer, words="<script>alert(1)</script>{{ 7|add:7 }}")
    html = client.get(address("candidate", demand, technology)).content.decode()
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in html


def test_undo_button_is_there_for_who_decided_only(
    client: Any, demand: Any, technology: Any, officer: Any, colleague: Any
) -> None:
    judge(demand, technology, officer)
    assert "판단 되돌리기" in said(client.get(address("candidate", demand, technology)))
    client.force_login(colleague)
    assert "판단 되돌리기" not in said(client.get(address("candidate", demand, technology)))


def test_undo(post: Any, demand: Any, technology: Any, officer: Any, colleague: Any) -> None:
    judge(demand, technology, officer)
    assert told(post("undo", demand, technology, follow=True, seen_version="7")) != ["판단을 되돌렸습니다."]
    assert Decision.objects.exists()
    assert told(post("undo", demand, technology, follow=True, seen_version="1")) == ["판단을 되돌렸습니다."]
    assert not Decision.objects.exists()


def test_undo_by_another_officer_is_forbidden_with_the_reason(
    post: Any, demand: Any, technology: Any, colleague: Any
) -> None:
    judge(demand, technology, colleague)
    response = post("undo", demand, technology, seen_version="1")
    assert response.status_code == 403
    assert "판단한 사람만 되돌릴 수 있습니다." in said(response)


@pytest.mark.parametrize("seen", ["", "abc", "-1", "\x00", "9" * 30])
def test_undo_with_a_broken_version_changes_nothing(
    post: Any, demand: Any, technology: Any, officer: Any, seen: str
) -> None:
    judge(demand, technology, officer)
    assert post("undo", demand, technology, seen_version=seen).status_code == 302
    assert Decision.objects.exists()


# --- several at once --------------------------------------------------------------------------------------------------


@pytest.fixture
def three(demand: Any, cheap: Any, scored: Callable[[], int]) -> list[Any]:
    found = [make_technology(title=f"Технология {number}") for number in range(3)]
    scored()
    assert demand.matches.count() == 3
    return found


def chosen(*technologies: Any, version: int = 0) -> list[str]:
    return [f"{technology.pk}:{version}" for technology in technologies]


def test_several_are_shown_before_they_are_decided(post: Any, demand: Any, three: list[Any]) -> None:
    page = post("decide_many", demand, chosen=chosen(*three[:2]), **UNSUITABLE)
    assert page.status_code == 200
    assert "아래 2건의 판단이 다음과 같이 바뀝니다." in said(page) and "부적합 · 개발 단계 차이" in said(page)
    assert not Decision.objects.exists()

    done = post("decide_many", demand, chosen=chosen(*three[:2]), confirm="1", **UNSUITABLE)
    assert "2건을 판단했습니다." in said(done)
    assert set(Decision.objects.values_list("technology", "verdict")) == {(t.pk, "unsuitable") for t in three[:2]}


def test_several_sent_twice_are_decided_once(post: Any, demand: Any, three: list[Any]) -> None:
    post("decide_many", demand, chosen=chosen(*three), confirm="1", **UNSUITABLE)
    again = post("decide_many", demand, chosen=chosen(*three), confirm="1", **UNSUITABLE)
    assert "3건은 판단하지 못했습니다." in said(again)
    assert list(Decision.objects.values_list("version", flat=True)) == [1, 1, 1]


def test_several_with_a_colleagues_decision_among_them(
    post: Any, demand: Any, three: list[Any], colleague: Any
) -> None:
    judge(demand, three[0], colleague)
    page = post("decide_many", demand, chosen=chosen(*three), confirm="1", **UNSUITABLE)
    assert (
        "2건을 판단했습니다." in said(page)
        and "1건은 판단하지 못했습니다." in said(page)
        and "문태호 님이" in said(page)
    )
    assert Decision.objects.get(technology=three[0]).verdict == "suitable"


@pytest.mark.parametrize("broken", [[], ["abc"], ["1"], [":"], ["99999999999999999999:0"], ["\x00:0"], ["999999:0"]])
def test_nothing_chosen_is_told(post: Any, demand: Any, three: list[Any], broken: list[str]) -> None:
    response = post("decide_many", demand, follow=True, chosen=broken, confirm="1", **UNSUITABLE)
    assert told(response) == ["판단할 기술을 하나 이상 골라 주십시오."]
    assert not Decision.objects.exists()


def test_ticks_stay_after_an_error(post: Any, demand: Any, three: list[Any]) -> None:
    page = post("decide_many", demand, chosen=chosen(three[1]), **UNSUITABLE | {"reason": ""})
    assert page.status_code == 422
    assert "사유를 골라 주십시오." in page.context["form"].errors["reason"]
    ticked = re.findall(r'value="(\d+):0"[^>]*\bchecked', page.content.decode())
    assert ticked == [str(three[1].pk)]


def test_what_was_released_is_not_changed_among_several(post: Any, demand: Any, three: list[Any], officer: Any) -> None:
    judge(demand, three[0], officer)
    recommend(demand, officer)
    version = Decision.objects.get().version
    page = post("decide_many", demand, chosen=[f"{three[0].pk}:{version}"], **UNSUITABLE)
    assert "추천한 판단이라 바뀌지 않습니다." in said(page)
    done = post("decide_many", demand, chosen=[f"{three[0].pk}:{version}"], confirm="1", **UNSUITABLE)
    assert "1건은 판단하지 못했습니다." in said(done)
    assert Decision.objects.get().verdict == "suitable"


# --- releasing and correcting -----------------------------------------------------------------------------------------


def seen_on(client: Any, demand: Any) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', client.get(address("release", demand)).content.decode())


def test_release_from_its_own_page(
    client: Any, post: Any, demand: Any, technology: Any, officer: Any, member: Any
) -> None:
    judge(demand, technology, officer)
    response = post("release", demand, follow=True, seen=seen_on(client, demand), message="  잘 살펴보십시오.  ")
    assert told(response) == ["기업에 추천했습니다. 담당자들에게 메일로 알렸습니다."]
    assert "추천 완료" in said(response) and "잘 살펴보십시오." in said(response)
    assert Release.objects.get().message == "잘 살펴보십시오."


def test_release_sent_twice_tells_the_company_once(
    client: Any, post: Any, demand: Any, technology: Any, officer: Any, member: Any
) -> None:
    judge(demand, technology, officer)
    seen = seen_on(client, demand)
    assert post("release", demand, seen=seen).status_code == 302
    assert post("release", demand, seen=seen).status_code == 409
    assert Release.objects.count() == 1
    assert Mail.objects.filter(recipient=member.email).count() == 1


def test_release_of_a_changed_list_shows_the_new_one_and_keeps_the_message(
    client: Any, post: Any, demand: Any, technology: Any, officer: Any, colleague: Any
) -> None:
    judge(demand, technology, officer)
    seen = seen_on(client, demand)
    another = make_technology(title="Новая", korean=("새로 판단한 기술", "본문"))
    judge(demand, another, colleague)

    page = post("release", demand, seen=seen, message="적어 둔 말")

    assert page.status_code == 409
    assert "바뀌었습니다" in said(page) and "새로 판단한 기술" in said(page) and "적어 둔 말" in said(page)
    assert not Release.objects.exists()


@pytest.mark.parametrize("seen", [[], ["abc"], ["1:2:3"], ["\x00"], ["9" * 40 + ":1"]])
def test_release_with_a_broken_list_changes_nothing(
    post: Any, demand: Any, technology: Any, officer: Any, seen: list[str]
) -> None:
    judge(demand, technology, officer)
    assert post("release", demand, seen=seen, message="").status_code == 409
    assert not Release.objects.exists()


def test_message_that_is_too_long_or_unreadable_is_refused_and_kept(
    client: Any, post: Any, demand: Any, technology: Any, officer: Any
) -> None:
    judge(demand, technology, officer)
    seen = seen_on(client, demand)
    long = post("release", demand, seen=seen, message="가" * 2001)
    assert long.status_code == 422 and "가" * 2001 in long.content.decode()
    assert post("release", demand, seen=seen, message="가\x00").status_code == 422
    assert not Release.objects.exists()


def test_correction_needs_a_reason_and_tells_the_company(client: Any, post: Any, released: Any, member: Any) -> None:
    values = UNSUITABLE | {"seen_version": str(released.version), "words": "시험해 보니 다름"}
    page = post("correct", released.demand, released.technology, correction="", **values)
    assert page.status_code == 422
    assert "정정하는 까닭을 적어 주십시오." in said(page) and "시험해 보니 다름" in said(page)

    response = post("correct", released.demand, released.technology, follow=True, correction="사양이 다름", **values)
    assert told(response) == ["판단을 정정하고 기업에 알렸습니다."]
    assert "정정 사유: 사양이 다름" in said(response).replace(" :", ":")
    assert Mail.objects.filter(recipient=member.email, event__startswith="correction:").count() == 1


def test_stale_correction_is_refused_and_may_be_sent_again(post: Any, released: Any, colleague: Any) -> None:
    demand, technology = released.demand, released.technology
    correct(
        demand, technology, verdict="on_hold", reason="needs_owner_answer", words="", correction="확인 중",
        seen_version=released.version, by=colleague,
    )  # fmt: skip
    values = UNSUITABLE | {"seen_version": str(released.version), "correction": "내가 적은 사유"}

    page = post("correct", demand, technology, **values)
    assert page.status_code == 409
    assert "문태호 님이" in said(page) and "내가 적은 사유" in said(page)
    assert Decision.objects.get().correction == "확인 중"

    form = page.context["form"]
    again = post("correct", demand, technology, **{name: form[name].value() for name in form.fields})
    assert again.status_code == 302
    assert Decision.objects.get().correction == "내가 적은 사유"


# --- assigning, finding, picking --------------------------------------------------------------------------------------


def test_assigning(post: Any, demand: Any, officer: Any, colleague: Any, member: Any) -> None:
    assert told(post("assign", demand, follow=True, officer=colleague.pk)) == ["담당자를 문태호(으)로 정했습니다."]
    assert told(post("assign", demand, follow=True, officer="")) == ["담당자 배정을 풀었습니다."]
    for nobody in (member.pk, "abc", "999999", "\x00", "9" * 30):
        page = post("assign", demand, follow=True, officer=nobody)
        assert told(page) == ["지금 사업담당자인 사람 가운데에서 골라 주십시오."]
    assert not Assignment.objects.filter(ended_at__isnull=True).exists()


def test_only_people_who_are_officers_today_are_offered(client: Any, demand: Any, officer: Any, colleague: Any) -> None:
    colleague.grants.update(ends_on=timezone.localdate() - timedelta(days=1), starts_on="2020-01-01")
    html = client.get(address("demand_detail", demand)).content.decode()
    assert f'<option value="{officer.pk}"' in html and f'<option value="{colleague.pk}"' not in html


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("질화", True),
        ("경도", True),
        ("азотирование", True),
        ("금속연구소", True),
        ("질화 경도", True),
        ("질화 없음", False),
    ],
)
def test_technology_is_found_by_words_of_two_letters_in_any_language(
    client: Any, demand: Any, technology: Any, words: str, found: bool
) -> None:
    page = client.get(address("find_technology", demand), {"q": words})
    assert [t.pk for t in page.context["page_obj"]] == ([technology.pk] if found else [])


def test_technology_is_found_by_number(client: Any, demand: Any, technology: Any) -> None:
    page = client.get(address("find_technology", demand), {"q": technology.number})
    assert [t.pk for t in page.context["page_obj"]] == [technology.pk]


def test_search_of_one_letter_is_refused_with_a_reason(client: Any, demand: Any) -> None:
    page = client.get(address("find_technology", demand), {"q": "질"})
    assert page.status_code == 200 and "두 글자 이상 적어 주십시오." in said(page)


@pytest.mark.parametrize(
    "query", ["q=%00%00", "q=²²", "q=T-²", "q=질화&page=999", "q=질화&page=%00", "q=" + "가" * 200]
)
def test_strange_searches_are_answered(client: Any, demand: Any, technology: Any, query: str) -> None:
    assert client.get(f"{address('find_technology', demand)}?{query}").status_code == 200


def test_found_technology_is_added(client: Any, post: Any, demand: Any, technology: Any) -> None:
    response = post("pick", demand, technology, follow=True)
    assert told(response) == [f"{technology.number}을(를) 직접 찾은 기술로 더했습니다."]
    assert HandPick.objects.get().technology == technology
    assert "이미 후보 목록에 있습니다." in said(client.get(address("find_technology", demand), {"q": "질화"}))


def test_retired_drafted_and_outbound_technologies_are_not_added(post: Any, demand: Any) -> None:
    others = [
        make_technology(status="retired"),
        make_technology(status="draft"),
        make_technology(language="ko", country="KR", direction="outbound"),
    ]
    assert [post("pick", demand, other).status_code for other in others] == [404, 404, 404]
    assert not HandPick.objects.exists()


# --- scoring in sight -------------------------------------------------------------------------------------------------


def test_progress_is_shown_then_the_page_is_told_to_show_the_list(
    client: Any, demand: Any, technology: Any, cheap: Any, scored: Callable[[], int]
) -> None:
    moving = client.get(address("scoring_progress", demand))
    assert "점수를 계산하고 있습니다." in said(moving) and "HX-Refresh" not in moving.headers
    scored()
    done = client.get(address("scoring_progress", demand))
    assert done.headers["HX-Refresh"] == "true"
    page = client.get(address("demand_detail", demand))
    assert "1건 · 판단 전 1건" in said(page)


def test_failed_scoring_says_so_and_can_be_asked_for_again(
    client: Any, post: Any, demand: Any, technology: Any
) -> None:
    from cooperation_portal.work.models import Work
    from matching.scoring.kinds import SCORE_DEMAND

    Work.objects.filter(kind=SCORE_DEMAND, subject=str(demand.pk)).update(state="failed", cause="WorkerLost")
    page = client.get(address("demand_detail", demand))
    assert "점수를 계산하지 못했습니다(WorkerLost)." in said(page) and "점수 다시 계산" in said(page)
    assert told(post("rescore", demand, follow=True)) == ["점수를 다시 계산합니다."]
    assert Work.objects.get(kind=SCORE_DEMAND, subject=str(demand.pk)).state == "waiting"


# --- ways back --------------------------------------------------------------------------------------------------------


def test_every_link_leads_somewhere(client: Any, post: Any, demand: Any, three: list[Any], officer: Any) -> None:
    """An empty address would open the page itself, which after a sent form is no page at all."""
    judge(demand, three[0], officer)
    recommend(demand, officer)
    empty = client.get(address("release", demand))
    judge(demand, three[1], officer)
    pages = [
        empty,
        client.get(address("release", demand)),
        client.get(address("demand_detail", demand)),
        client.get(address("candidate", demand, three[1])),
        client.get(address("correct", demand, three[0])),
        client.get(address("find_technology", demand), {"q": "없는말"}),
        client.get(address("demand_history", demand)),
        client.get(reverse("add_demand")),
        client.get(reverse("edit_demand", args=[demand.pk])),
        post("decide_many", demand, chosen=chosen(three[2]), **UNSUITABLE),
        post("decide_many", demand, chosen=chosen(three[2]), confirm="1", **UNSUITABLE),
    ]
    for page in pages:
        links = re.findall(r'<a [^>]*href="([^"]*)"', page.content.decode())
        assert links and "" not in links, page.request["PATH_INFO"]
        targets = {link for link in links if link.startswith("/") and not link.startswith("/static/")}
        assert {target: client.get(target, follow=True).status_code for target in targets} == dict.fromkeys(
            targets, 200
        )


# --- history ----------------------------------------------------------------------------------------------------------


def test_history_reads_like_sentences_and_names_who(
    client: Any, post: Any, demand: Any, technology: Any, colleague: Any
) -> None:
    post("candidate", demand, technology, **SUITABLE)
    client.force_login(colleague)
    post("candidate", demand, technology, **UNSUITABLE | {"seen_version": "1"})

    events = client.get(address("demand_history", demand)).context["events"]
    by_what = {(event["what"], event["who"]): event["note"] for event in events}

    assert "상태: 접수 → 검토 중" in by_what["수요기술 변경", "한서윤"]
    assert "판단: 적합" in by_what["판단 추가", "한서윤"] and "사유: 요구를 충족함" in by_what["판단 추가", "한서윤"]
    assert "판단: 적합 → 부적합" in by_what["판단 변경", "문태호"]
    assert "사유: 요구를 충족함 → 개발 단계 차이" in by_what["판단 변경", "문태호"]
    assert "판단한 사람: 한서윤 → 문태호" in by_what["판단 변경", "문태호"]
    assert [event["when"] for event in events] == sorted((event["when"] for event in events), reverse=True)


def test_history_keeps_what_was_undone(client: Any, post: Any, demand: Any, technology: Any) -> None:
    post("candidate", demand, technology, **SUITABLE)
    post("undo", demand, technology, seen_version="1")
    events = client.get(address("demand_history", demand)).context["events"]
    assert [(event["what"], event["who"]) for event in events][:2] == [
        ("판단 삭제", "한서윤"),
        ("수요기술 변경", "한서윤"),
    ]


# --- a session that ended ---------------------------------------------------------------------------------------------

PASSWORD = "비밀번호 하나 둘 셋 넷"


@pytest.fixture
def signed_out(client: Any, demand: Any, officer: Any) -> Callable[[str], Any]:
    """Lets the session expire; returns what signing in again from the page it is given leads to."""
    officer.set_password(PASSWORD)
    officer.save()
    client.force_login(officer)
    client.get(address("demand_detail", demand))
    del client.cookies["session"]

    def sign_in(url: str) -> Any:
        next_page = unquote(url.partition("next=")[2])
        return client.post(url, {"login": officer.email, "password": PASSWORD, "next": next_page}, follow=True)

    return sign_in


def test_decision_that_met_an_expired_session_comes_back_to_its_form(
    post: Any, demand: Any, technology: Any, signed_out: Any
) -> None:
    path = address("candidate", demand, technology)
    response = post("candidate", demand, technology, page=path, **UNSUITABLE | {"words": "적어 둔 말"})
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={path}")
    assert not Decision.objects.exists()

    back = signed_out(response.url)
    assert back.redirect_chain[-1][0] == path
    form = back.context["form"]
    assert [form[name].value() for name in ("verdict", "reason", "words")] == ["unsuitable", "stage", "적어 둔 말"]
    assert "로그인이 만료되어 저장되지 않은 내용을 다시 보여 드립니다." in said(back)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("name", ["assign", "decide_many", "undo", "pick"])
def test_session_that_ended_before_a_button_was_pressed_leads_back_to_the_page_with_the_button(
    post: Any, demand: Any, technology: Any, signed_out: Any, name: str
) -> None:
    page = f"/demands/{demand.pk}/find/?q=T-1"
    response = post(name, demand, technology if name in ("undo", "pick") else None, page=page, **SUITABLE)
    back = signed_out(response.url)
    assert back.status_code == 200
    assert unquote(back.redirect_chain[-1][0]) == page


@pytest.mark.parametrize("page", ["//evil.example/", "http://evil.example/demands/", "http://testserver.evil.example/"])
def test_page_of_another_site_is_not_come_back_to(client: Any, demand: Any, signed_out: Any, page: str) -> None:
    response = client.post(address("release", demand), {}, headers={"Referer": page})
    assert response.url == f"/accounts/login/?next={address('release', demand)}"


def test_part_of_a_page_asks_for_the_whole_page_when_the_session_ended(
    client: Any, demand: Any, signed_out: Any
) -> None:
    response = client.get(address("scoring_progress", demand), headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Refresh"]) == (401, "true")


def test_a_button_of_a_public_page_leads_to_the_sign_in_when_the_session_ended(
    client: Any, technology: Any, signed_out: Any
) -> None:
    page = f"/technologies/{technology.pk}/"
    sent_from = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}?q=1"}
    response = client.post(f"{page}bookmark/", headers=sent_from)
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, f"/accounts/login/?next={page}%3Fq%3D1")
    elsewhere = client.post(f"{page}bookmark/", headers=sent_from | {"HX-Current-URL": "https://evil.example/"})
    assert "HX-Redirect" not in elsewhere.headers
