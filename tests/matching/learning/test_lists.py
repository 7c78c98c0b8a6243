"""What lay before an officer is kept with the judgement, whatever happens to the scores later."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from matching.learning.models import Judgement, ShownList, ShownMatch
from matching.scoring.models import Match
from matching.triage.services import pick_by_hand, undo
from tests.matching.learning.conftest import rank
from tests.matching.triage.conftest import judge
from tests.people import make_technology

pytestmark = pytest.mark.django_db
Ranked = tuple[Any, list[Any]]


def test_a_judgement_keeps_the_list_with_its_order_and_version(ranked: Ranked, officer: Any) -> None:
    demand, technologies = ranked
    judge(demand, technologies[2], officer)
    kept = ShownList.objects.get()
    assert list(kept.matches.values_list("technology", flat=True)) == [one.pk for one in technologies]
    judgement = Judgement.objects.get()
    assert (judgement.shown_list, judgement.place, judgement.score, judgement.evidence) == (kept, 3, 2.8, 0.45)
    assert kept.engine_version == Match.objects.first().engine_version  # type: ignore[union-attr]
    assert kept.weights["semantic"] == 1.0


def test_a_list_that_did_not_change_is_kept_once(ranked: Ranked, officer: Any, colleague: Any) -> None:
    demand, technologies = ranked
    judge(demand, technologies[0], officer)
    judge(demand, technologies[1], colleague)
    assert ShownList.objects.count() == 1
    assert ShownMatch.objects.count() == 12


def test_a_changed_list_is_another(ranked: Ranked, officer: Any) -> None:
    demand, technologies = ranked
    judge(demand, technologies[0], officer)
    demand.matches.filter(technology=technologies[5]).update(score=9.0)
    judge(demand, technologies[1], officer)
    assert ShownList.objects.count() == 2
    assert list(Judgement.objects.order_by("pk").values_list("place", flat=True)) == [1, 3]


def test_reading_a_page_keeps_nothing(ranked: Ranked, officer: Any, client: Client) -> None:
    demand, _technologies = ranked
    client.force_login(officer)
    client.get(reverse("demand_detail", kwargs={"pk": demand.pk}))
    assert not ShownList.objects.exists()


def _shown(client: Client, demand: Any, technology: Any) -> tuple[str, str]:
    url = reverse("candidate", kwargs={"pk": demand.pk, "technology_pk": technology.pk})
    return url, client.get(url).context["form"]["shown"].value()


def test_the_list_of_the_page_counts_and_not_what_was_computed_meanwhile(
    ranked: Ranked, officer: Any, client: Client
) -> None:
    demand, technologies = ranked
    client.force_login(officer)
    url, shown = _shown(client, demand, technologies[0])
    demand.matches.all().delete()
    rank(demand, technologies[::-1])
    answer = client.post(
        url, {"verdict": "suitable", "reason": "solves", "words": "", "seen_version": 0, "shown": shown}
    )
    assert answer.status_code == 302
    judgement = Judgement.objects.get()
    assert judgement.place == 1
    assert judgement.shown_list is not None
    assert judgement.shown_list.digest == shown


def test_a_list_that_nobody_remembers_is_not_made_up(ranked: Ranked, officer: Any, client: Client) -> None:
    demand, technologies = ranked
    client.force_login(officer)
    url, _known = _shown(client, demand, technologies[0])
    client.post(url, {"verdict": "suitable", "reason": "solves", "words": "", "seen_version": 0, "shown": "f" * 64})
    judgement = Judgement.objects.get()
    assert (judgement.shown_list, judgement.place) == (None, None)


def test_several_at_once_are_kept_with_their_list(ranked: Ranked, officer: Any, client: Client) -> None:
    demand, technologies = ranked
    client.force_login(officer)
    page = client.get(reverse("demand_detail", kwargs={"pk": demand.pk}))
    data = {
        "verdict": "unsuitable",
        "reason": "stage",
        "words": "",
        "seen_version": 0,
        "shown": page.context["form"]["shown"].value(),
        "chosen": [f"{one.pk}:0" for one in technologies[:3]],
        "confirm": "1",
    }
    client.post(reverse("decide_many", kwargs={"pk": demand.pk}), data)
    assert list(Judgement.objects.order_by("place").values_list("place", flat=True)) == [1, 2, 3]
    assert ShownList.objects.count() == 1


def test_a_second_judgement_replaces_the_first_and_both_stay(ranked: Ranked, officer: Any, colleague: Any) -> None:
    demand, technologies = ranked
    judge(demand, technologies[0], officer)
    judge(demand, technologies[0], colleague, "unsuitable", seen=1)
    assert list(Judgement.objects.order_by("pk").values_list("verdict", "stands")) == [
        ("suitable", False),
        ("unsuitable", True),
    ]


def test_what_is_undone_stands_no_more(ranked: Ranked, officer: Any) -> None:
    demand, technologies = ranked
    judge(demand, technologies[0], officer)
    undo(demand, technologies[0], seen_version=1, by=officer)
    judgement = Judgement.objects.get()
    assert (judgement.stands, judgement.taken_back) == (False, True)


def test_what_was_found_by_hand_is_marked(ranked: Ranked, officer: Any) -> None:
    demand, technologies = ranked
    other = make_technology("Иная технология", owner=technologies[0].owner)
    pick_by_hand(demand, other, by=officer)
    judge(demand, other, officer)
    judgement = Judgement.objects.get()
    assert (judgement.by_hand, judgement.place) == (True, None)


def test_two_judgements_of_a_pair_cannot_both_stand(ranked: Ranked, officer: Any) -> None:
    demand, technologies = ranked
    judge(demand, technologies[0], officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.create(demand=demand, technology=technologies[0], verdict="suitable", decided_by=officer)
