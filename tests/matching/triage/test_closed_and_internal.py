"""What an officer may not do to a demand that is closed, or with a technology that is not for companies."""

from typing import Any

import pytest

from matching.demands.models import Demand, DemandStatus
from matching.demands.services import TransitionRefused, add_demand, change_demand, move_demand
from matching.triage import services
from matching.triage.models import Decision
from tests.people import make_company, make_demand, make_technology

pytestmark = pytest.mark.django_db
SUITABLE: dict[str, Any] = {"verdict": "suitable", "reason": "solves", "words": ""}


@pytest.fixture
def closed(demand: Any, technology: Any, officer: Any) -> Any:
    services.decide(demand, technology, seen_version=0, by=officer, **SUITABLE)
    return move_demand(demand, to=DemandStatus.CLOSED, by=officer)


def test_nothing_is_done_to_a_closed_demand(closed: Any, technology: Any, officer: Any, colleague: Any) -> None:
    other = make_technology("Другая технология")
    attempts = (
        lambda: services.decide(closed, other, seen_version=0, by=officer, **SUITABLE),
        lambda: services.undo(closed, technology, seen_version=1, by=officer),
        lambda: services.assign(closed, officer=colleague, by=officer),
        lambda: services.pick_by_hand(closed, other, by=officer),
        lambda: services.release(closed, message="", seen={}, by=officer),
    )
    for attempt in attempts:
        with pytest.raises(services.Refusal, match="종료"):
            attempt()
    assert Decision.objects.get().version == 1
    assert not closed.assignments.exists()


def test_a_closed_demand_is_not_edited(closed: Any, officer: Any) -> None:
    with pytest.raises(TransitionRefused, match="종료"):
        change_demand(closed, by=officer, edit_version=1, fields=[], metrics=[], title="다른 제목")
    assert Demand.objects.get(pk=closed.pk).title == closed.title


def test_a_correction_on_a_withdrawn_demand_is_refused(demand: Any, technology: Any, officer: Any) -> None:
    decision = services.decide(demand, technology, seen_version=0, by=officer, **SUITABLE)
    services.release(demand, message="", seen={decision.pk: 1}, by=officer)
    move_demand(Demand.objects.get(pk=demand.pk), to=DemandStatus.WITHDRAWN, by=officer)
    with pytest.raises(services.Refusal, match="철회"):
        services.correct(demand, technology, correction="착오", seen_version=2, by=officer, **SUITABLE)


@pytest.mark.parametrize("change", [{"status": "retired"}, {"status": "draft"}, {"direction": "outbound"}])
def test_only_published_technologies_of_the_same_direction_are_decided(
    demand: Any, officer: Any, change: dict[str, str]
) -> None:
    with pytest.raises(services.Refusal, match="후보가 될 수 없는"):
        services.decide(demand, make_technology(**change), seen_version=0, by=officer, **SUITABLE)


def test_an_internal_technology_is_not_recommended(demand: Any, officer: Any) -> None:
    technology = make_technology(disclosure="staff")
    decision = services.decide(demand, technology, seen_version=0, by=officer, **SUITABLE)
    with pytest.raises(services.Refusal, match=technology.number):
        services.release(demand, message="", seen={decision.pk: 1}, by=officer)
    assert not demand.releases.exists()


def test_a_form_that_is_sent_twice_makes_one_demand(client: Any, officer: Any) -> None:
    company = make_company()
    client.force_login(officer)
    page = client.get("/demands/new/").context["form"]
    data = {
        "company": company.pk,
        "kind": "demand",
        "purpose": "use_technology",
        "language": "ko",
        "confidentiality": "normal",
        "title": "저온 질화 기술",
        "problem": "기어 표면을 500 ℃ 이하에서 변형 없이 질화해야 합니다.",
        "submission": str(page["submission"].value()),
        "metrics-TOTAL_FORMS": "0",
        "metrics-INITIAL_FORMS": "0",
    }
    first, second = (client.post("/demands/new/", data) for _ in range(2))
    assert first.url == second.url
    assert Demand.objects.count() == 1


def test_forms_that_are_alike_but_not_the_same_make_two(company: Any) -> None:
    for _ in range(2):
        add_demand(by=None, company=company, title="같은 제목", problem="같은 내용")
    assert Demand.objects.count() == 2


def test_a_retired_company_stays_to_be_chosen_where_it_was(client: Any, officer: Any) -> None:
    from django.utils import timezone

    company = make_company("㈜퇴역정밀")
    demand = make_demand(company)
    company.retired_on = timezone.localdate()
    company.save()
    client.force_login(officer)
    assert "㈜퇴역정밀" in client.get(f"/demands/{demand.pk}/edit/").content.decode()
    assert "㈜퇴역정밀" not in client.get("/demands/new/").content.decode()
