"""What a few words mean beside the catalogue's texts, by the vectors that scoring keeps."""

from __future__ import annotations

import numpy as np
from django.db import connection

from matching.catalogue.meaning import NotAvailableError
from matching.catalogue.models import TechnologyQuerySet
from matching.engine.encoders import EncoderError
from matching.scoring.encoders import encoder

# A language counts by how far a text stands out among those of its own, as in scores: vectors of one language lie
# together. Languages of few texts are measured by all texts, as if eight of those were among them. What hardly stands
# out is no answer: about a quarter of any catalogue stands out more.
_CLOSEST = """
WITH compared AS MATERIALIZED (
    SELECT technology.id, technology.original_language AS language, -(vector.whole <#> %s::halfvec) AS likeness
    FROM catalogue_technology technology
    JOIN catalogue_technologyterms terms ON terms.technology_id = technology.id AND terms.text_hash <> ''
    JOIN scoring_textvector vector ON vector.text_hash = terms.text_hash AND vector.encoder = %s
    WHERE technology.id IN ({technologies})
), everything AS (
    SELECT avg(likeness) AS mean, stddev_pop(likeness) AS deviation FROM compared
), spread AS (
    SELECT language,
        (count(*) * avg(likeness) + 8 * min(everything.mean)) / (count(*) + 8) AS mean,
        (count(*) * stddev_pop(likeness) + 8 * min(everything.deviation)) / (count(*) + 8) AS deviation
    FROM compared CROSS JOIN everything GROUP BY language
)
SELECT id
FROM compared JOIN spread USING (language)
CROSS JOIN LATERAL (SELECT (likeness - spread.mean) / greatest(spread.deviation, 0.02) AS distance) standing
WHERE distance > 0.75
ORDER BY distance DESC, id LIMIT %s
"""


def closest(technologies: TechnologyQuerySet, words: str, most: int) -> list[int]:
    """Primary keys, closest first; texts without a vector yet are left out. Raises NotAvailableError."""
    chosen = encoder()
    try:
        (vector,) = chosen.encode([words], ["ko"])
    except EncoderError as error:
        raise NotAvailableError(str(error)) from error
    if not vector.any():
        return []
    statement, parameters = technologies.order_by().values("pk").query.sql_with_params()
    literal = "[" + ",".join(f"{value:.6g}" for value in np.asarray(vector, float).tolist()) + "]"
    with connection.cursor() as cursor:
        cursor.execute(_CLOSEST.replace("{technologies}", statement), [literal, chosen.key, *parameters, most])
        return [key for (key,) in cursor.fetchall()]
