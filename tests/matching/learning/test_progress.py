"""How far the scoring of everything is, told while it goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation_portal.work.models import Work, WorkState
from matching.learning.queries.progress import ScoringProgress, scoring_progress
from matching.scoring.kinds import RENEW_REFERENCE, SCORE_DEMAND
from matching.scoring.services import request_reference, request_score
from tests.people import make_demand, make_technology

pytestmark = pytest.mark.django_db


@pytest.fixture
def demands(db: None) -> list[Any]:
    """Four that are scored."""
    make_technology()
    made = [make_demand(title=f"수요 {number}") for number in range(4)]
    Work.objects.all().delete()
    return made


def scored_meanwhile(count: int, minutes: int = 4) -> None:
    """So many lists were made at an even pace up to now."""
    first = timezone.now() - timedelta(minutes=minutes)
    for number in range(count):
        Work.objects.create(
            kind=SCORE_DEMAND, subject=f"99{number}", queue="batch", state=WorkState.DONE, finished_at=first
        )


def shown(person: Any, page: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse(page)).content.decode()


def test_where_nothing_moves_nothing_is_said(demands: list[Any], officer: Any) -> None:
    assert scoring_progress() == ScoringProgress(4, 4, None, True)
    for page in ("whole_queue", "my_queue", "glossary", "weight_sets"):
        assert reverse("rescoring_progress") not in shown(officer, page)
    assert "점수를 모두 계산했습니다." in shown(officer, "rescoring_progress")


@pytest.mark.parametrize("page", ["whole_queue", "my_queue", "glossary", "weight_sets", "rescoring_progress"])
def test_pages_tell_how_many_are_done_and_how_long_it_takes_and_ask_again(
    demands: list[Any], officer: Any, page: str
) -> None:
    for demand in demands[:3]:
        request_score(demand)
    scored_meanwhile(2)
    text = shown(officer, page)
    assert "점수 계산 1/4건, 약 7분 남음" in text or "점수 계산 1/4건, 약 6분 남음" in text
    assert f'hx-get="{reverse("rescoring_progress")}"' in text


def test_without_a_pace_no_time_is_promised(demands: list[Any], officer: Any) -> None:
    request_score(demands[0])
    text = shown(officer, "whole_queue")
    assert "점수 계산 3/4건" in text
    assert "남음" not in text


def test_lists_whose_reference_is_renewed_are_still_to_come(demands: list[Any], content_admin: Any) -> None:
    request_reference("inbound")
    assert scoring_progress() == ScoringProgress(0, 4, None, False)
    assert "점수의 기준을 만들고 있습니다." in shown(content_admin, "weight_sets")
    Work.objects.filter(kind=RENEW_REFERENCE).update(state=WorkState.FAILED)
    assert not scoring_progress().is_moving, "what has failed does not move"
