"""The officer's queue at 10,000 demands: the page beside its own SQL."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cooperation_portal.taxonomy.services import load_taxonomy
from matching.demands.models import Demand, DemandField
from matching.scoring.models import Match, Ranking
from matching.triage.models import Assignment, Decision
from tests import people
from tests.bench.rows import Row, median_seconds

DEMANDS, COMPANIES, TECHNOLOGIES = 10_000, 200, 20


def _fill(officer: object) -> None:
    from cooperation_portal.taxonomy.models import TechnologyField

    companies = [people.make_company(f"㈜시험{number}") for number in range(COMPANIES)]
    technologies = [people.make_technology(f"Технология {number}") for number in range(TECHNOLOGIES)]
    fields = list(TechnologyField.objects.filter(parent__isnull=False))
    now = timezone.now()
    demands = Demand.objects.bulk_create(
        Demand(
            company=companies[number % COMPANIES],
            title=f"시험 수요 {number}",
            problem="기어 표면의 경도를 높이기 위해 저온에서 변형 없이 질화하는 기술이 필요합니다.",
            status="in_review" if number % 3 else "submitted",
            submitted_at=now - timedelta(hours=number),
        )
        for number in range(DEMANDS)
    )
    DemandField.objects.bulk_create(
        DemandField(demand=demand, field=fields[number % len(fields)]) for number, demand in enumerate(demands)
    )
    Ranking.objects.bulk_create(Ranking(demand=demand, demand_version=1) for demand in demands)
    Match.objects.bulk_create(
        (
            Match(
                demand=demand,
                technology=technologies[(number + offset) % TECHNOLOGIES],
                language="ru",
                score=3 - offset,
                relevance="high",
                components={},
                reasons={},
            )
            for number, demand in enumerate(demands)
            for offset in range(3)
        ),
        batch_size=5_000,
    )
    Decision.objects.bulk_create(
        Decision(demand=demand, technology=technologies[0], verdict="suitable", reason="solves", decided_by=officer)
        for demand in demands[::2]
    )
    Assignment.objects.bulk_create(
        Assignment(demand=demand, officer=officer, assigned_by=officer) for demand in demands[::4]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM demands_demand")


def rows() -> list[Row]:
    load_taxonomy()
    officer = people.make_user("한서윤", "officer")
    _fill(officer)
    client = Client()
    client.force_login(officer)

    def page() -> None:
        answer = client.get("/demands/")
        assert answer.status_code == 200, answer.status_code

    page()
    with CaptureQueriesContext(connection) as captured:
        page()
    queries = len(captured)  # the next request empties the log
    statements = [query["sql"] for query in captured.captured_queries if query["sql"].startswith("SELECT")]

    def sql_alone() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.replace("%", "%%") if "%s" in statement else statement)
                cursor.fetchall()

    whole, alone = median_seconds(page), median_seconds(sql_alone)
    return [
        Row(f"officer's list at {DEMANDS:,} demands: queries", queries, "queries"),
        Row(
            f"officer's list at {DEMANDS:,} demands (baseline: its SQL alone)",
            whole * 1000,
            "ms",
            alone * 1000,
            whole / alone,
        ),
    ]
