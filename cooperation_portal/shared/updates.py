"""Many rows changed in one statement.

Django's `bulk_update` writes a CASE with a branch for each row and field; working that out takes several times as long
as the update itself, and a hundred thousand rows keep a worker busy for minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from psycopg2 import sql

_AT_ONCE = 500
_LENGTH = re.compile(r"\([0-9, ]+\)")


def update_many(records: Iterable[models.Model], fields: Sequence[str]) -> None:
    """Writes these fields of records of one model that are in the database already. Sends no signal."""
    remaining = iter(records)
    while batch := list(islice(remaining, _AT_ONCE)):
        if fields:
            _update(batch, fields)


def _update(batch: Sequence[models.Model], names: Sequence[str]) -> None:
    meta: Any = batch[0]._meta
    columns = [meta.pk, *(meta.get_field(name) for name in names)]
    given = [sql.Identifier(f"given{place}") for place in range(len(columns))]
    cast = [sql.SQL("v.{}::{}").format(name, sql.SQL(_type(one))) for name, one in zip(given, columns, strict=True)]
    pairs = zip(columns[1:], cast[1:], strict=True)
    statement = sql.SQL("UPDATE {table} SET {written} FROM (VALUES {rows}) AS v ({given}) WHERE {key} = {own}").format(
        table=sql.Identifier(meta.db_table),
        written=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(one.column), value) for one, value in pairs
        ),
        rows=sql.SQL(", ").join(
            [sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))] * len(batch)
        ),
        given=sql.SQL(", ").join(given),
        key=sql.Identifier(meta.db_table, meta.pk.column),
        own=cast[0],
    )
    values = [one.get_db_prep_save(getattr(record, one.attname), connection) for record in batch for one in columns]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.cursor), values)  # as text, to which the history adds its context


def _type(column: Any) -> str:
    """Without its length: a cast would cut off what is too long, where the column itself refuses it."""
    found = column.rel_db_type(connection) if column.primary_key else column.db_type(connection)
    return _LENGTH.sub("", found)
