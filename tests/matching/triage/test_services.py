"""What officers may do to a demand, and what they are told when they may not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cooperation_portal.notices.models import Mail
from matching.demands.models import DemandStatus
from matching.demands.services import move_demand
from matching.scoring.kinds import SCORE_DEMAND
from matching.scoring.models import HandPick
from matching.triage.models import Assignment, Decision, Release
from matching.triage.services import (
    DecidedMeanwhile,
    Refusal,
    assign,
    correct,
    decide,
    decide_many,
    pick_by_hand,
    release,
    undo,
    waiting_for_release,
)
from tests.matching.triage.conftest import judge, recommend
from tests.people import make_demand, make_member, make_technology, make_user

pytestmark = pytest.mark.django_db


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_first_decision_is_stored_and_the_demand_goes_under_review(demand: Any, technology: Any, officer: Any) -> None:
    judge(demand, technology, officer, "on_hold", words="보유기관에 온도 확인 요청")

    stored = Decision.objects.get(demand=demand, technology=technology)
    assert (stored.verdict, stored.reason, stored.words) == (
        "on_hold",
        "needs_owner_answer",
        "보유기관에 온도 확인 요청",
    )
    assert (stored.decided_by, stored.version) == (officer, 1)
    demand.refresh_from_db()
    assert demand.status == DemandStatus.IN_REVIEW


def test_second_thoughts_replace_the_decision_and_raise_its_version(
    demand: Any, technology: Any, officer: Any, colleague: Any
) -> None:
    judge(demand, technology, officer)
    judge(demand, technology, colleague, "unsuitable", seen=1)

    stored = Decision.objects.get()
    assert (stored.verdict, stored.decided_by, stored.version) == ("unsuitable", colleague, 2)


def test_decision_on_an_old_page_is_refused_and_names_who_decided_what_and_when(
    demand: Any, technology: Any, officer: Any, colleague: Any
) -> None:
    judge(demand, technology, colleague, "unsuitable")

    with pytest.raises(DecidedMeanwhile) as conflict:
        judge(demand, technology, officer)

    when = timezone.localtime(Decision.objects.get().decided_at).strftime("%Y-%m-%d %H:%M")
    assert f"문태호 님이 {when}에 ‘부적합’(으)로 판단했습니다." in str(conflict.value)
    assert conflict.value.current.decided_by == colleague
    assert Decision.objects.get().verdict == "unsuitable"


def test_decision_that_was_taken_back_meanwhile_is_told(
    demand: Any, technology: Any, officer: Any, colleague: Any
) -> None:
    judge(demand, technology, colleague)
    undo(demand, technology, seen_version=1, by=colleague)

    with pytest.raises(DecidedMeanwhile, match="되돌려졌습니다") as conflict:
        judge(demand, technology, officer, seen=1)
    assert conflict.value.current is None


@pytest.mark.parametrize("status", [DemandStatus.CLOSED, DemandStatus.WITHDRAWN])
def test_ended_demand_is_not_decided(demand: Any, technology: Any, officer: Any, status: DemandStatus) -> None:
    move_demand(demand, to=status, by=officer)

    with pytest.raises(Refusal, match=f"‘{status.label}’ 상태의 수요는 더 이상 처리할 수 없습니다."):
        judge(demand, technology, officer)
    assert not Decision.objects.exists()


def test_draft_is_not_decided(company: Any, technology: Any, officer: Any) -> None:
    draft = make_demand(company, submit=False)

    with pytest.raises(Refusal, match="‘작성 중’ 상태"):
        judge(draft, technology, officer)
    draft.refresh_from_db()
    assert draft.status == DemandStatus.DRAFT


def test_what_the_company_was_told_is_not_changed_by_deciding_again(released: Any, officer: Any) -> None:
    with pytest.raises(Refusal, match="정정"):
        judge(released.demand, released.technology, officer, "unsuitable", seen=released.version)
    released.refresh_from_db()
    assert released.verdict == "suitable"


def test_decision_keeps_what_the_machine_said(
    demand: Any, technology: Any, officer: Any, cheap: Any, scored: Callable[[], int]
) -> None:
    scored()
    match = demand.matches.get()
    judge(demand, technology, officer)
    demand.matches.update(score=-99.0, relevance="low", engine_version="later")

    stored = Decision.objects.get()
    assert (stored.score, stored.relevance, stored.engine_version) == (
        match.score,
        match.relevance,
        match.engine_version,
    )


# --- two officers at once ---------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs the acts at the same moment, each on a connection of its own; what they return or raise."""
    ready = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        ready.wait(timeout=20)
        try:
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_wins_and_the_other_is_told(
    demand: Any, technology: Any, officer: Any, colleague: Any
) -> None:
    results = at_once(
        lambda: judge(demand, technology, officer),
        lambda: judge(demand, technology, colleague, "unsuitable"),
    )

    won = [result for result in results if isinstance(result, Decision)]
    told = [result for result in results if isinstance(result, DecidedMeanwhile)]
    assert len(won) == len(told) == 1, results
    stored = Decision.objects.get()
    assert (stored.decided_by, stored.verdict, stored.version) == (won[0].decided_by, won[0].verdict, 1)
    assert told[0].current.decided_by == won[0].decided_by


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_tell_the_company_once(
    demand: Any, technology: Any, officer: Any, colleague: Any, member: Any
) -> None:
    decision = judge(demand, technology, officer)
    seen = {decision.pk: decision.version}

    results = at_once(
        lambda: release(demand, message="", seen=seen, by=officer),
        lambda: release(demand, message="", seen=seen, by=colleague),
    )

    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Release"], results
    assert Release.objects.count() == 1
    assert Mail.objects.filter(recipient=member.email).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_assignments_at_once_leave_one_officer_in_charge(demand: Any, officer: Any, colleague: Any) -> None:
    results = at_once(
        lambda: assign(demand, officer=officer, by=officer),
        lambda: assign(demand, officer=colleague, by=colleague),
    )

    assert all(isinstance(result, Assignment) for result in results), results
    assert Assignment.objects.filter(ended_at__isnull=True).count() == 1
    assert Assignment.objects.count() == 2


# --- several at once --------------------------------------------------------------------------------------------------


def test_one_verdict_for_several_leaves_out_what_a_colleague_decided(
    demand: Any, technology: Any, officer: Any, colleague: Any
) -> None:
    others = [make_technology(title=f"Технология {number}") for number in range(2)]
    judge(demand, technology, colleague, "on_hold")

    seen = [(technology, 0), (others[0], 0), (others[1], 0)]
    summary = decide_many(demand, seen, verdict="unsuitable", reason="stage", words="", by=officer)

    assert {decision.technology for decision in summary.decided} == set(others)
    [(refused, why)] = summary.refused
    assert refused == technology
    assert "문태호" in why and "보류" in why
    verdicts = dict(Decision.objects.values_list("technology", "verdict"))
    assert verdicts == {technology.pk: "on_hold", others[0].pk: "unsuitable", others[1].pk: "unsuitable"}


# --- undoing ----------------------------------------------------------------------------------------------------------


def test_undo_takes_the_decision_away(demand: Any, technology: Any, officer: Any) -> None:
    judge(demand, technology, officer)
    undo(demand, technology, seen_version=1, by=officer)
    assert not Decision.objects.exists()


def test_only_who_decided_may_undo(demand: Any, technology: Any, officer: Any, colleague: Any) -> None:
    judge(demand, technology, officer)
    with pytest.raises(PermissionDenied, match="판단한 사람만"):
        undo(demand, technology, seen_version=1, by=colleague)
    assert Decision.objects.exists()


def test_undo_on_an_old_page_is_refused(demand: Any, technology: Any, officer: Any) -> None:
    judge(demand, technology, officer)
    judge(demand, technology, officer, "on_hold", seen=1)
    with pytest.raises(DecidedMeanwhile):
        undo(demand, technology, seen_version=1, by=officer)
    assert Decision.objects.get().verdict == "on_hold"


def test_undo_of_nothing_is_refused(demand: Any, technology: Any, officer: Any) -> None:
    with pytest.raises(DecidedMeanwhile):
        undo(demand, technology, seen_version=0, by=officer)


def test_what_the_company_was_told_is_not_undone(released: Any, officer: Any) -> None:
    with pytest.raises(PermissionDenied, match="정정"):
        undo(released.demand, released.technology, seen_version=released.version, by=officer)
    assert Decision.objects.filter(pk=released.pk).exists()


# --- releasing --------------------------------------------------------------------------------------------------------


def test_release_marks_what_is_suitable_and_moves_the_demand(
    demand: Any, technology: Any, officer: Any, member: Any
) -> None:
    held = make_technology(title="Другая технология")
    judge(demand, technology, officer)
    judge(demand, held, officer, "on_hold")

    made = recommend(demand, officer, "검토해 보십시오.")

    assert list(made.decisions.values_list("technology", flat=True)) == [technology.pk]
    assert Decision.objects.get(technology=held).release is None
    demand.refresh_from_db()
    assert demand.status == DemandStatus.RECOMMENDED
    mail = Mail.objects.get(recipient=member.email)
    assert "검토해 보십시오." in mail.text and demand.number in mail.subject


def test_release_of_a_list_that_changed_since_is_refused(
    demand: Any, technology: Any, officer: Any, colleague: Any, member: Any
) -> None:
    decision = judge(demand, technology, officer)
    seen = {decision.pk: decision.version}
    judge(demand, make_technology(title="Новая технология"), colleague)

    with pytest.raises(Refusal, match="바뀌었습니다"):
        release(demand, message="", seen=seen, by=officer)
    assert not Release.objects.exists() and not Mail.objects.exists()


def test_release_of_a_decision_that_was_changed_since_is_refused(demand: Any, technology: Any, officer: Any) -> None:
    decision = judge(demand, technology, officer)
    judge(demand, technology, officer, seen=1, reason="partly_solves")
    with pytest.raises(Refusal, match="바뀌었습니다"):
        release(demand, message="", seen={decision.pk: 1}, by=officer)


def test_release_of_nothing_is_refused(demand: Any, officer: Any) -> None:
    with pytest.raises(Refusal, match="‘적합’ 판단이 없습니다"):
        release(demand, message="", seen={}, by=officer)


@pytest.mark.parametrize("status", [DemandStatus.CLOSED, DemandStatus.WITHDRAWN])
def test_ended_demand_is_not_released(
    demand: Any, technology: Any, officer: Any, member: Any, status: DemandStatus
) -> None:
    judge(demand, technology, officer)
    move_demand(demand, to=status, by=officer)

    with pytest.raises(Refusal, match="더 이상 처리할 수 없습니다"):
        recommend(demand, officer)
    assert not Release.objects.exists() and not Mail.objects.exists()


def test_second_release_holds_only_what_is_new(released: Any, officer: Any) -> None:
    another = make_technology(title="Вторая технология")
    judge(released.demand, another, officer)

    second = recommend(released.demand, officer)

    assert list(second.decisions.values_list("technology", flat=True)) == [another.pk]
    assert waiting_for_release(released.demand) == []


def test_every_current_member_gets_one_mail_in_their_own_language(
    demand: Any, company: Any, technology: Any, officer: Any, member: Any, outsider: Any
) -> None:
    english = make_member(company, "Ann Lee")
    english.language = "en"
    english.save()
    left, gone = make_member(company, "전직원"), make_member(company, "퇴사자")
    left.memberships.update(ended_at=timezone.now())
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    judge(demand, technology, officer)

    recommend(demand, officer)

    mails = {mail.recipient: mail for mail in Mail.objects.all()}
    assert set(mails) == {member.email, english.email}
    assert "국제기술협력 포털" in mails[member.email].subject
    assert "International Technology Cooperation Portal" in mails[english.email].subject


def test_second_event_is_a_second_mail(released: Any, officer: Any, member: Any) -> None:
    judge(released.demand, make_technology(title="Вторая технология"), officer)
    recommend(released.demand, officer)
    assert Mail.objects.filter(recipient=member.email).values("event").distinct().count() == 2


def test_demand_of_an_institution_is_released_without_mail(officer: Any) -> None:
    from tests.people import make_institution

    abroad = make_institution("KZ", "ru", "Завод")
    demand = make_demand(institution=abroad, direction="outbound", language="ru")
    judge(demand, make_technology(title="분말", language="ko", country="KR", direction="outbound"), officer)
    recommend(demand, officer)
    demand.refresh_from_db()
    assert demand.status == DemandStatus.RECOMMENDED and not Mail.objects.exists()


# --- correcting -------------------------------------------------------------------------------------------------------


def put_right(decision: Any, by: Any, seen: int | None = None, **fields: Any) -> Any:
    values = {"verdict": "unsuitable", "reason": "rights", "words": "", "correction": "특허가 이전됨"} | fields
    seen_version = decision.version if seen is None else seen
    return correct(decision.demand, decision.technology, **values, seen_version=seen_version, by=by)


def test_correction_changes_the_decision_and_tells_every_member_once(
    released: Any, company: Any, colleague: Any, member: Any, outsider: Any
) -> None:
    second = make_member(company, "손서진")
    Mail.objects.all().delete()

    put_right(released, colleague)

    stored = Decision.objects.get(pk=released.pk)
    assert (stored.verdict, stored.reason, stored.correction, stored.decided_by) == (
        "unsuitable", "rights", "특허가 이전됨", colleague,
    )  # fmt: skip
    assert stored.release == released.release
    mails = list(Mail.objects.all())
    assert sorted(mail.recipient for mail in mails) == sorted([member.email, second.email])
    assert all("특허가 이전됨" in mail.text for mail in mails)


def test_correction_before_the_release_is_refused(demand: Any, technology: Any, officer: Any) -> None:
    decision = judge(demand, technology, officer)
    with pytest.raises(Refusal, match="아직 추천하지 않은"):
        put_right(decision, officer)
    assert Decision.objects.get().verdict == "suitable"


def test_correction_on_an_old_page_is_refused_and_sends_nothing(released: Any, officer: Any, colleague: Any) -> None:
    put_right(released, colleague)
    before = Mail.objects.count()
    with pytest.raises(DecidedMeanwhile, match="문태호"):
        put_right(released, officer, seen=released.version, correction="다른 사유")
    assert Decision.objects.get(pk=released.pk).correction == "특허가 이전됨"
    assert Mail.objects.count() == before


def test_company_no_longer_sees_what_was_corrected_away(
    released: Any, officer: Any, member: Any, outsider: Any
) -> None:
    assert Decision.objects.visible_to(member).count() == 1
    assert Decision.objects.visible_to(outsider).count() == 0
    put_right(released, officer)
    assert Decision.objects.visible_to(member).count() == 0


def test_company_sees_nothing_before_the_release(demand: Any, technology: Any, officer: Any, member: Any) -> None:
    judge(demand, technology, officer)
    assert Decision.objects.visible_to(member).count() == 0
    assert Decision.objects.visible_to(officer).count() == 1


# --- assigning --------------------------------------------------------------------------------------------------------


def test_hand_over_ends_one_assignment_and_begins_the_next(demand: Any, officer: Any, colleague: Any) -> None:
    assign(demand, officer=officer, by=officer)
    assign(demand, officer=colleague, by=officer)

    first, second = Assignment.objects.order_by("pk")
    assert first.ended_at is not None and second.ended_at is None
    assert (second.officer, second.assigned_by) == (colleague, officer)


def test_assignment_mail_goes_to_another_person_only(demand: Any, officer: Any, colleague: Any) -> None:
    assign(demand, officer=officer, by=officer)
    assert not Mail.objects.exists()

    assign(demand, officer=colleague, by=officer)

    mail = Mail.objects.get()
    assert mail.recipient == colleague.email
    assert demand.number in mail.text and "한서윤" in mail.text and f"/demands/{demand.pk}/" in mail.text


def test_asking_for_what_is_already_so_changes_nothing(demand: Any, officer: Any, colleague: Any) -> None:
    assign(demand, officer=colleague, by=officer)
    assign(demand, officer=colleague, by=officer)
    assert Assignment.objects.count() == Mail.objects.count() == 1


def test_assignment_may_be_taken_away(demand: Any, officer: Any) -> None:
    assign(demand, officer=officer, by=officer)
    assert assign(demand, officer=None, by=officer) is None
    assert not Assignment.objects.filter(ended_at__isnull=True).exists()


def test_mail_of_a_hand_over_is_in_the_language_of_who_gets_it(demand: Any, officer: Any) -> None:
    reader = make_user("Kim", "officer", language="en")
    assign(demand, officer=reader, by=officer)
    assert "International Technology Cooperation Portal" in Mail.objects.get().subject


# --- picking by hand --------------------------------------------------------------------------------------------------


def test_pick_is_kept_once_and_asks_for_a_score(demand: Any, technology: Any, officer: Any, colleague: Any) -> None:
    from cooperation_portal.work.models import Work

    Work.objects.all().delete()
    pick_by_hand(demand, technology, by=officer)
    again = pick_by_hand(demand, technology, by=colleague)

    assert HandPick.objects.count() == 1 and again.picked_by == officer
    asked = Work.objects.get(kind=SCORE_DEMAND)
    assert (asked.subject, asked.version) == (str(demand.pk), 1)


def test_picked_technology_is_scored_and_the_decision_says_how_it_was_found(
    demand: Any, technology: Any, officer: Any, cheap: Any, scored: Callable[[], int]
) -> None:
    scored()
    pick_by_hand(demand, technology, by=officer)
    scored()
    decision = judge(demand, technology, officer)
    assert decision.by_hand and decision.score is not None


# --- what no path lets in ---------------------------------------------------------------------------------------------


def test_decide_passes_nothing_that_the_database_refuses(demand: Any, technology: Any, officer: Any) -> None:
    from django.db import IntegrityError, transaction

    wrong = [("suitable", "stage", ""), ("unsuitable", "solves", ""), ("on_hold", "other", ""), ("good", "solves", "")]
    for verdict, reason, words in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            decide(demand, technology, verdict=verdict, reason=reason, words=words, seen_version=0, by=officer)
    assert not Decision.objects.exists()
