"""What officers saw and judged stays as it was, whoever writes: the database refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from matching.learning.models import Judgement, ShownList, ShownMatch
from matching.learning.services import take_back
from tests.matching.triage.conftest import judge

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(ranked: tuple[Any, list[Any]], officer: Any) -> Judgement:
    demand, technologies = ranked
    judge(demand, technologies[0], officer)
    return Judgement.objects.get()


@pytest.mark.parametrize("model", [Judgement, ShownList, ShownMatch])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "UPDATE {table} SET {column} = {column}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
    ],
)
def test_what_is_kept_cannot_be_changed(judged: Judgement, model: Any, statement: str) -> None:
    column = {Judgement: "verdict", ShownList: "weights", ShownMatch: "score"}[model]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=model._meta.db_table, column=column))


def test_a_judgement_can_only_cease_to_stand(judged: Judgement) -> None:
    take_back(judged.demand, judged.technology)
    judged.refresh_from_db()
    assert (judged.stands, judged.taken_back) == (False, True)
    for returning in ({"stands": True, "taken_back": False}, {"taken_back": False}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Judgement.objects.filter(pk=judged.pk).update(**returning)
