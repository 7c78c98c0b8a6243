from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from matching.catalogue.documents import document_of as technology_document
from matching.catalogue.queries import pool
from matching.engine.documents import Document
from matching.scoring.standing import Contents

_LISTS = 7_246_115
"""The advisory lock under which lists are stored."""


def pool_documents(direction: str) -> Iterator[Document]:
    """One after another: all of a large catalogue would not fit into the memory."""
    return map(technology_document, pool(direction).with_texts().iterator(chunk_size=1_000))


def pool_state(direction: str) -> tuple[int, int]:
    """How many technologies there are and a checksum over their versions: equal states mean equal pools."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(hashint8extended(id * 1000003 + content_version, 0)), 0)"
            " FROM catalogue_technology WHERE status = 'published' AND direction = %s",
            [direction],
        )
        count, checksum = cursor.fetchone()
    return int(count), int(checksum)


def pool_contents(direction: str) -> Contents:
    """Marks differ when the version or the text does: a snapshot may be older than the database, or younger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, ('x' || substr(md5(content_version || content_hash), 1, 15))::bit(60)::bigint"
            " FROM catalogue_technology WHERE status = 'published' AND direction = %s ORDER BY id",
            [direction],
        )
        return Contents.of(cursor.fetchall())


def share_lists() -> None:
    """Taken by who stores a demand's list, before the pool's state is compared and before any row is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LISTS])


def hold_lists() -> None:
    """Waits until every list whose store has begun is committed, and lets no other begin before this transaction ends.

    A list that is stored later compares the pool's state later: it has seen each technology that is committed now.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LISTS])
