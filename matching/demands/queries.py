from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cooperation_portal.network.models import Company
from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.documents import STAGE_ORDER
from matching.catalogue.models import Technology
from matching.demands.models import Demand, DemandMetric, DemandStatus
from matching.engine.documents import Document


def document_of(
    demand: Demand,
    fields: Iterable[TechnologyField] | None = None,
    metrics: Iterable[DemandMetric] | None = None,
) -> Document:
    """What the engine reads of a demand: the company's own words and the figures it wants.

    `fields` and `metrics` where they are not stored yet.
    """
    figures = [metric.in_words for metric in (demand.metrics.all() if metrics is None else metrics)]
    parts = [demand.problem, demand.target_product, ". ".join(figures)]
    return Document(
        title=demand.title,
        body="\n".join(part for part in parts if part),
        language=demand.language,
        fields=tuple(sorted(field.code for field in (demand.fields.all() if fields is None else fields))),
        stage=STAGE_ORDER.get(demand.wanted_stage),
        key=str(demand.pk),
        is_demand=True,
    )


def prompting_technology(demand: Demand, user: Any) -> Technology | None:
    """The one at which the company thought of the demand, as long as the reader may see it."""
    if demand.prompted_by_id is None:
        return None
    return Technology.objects.visible_to(user).with_texts().filter(pk=demand.prompted_by_id).first()


def latest_drafts(company: Company, user: Any) -> list[Demand]:
    """Those that somebody of the company began last and that wait to be gone on with."""
    drafts = Demand.objects.visible_to(user).filter(company=company, status=DemandStatus.DRAFT)
    return list(drafts.order_by("-changed_at", "-pk")[:3])
