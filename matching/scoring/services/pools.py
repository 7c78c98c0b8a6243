from __future__ import annotations

from django.db import connection

from matching.catalogue.documents import document_of as technology_document
from matching.catalogue.queries import pool
from matching.engine.documents import Document


def pool_documents(direction: str) -> list[Document]:
    return [technology_document(technology) for technology in pool(direction).with_texts()]


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
