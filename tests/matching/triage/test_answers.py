"""What a company says to its recommendations: who, when, how often, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation_portal.notices.models import Mail
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import move_demand
from matching.triage.models import Answer
from matching.triage.queries import officers as queries
from matching.triage.services import AnsweredMeanwhile, Refusal, answer, assign, correct, withdraw_demand
from tests.matching.demands.conftest import said, typed
from tests.matching.triage.conftest import judge, recommend
from tests.matching.triage.test_services import at_once
from tests.people import make_member, make_technology

pytestmark = pytest.mark.django_db
YES: dict[str, Any] = {"interest": "interested", "reason": "", "words": ""}
NO: dict[str, Any] = {"interest": "not_interested", "reason": "terms", "words": ""}


def address(decision: Any) -> str:
    return reverse("answer_recommendation", args=[decision.demand_id, decision.technology_id])


@pytest.fixture
def client(client: Any, member: Any) -> Any:
    client.force_login(member)
    return client


@pytest.fixture
def workmate(company: Any) -> Any:
    return make_member(company, "노지혜")


@pytest.fixture
def assigned(released: Any, officer: Any, colleague: Any) -> Any:
    """The released recommendation, its demand in the care of another officer than who judged."""
    assign(released.demand, officer=colleague, by=officer)
    Mail.objects.all().delete()
    return released


# --- answering --------------------------------------------------------------------------------------------------------


def test_one_button_says_yes(client: Any, assigned: Any, member: Any) -> None:
    page = client.post(address(assigned), {"interest": "interested", "seen_version": 0}, follow=True)
    given = Answer.objects.get()
    assert (given.decision, given.interest, given.reason, given.answered_by, given.version) == (
        assigned, "interested", "", member, 1
    )  # fmt: skip
    assert "우리 회사의 답변 관심 있음 곽미래" in said(page)


def test_no_needs_a_reason_and_other_needs_words(client: Any, assigned: Any) -> None:
    path = address(assigned)
    page = client.post(path, {"interest": "not_interested", "seen_version": 0})
    assert page.status_code == 422 and "까닭을 골라 주십시오" in page.context["form"].errors["reason"][0]
    page = client.post(path, {"interest": "not_interested", "reason": "other", "seen_version": 0})
    assert page.status_code == 422 and "‘기타’를 고른 까닭" in page.context["form"].errors["words"][0]
    page = client.post(path, {"interest": "not_interested", "reason": "evil", "words": "말", "seen_version": 0})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["reason"]
    assert page.context["form"]["words"].value() == "말"
    page = client.post(path, {"interest": "", "seen_version": 0})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["interest"]
    assert not Answer.objects.exists()
    assert (
        client.post(
            path, {**NO, "reason": "other", "words": "이미 비슷한 설비가 있습니다.", "seen_version": 0}
        ).status_code
        == 302
    )


def test_a_reason_that_was_left_from_a_no_does_not_stay_with_a_yes(client: Any, assigned: Any) -> None:
    client.post(address(assigned), {**YES, "reason": "terms", "seen_version": 0})
    assert Answer.objects.get().reason == ""


@pytest.mark.parametrize("words", ["가" * 1001, "가\x00나"])
def test_words_that_cannot_be_kept_are_told_beside_the_field(client: Any, assigned: Any, words: str) -> None:
    page = client.post(address(assigned), {**YES, "words": words, "seen_version": 0})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["words"]


def test_an_answer_may_be_changed_and_the_history_keeps_both(
    client: Any, assigned: Any, officer: Any, workmate: Any
) -> None:
    client.post(address(assigned), {**YES, "words": "자료를 받고 싶습니다.", "seen_version": 0})
    client.force_login(workmate)
    values = typed(client, address(assigned))
    assert (values["interest"], values["words"]) == ("interested", "자료를 받고 싶습니다.")
    client.post(address(assigned), values | NO)
    given = Answer.objects.get()
    assert (given.interest, given.version, given.answered_by) == ("not_interested", 2, workmate)
    desk = Client()
    desk.force_login(officer)
    history = said(desk.get(reverse("demand_history", args=[assigned.demand_id])))
    assert "기업 답변: 관심 있음 → 관심 없음" in history and "자료를 받고 싶습니다." in history


def test_an_answer_on_an_old_page_is_refused_and_says_what_the_colleague_answered(
    client: Any, assigned: Any, workmate: Any
) -> None:
    answer(assigned, seen_version=0, by=workmate, **NO)
    page = client.post(address(assigned), {**YES, "words": "내가 적은 말", "seen_version": 0})
    assert page.status_code == 409
    assert "노지혜 님이" in said(page) and "‘관심 없음’(으)로 답했습니다." in said(page)
    assert page.context["form"]["words"].value() == "내가 적은 말"
    assert Answer.objects.get().interest == "not_interested"
    again = {**YES, "seen_version": page.context["form"]["seen_version"].value()}
    assert client.post(address(assigned), again).status_code == 302
    assert Answer.objects.get().interest == "interested"


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_at_once_one_answers_and_the_other_is_told(
    assigned: Any, member: Any, workmate: Any, colleague: Any
) -> None:
    results = at_once(
        lambda: answer(assigned, seen_version=0, by=member, **YES),
        lambda: answer(assigned, seen_version=0, by=workmate, **NO),
    )
    assert sorted(type(result).__name__ for result in results) == ["Answer", "AnsweredMeanwhile"], results
    assert Answer.objects.count() == 1
    assert Mail.objects.filter(recipient=colleague.email).count() == 1


# --- who hears of it --------------------------------------------------------------------------------------------------


def test_the_officer_in_charge_is_told_once_of_each_answer(assigned: Any, member: Any, colleague: Any) -> None:
    given = answer(assigned, seen_version=0, by=member, **{**NO, "words": "장비가 너무 비쌉니다."})
    mail = Mail.objects.get()
    assert mail.recipient == colleague.email
    assert assigned.demand.number in mail.subject and "관심 없음" in mail.subject
    assert "비용·조건" in mail.text and "장비가 너무 비쌉니다." in mail.text
    answer(assigned, seen_version=given.version, by=member, **{**NO, "words": "장비가 너무 비쌉니다."})
    assert (Mail.objects.count(), Answer.objects.get().version) == (1, 1), "the same again is no new answer"
    answer(assigned, seen_version=given.version, by=member, **YES)
    assert Mail.objects.count() == 2


def test_without_an_officer_in_charge_who_recommended_is_told(released: Any, member: Any, officer: Any) -> None:
    Mail.objects.all().delete()
    answer(released, seen_version=0, by=member, **YES)
    assert Mail.objects.get().recipient == officer.email


def test_who_is_no_officer_any_more_is_told_nothing(assigned: Any, member: Any, officer: Any, colleague: Any) -> None:
    colleague.grants.update(
        ends_on=timezone.localdate().replace(year=2020), starts_on=timezone.localdate().replace(year=2019)
    )
    answer(assigned, seen_version=0, by=member, **YES)
    assert Mail.objects.get().recipient == officer.email


def test_officers_see_the_answer_on_the_demand_in_the_queue_and_on_the_start_page(
    client: Any, assigned: Any, member: Any, colleague: Any
) -> None:
    second = make_technology("Вторая", korean=("둘째 기술", "본문"))
    judge(assigned.demand, second, colleague)
    recommend(assigned.demand, colleague)
    declined = assigned.demand.decisions.get(technology=second)
    answer(assigned, seen_version=0, by=member, **{**YES, "words": "자료를 받고 싶습니다."})
    answer(declined, seen_version=0, by=member, **NO)

    desk = Client()
    desk.force_login(colleague)
    detail = said(desk.get(reverse("demand_detail", args=[assigned.demand_id])))
    assert "기업 관심 1건" in detail and "자료를 받고 싶습니다." in detail and "관심 없음 비용·조건" in detail
    one = said(desk.get(reverse("candidate", args=[assigned.demand_id, second.pk])))
    assert "기업 답변 관심 없음 비용·조건 곽미래" in one
    assert "기업 관심 1건" in said(desk.get("/demands/"))
    for query, count in {"interested": 1, "not_interested": 1, "waiting": 0}.items():
        assert desk.get(f"/demands/?answer={query}").context["page_obj"].paginator.count == count, query
    assert queries.today(colleague).interested == 1
    assert desk.get("/demands/mine/?waiting=interested").context["page_obj"].paginator.count == 1


# --- when not ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [DemandStatus.CLOSED, DemandStatus.WITHDRAWN])
def test_a_demand_that_has_ended_takes_no_answers(
    client: Any, assigned: Any, member: Any, officer: Any, status: DemandStatus
) -> None:
    move_demand(assigned.demand, to=status, by=officer)
    for page in (
        client.get(address(assigned), follow=True),
        client.post(address(assigned), {**YES, "seen_version": 0}, follow=True),
    ):
        assert "끝난 수요의 추천에는 답하실 수 없습니다." in said(page)
    with pytest.raises(Refusal, match="더 이상 처리할 수 없습니다"):
        answer(assigned, seen_version=0, by=member, **YES)
    assert not Answer.objects.exists()


def test_a_recommendation_that_was_corrected_takes_no_answers(
    client: Any, assigned: Any, member: Any, officer: Any
) -> None:
    corrected = {"verdict": "unsuitable", "reason": "rights", "words": "", "correction": "특허가 이전되었습니다."}
    correct(assigned.demand, assigned.technology, seen_version=assigned.version, by=officer, **corrected)
    assert client.get(address(assigned)).status_code == 404
    with pytest.raises(Refusal, match="정정되어"):
        answer(assigned, seen_version=0, by=member, **YES)
    page = said(client.get(reverse("my_demand", args=[assigned.demand_id])))
    assert "추천이 정정된 기술" in page and "특허가 이전되었습니다." in page and "지식재산권·거래 조건" not in page


def test_an_interest_in_what_was_corrected_since_is_not_counted(
    assigned: Any, member: Any, colleague: Any, officer: Any
) -> None:
    answer(assigned, seen_version=0, by=member, **YES)
    corrected = {"verdict": "unsuitable", "reason": "rights", "words": "", "correction": "특허가 이전되었습니다."}
    correct(assigned.demand, assigned.technology, seen_version=assigned.version, by=officer, **corrected)
    assert queries.today(colleague).interested == 0
    assert Answer.objects.get().interest == "interested", "what was said stays"


def test_what_was_not_released_cannot_be_answered(client: Any, assigned: Any, officer: Any) -> None:
    other = make_technology("Другая")
    judge(assigned.demand, other, officer)
    path = reverse("answer_recommendation", args=[assigned.demand_id, other.pk])
    assert {client.get(path).status_code, client.post(path, {**YES, "seen_version": 0}).status_code} == {404}


@pytest.mark.parametrize("role", ["outsider", "officer", "content_admin", "system_admin"])
def test_only_the_company_answers_and_only_it_and_officers_read(
    request: Any, assigned: Any, member: Any, role: str
) -> None:
    given = answer(assigned, seen_version=0, by=member, **YES)
    stranger = request.getfixturevalue(role)
    client = Client()
    client.force_login(stranger)
    assert client.post(address(assigned), {**NO, "seen_version": 1}).status_code == 404
    assert Answer.objects.get().version == 1
    assert Answer.objects.visible_to(stranger).filter(pk=given.pk).exists() == (role == "officer")
    assert Answer.objects.visible_to(member).filter(pk=given.pk).exists()


@pytest.mark.parametrize(
    "values",
    [
        {"interest": "maybe", "reason": ""},
        {"interest": "interested", "reason": "terms"},
        {"interest": "not_interested", "reason": ""},
        {"interest": "not_interested", "reason": "evil"},
        {"interest": "not_interested", "reason": "other", "words": ""},
    ],
)
def test_the_database_refuses_answers_that_make_no_sense(assigned: Any, member: Any, values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(decision=assigned, answered_by=member, **values)


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_a_demand_is_withdrawn_with_a_reason_and_the_officer_is_told(
    client: Any, assigned: Any, member: Any, colleague: Any
) -> None:
    answer(assigned, seen_version=0, by=member, **YES)
    Mail.objects.all().delete()
    path = reverse("withdraw_demand", args=[assigned.demand_id])
    assert client.post(path, {"reason": " "}).status_code == 422
    page = said(client.post(path, {"reason": "다른 방법을 찾았습니다."}, follow=True))
    demand = Demand.objects.get()
    assert (demand.status, demand.withdrawal) == (DemandStatus.WITHDRAWN, "다른 방법을 찾았습니다.")
    assert "다른 방법을 찾았습니다." in page and "강의 플라즈마 질화" in page and "관심 있음" in page
    mail = Mail.objects.get()
    assert mail.recipient == colleague.email and "다른 방법을 찾았습니다." in mail.text
    desk = Client()
    desk.force_login(colleague)
    assert "다른 방법을 찾았습니다." in said(desk.get(reverse("demand_detail", args=[demand.pk])))


def test_withdrawing_twice_tells_once(assigned: Any, member: Any) -> None:
    withdraw_demand(assigned.demand, reason="다른 방법", by=member)
    with pytest.raises(Refusal, match="철회할 수 없습니다"):
        withdraw_demand(assigned.demand, reason="또", by=member)
    assert Demand.objects.get().withdrawal == "다른 방법" and Mail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_judgement_at_once_leave_one_order_of_events(
    assigned: Any, member: Any, officer: Any
) -> None:
    other = make_technology("Другая")
    results = at_once(
        lambda: withdraw_demand(assigned.demand, reason="다른 방법", by=member),
        lambda: judge(assigned.demand, other, officer),
    )
    assert Demand.objects.get().status == DemandStatus.WITHDRAWN
    refused = [result for result in results if isinstance(result, Refusal)]
    assert assigned.demand.decisions.filter(technology=other).exists() == (not refused), results


def test_a_conflict_without_an_answer_to_show_still_speaks() -> None:
    assert str(AnsweredMeanwhile(None))
