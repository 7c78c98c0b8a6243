"""How many times each list asks the database: as often for three rows as for one, and no more than is written here.

A number that grows by a few is a decision of whoever changes it; a number that grows with the rows is a fault.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.contracts.access_table import AREAS
from tests.contracts.listings import Listing
from tests.contracts.world import rank
from tests.people import make_demand, make_member, make_technology, make_user


def _demands(count: int, **fields: Any) -> list[Any]:
    return [make_demand(title=f"수요 {number}", fields=["0103", "0104"], **fields) for number in range(count)]


def _technologies(count: int) -> list[Any]:
    return [make_technology(f"Технология {number}") for number in range(count)]


def _assigned(count: int, officer: Any) -> None:
    from matching.triage.services import assign

    for demand in _demands(count):
        assign(demand, officer=officer, by=officer)


def whole_queue(count: int) -> tuple[Any, str]:
    _demands(count)
    return make_user(role="officer"), reverse("whole_queue")


def my_queue(count: int) -> tuple[Any, str]:
    officer = make_user(role="officer")
    _assigned(count, officer)
    return officer, reverse("my_queue")


def _judged(count: int, officer: Any) -> Any:
    """A demand with as many candidates, each with a score, a judgement and a pick by hand."""
    from matching.triage.services import decide, pick_by_hand

    demand = make_demand()
    technologies = _technologies(count)
    rank(demand, technologies)
    for technology in technologies:
        decide(demand, technology, verdict="suitable", reason="solves", words="", seen_version=0, by=officer)
        pick_by_hand(demand, technology, by=officer)
    return demand


def demand_detail(count: int) -> tuple[Any, str]:
    officer = make_user(role="officer")
    return officer, reverse("demand_detail", kwargs={"pk": _judged(count, officer).pk})


def candidate(count: int) -> tuple[Any, str]:
    officer = make_user(role="officer")
    demand = _judged(count, officer)
    return officer, reverse(
        "candidate", kwargs={"pk": demand.pk, "technology_pk": demand.matches.first().technology_id}
    )


def release(count: int) -> tuple[Any, str]:
    officer = make_user(role="officer")
    return officer, reverse("release", kwargs={"pk": _judged(count, officer).pk})


def demand_history(count: int) -> tuple[Any, str]:
    officer = make_user(role="officer")
    return officer, reverse("demand_history", kwargs={"pk": _judged(count, officer).pk})


def find_technology(count: int) -> tuple[Any, str]:
    _technologies(count)
    return make_user(role="officer"), reverse("find_technology", kwargs={"pk": make_demand().pk}) + "?q=Технология"


def failed_work(count: int) -> tuple[Any, str]:
    from django.utils import timezone

    from cooperation_portal.work.models import Work

    for demand in _demands(count):
        asked = {"requested_by": make_user(), "finished_at": timezone.now(), "cause": "시험"}
        Work.objects.filter(kind="score_demand", subject=str(demand.pk)).update(state="failed", **asked)
    return make_user(role="system_admin"), reverse("failed_work")


def kept_mail(count: int) -> tuple[Any, str]:
    from cooperation_portal.notices.services import keep

    for number in range(count):
        keep(recipient=f"p{number}@portal.example", subject="알림", text="본문")
    return make_user(), reverse("kept_mail")


def home_of_an_officer(count: int) -> tuple[Any, str]:
    officer = make_user(role="officer")
    _assigned(count, officer)
    _demands(count)
    return officer, reverse("home")


def home_of_a_member(count: int) -> tuple[Any, str]:
    """With as many demands, each with one technology that was released to the company."""
    from matching.triage.services import decide
    from matching.triage.services import release as tell
    from tests.people import make_company

    company, officer = make_company(), make_user(role="officer")
    for demand, technology in zip(_demands(count, company=company), _technologies(count), strict=True):
        made = decide(demand, technology, verdict="suitable", reason="solves", words="", seen_version=0, by=officer)
        tell(demand, message="", seen={made.pk: made.version}, by=officer)
    return make_member(company), reverse("home")


OWN = (
    Listing(whole_queue, 19),
    Listing(my_queue, 19),
    Listing(demand_detail, 17),
    Listing(candidate, 19),
    Listing(release, 10),
    Listing(demand_history, 21),
    Listing(find_technology, 13),
    Listing(failed_work, 10),
    Listing(kept_mail, 7),
    Listing(home_of_an_officer, 23),
    Listing(home_of_a_member, 16),
)
LISTINGS = (*OWN, *(listing for area in AREAS for listing in area.LISTINGS))


def count_queries(reader: Any, url: str) -> int:
    """Questions to the tables; savepoints, which only the test has, are none."""
    client = Client()
    if reader is not None:
        client.force_login(reader)
    assert client.get(url).status_code == 200  # warms up what is read once for a process
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return sum(1 for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT")))


def _cases() -> list[Any]:
    return [
        pytest.param(listing, rows, id=f"{listing.make.__name__}-{rows}") for listing in LISTINGS for rows in (1, 3)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("listing", "rows"), _cases())
def test_a_list_asks_as_often_for_three_rows_as_for_one(listing: Listing, rows: int) -> None:
    reader, url = listing.make(rows)
    assert count_queries(reader, url) == listing.queries
