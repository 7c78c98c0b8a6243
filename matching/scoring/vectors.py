"""Vectors kept in the database, so that no text is encoded twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from pgvector import HalfVector

from matching.engine.prepared import CacheKey, StoredVectors
from matching.scoring.models import TextVector


class StoredVectorCache:
    """The engine's VectorCache over `TextVector`; all keys of one call are of one encoder."""

    def get_many(self, keys: Sequence[CacheKey]) -> dict[CacheKey, StoredVectors]:
        if not keys:
            return {}
        rows = TextVector.objects.filter(text_hash__in=[text_hash for text_hash, _encoder in keys], encoder=keys[0][1])
        found: dict[CacheKey, StoredVectors] = {}
        for row in rows:
            whole = np.asarray(row.whole, dtype=np.float16)
            sentences = np.frombuffer(bytes(row.sentences), dtype=np.float16).reshape(-1, len(whole))
            found[row.text_hash, row.encoder] = (whole, sentences)
        return found

    def put_many(self, vectors: Mapping[CacheKey, StoredVectors]) -> None:
        """Replaces what is there: an engine that cuts sentences differently makes other vectors of the same text."""
        rows = [
            TextVector(
                text_hash=text_hash,
                encoder=encoder,
                whole=HalfVector(np.asarray(whole, dtype=np.float16)),
                sentences=np.asarray(sentences, dtype=np.float16).tobytes(),
            )
            for (text_hash, encoder), (whole, sentences) in sorted(vectors.items(), key=lambda item: item[0])
        ]
        TextVector.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["text_hash", "encoder"],
            update_fields=["whole", "sentences"],
        )
