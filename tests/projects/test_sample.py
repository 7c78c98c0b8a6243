"""The sample's projects: one invented year in the proportions of a real one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cooperation_portal.home import sample_data, sample_projects
from projects.funded.models import Project
from projects.results import queries
from projects.results.models import MarketStep, ResultFigure, ResultSheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def projects(officer: Any) -> list[Project]:
    if not Project.objects.exists():
        institutions, companies = sample_data._institutions(), sample_data._companies()
        for language in sample_data.LANGUAGES:
            for row in sample_data._read(f"technologies_{language}.toml", "technology"):
                sample_data._technology(row, institutions, companies, by=officer)
        sample_projects.add_projects(officer, companies)
    return list(Project.objects.order_by("pk"))


def test_projects_are_in_the_proportions_of_a_first_year(projects: list[Project], officer: Any) -> None:
    assert Counter(project.project_type for project in projects) == {"field_support": 4, "localisation": 5, "source": 2}
    fields = Counter(project.field_as_quoted for project in projects)
    assert sorted(fields.values(), reverse=True) == [3, 3, 2, 1, 1, 1]
    assert sum(project.budget_krw or 0 for project in projects) == 780_000_000
    assert {project.case for project in projects} == {"1", "2"}
    assert {(project.project_type, project.months) for project in projects} == {
        ("field_support", 6),
        ("localisation", 12),
        ("source", 24),
    }
    assert MarketStep.objects.values("result").distinct().count() == 4
    sums, left_out = queries.totals(Project.objects.visible_to(officer), officer)
    assert [(one.kind, one.currency, int(one.amount)) for one in sums] == [
        ("sales_overseas", "USD", 420_000),
        ("sales_domestic", "KRW", 530_000_000),
    ]
    assert left_out == 2
    assert ResultFigure.objects.filter(disputed=True).count() == 1
    assert ResultSheet.objects.filter(outcome="failure").count() == 1
