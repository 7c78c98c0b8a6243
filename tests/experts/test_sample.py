"""The invented experts that the sample brings."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cooperation_portal.home import sample_data, sample_experts
from cooperation_portal.shared.personal_numbers import has_resident_number
from experts.checks import faults
from experts.models import Expert
from experts.sheets import ExpertSheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def experts(content_admin: Any) -> list[Expert]:
    return sample_experts.add_experts(content_admin, sample_data._institutions())


def test_fifteen_experts_in_the_proportions_of_the_programmes(experts: list[Expert]) -> None:
    assert Counter((expert.country.code, expert.direction) for expert in experts) == {
        ("JP", "invited"): 8, ("RU", "invited"): 3, ("CN", "invited"): 2, ("KR", "dispatched"): 2,
    }  # fmt: skip
    japanese = [expert.career_years or 0 for expert in experts if expert.country.code == "JP"]
    assert min(japanese) >= 30 and max(japanese) > 50
    assert {expert.availability for expert in experts} == {"now", "after_talks", "not_now"}


def test_nothing_in_them_would_be_refused_from_a_person(experts: list[Expert]) -> None:
    for values in ExpertSheet().rows_of(Expert.objects.all()):
        assert list(faults(values, country=values["country"])) == [], values["source_reference"]
        assert not [text for text in values.values() if isinstance(text, str) and has_resident_number(text)]
        assert values["fields"] and values["specialities"] and values["career_summary"]


def test_nobody_real_can_be_reached_by_them(experts: list[Expert]) -> None:
    assert all(expert.email.endswith(".example") for expert in experts)
