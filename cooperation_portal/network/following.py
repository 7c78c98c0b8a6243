"""What is written to a record that was merged goes to the one that is left, whoever writes it and however.

A page that was open before the merge, an import under way, an invitation accepted in that moment: all of them still
name the record that is no more. A trigger on each relation that `merging.MOVES` lists as followed gives them the
survivor, and waits for a merge that is not finished. The triggers are on tables of apps above this one, so they cannot
be part of its migrations; they are put up after every migrate instead.
"""

from typing import Any

from django.db import connections

from cooperation_portal.network.merging import MOVES, relations_to
from cooperation_portal.network.models import Company, Institution


def followed_columns() -> list[tuple[str, str, str]]:
    """Table, column, and the table that it points to."""
    return [
        (relation.model._meta.db_table, relation.column, model._meta.db_table)
        for model in (Institution, Company)
        for name, relation in relations_to(model).items()
        if name in MOVES and MOVES[name].followed
    ]


def follow_after_migrate(using: str, **kwargs: Any) -> None:
    if using != "owner":
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regproc('follow_merges')")
        if cursor.fetchone()[0] is not None:  # it is there from the third migration of this app on
            columns = [list(names) for names in zip(*followed_columns(), strict=True)]
            cursor.execute("SELECT follow_merges(%s, %s, %s)", columns)
