from __future__ import annotations

from matching.catalogue.queries import STAGE_ORDER
from matching.demands.models import Demand
from matching.engine.documents import Document


def document_of(demand: Demand) -> Document:
    """What the engine reads of a demand: the company's own words and the figures it wants."""
    metrics = [metric.in_words for metric in demand.metrics.all()]
    parts = [demand.problem, demand.target_product, ". ".join(metrics)]
    return Document(
        title=demand.title,
        body="\n".join(part for part in parts if part),
        language=demand.language,
        fields=tuple(sorted(field.code for field in demand.fields.all())),
        stage=STAGE_ORDER.get(demand.wanted_stage),
        key=str(demand.pk),
    )
