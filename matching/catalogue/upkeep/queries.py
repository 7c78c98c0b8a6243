from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from cooperation_portal.audit.timeline import Entry, entries
from matching.catalogue.missing import KINDS
from matching.catalogue.models import Technology, TechnologyPicture, TechnologyStatus, TechnologyText

# What is told of these kinds where they stand without the heading of what is missing.
_TILES = {
    "korean": gettext_lazy("국문 요약 없음"),
    "stale": gettext_lazy("번역 확인 필요"),
    "expired": gettext_lazy("유효기간 지남"),
}


def tiles(user: Any) -> list[dict[str, Any]]:
    """What waits in the catalogue, each number with the query of the list behind it. One query."""
    drafts = Q(status=TechnologyStatus.DRAFT)
    offered = Q(status=TechnologyStatus.PUBLISHED)
    kinds = {kind.code: kind for kind in KINDS if kind.code in _TILES}
    numbers = Technology.objects.visible_to(user).aggregate(
        published=Count("pk", filter=offered),
        draft=Count("pk", filter=drafts),
        **{code: Count("pk", filter=offered & kinds[code].where()) for code in _TILES},
    )
    shown: list[tuple[str, Any, str, str]] = [
        (TechnologyStatus.PUBLISHED.value, TechnologyStatus.PUBLISHED.label, "status=published", "success"),
        (TechnologyStatus.DRAFT.value, TechnologyStatus.DRAFT.label, "status=draft", "neutral"),
        *((code, label, f"status=published&missing={code}", "warning") for code, label in _TILES.items()),
    ]
    address = reverse("technology_upkeep")
    return [
        {
            "label": label,
            "url": f"{address}?{query}",
            "tone": tone,
            "count": numbers[code],
        }
        for code, label, query, tone in shown
    ]


def history(technology: Technology) -> list[Entry]:
    parts = {"technology_id": technology.pk}
    return entries((Technology, {"pgh_obj_id": technology.pk}), (TechnologyText, parts), (TechnologyPicture, parts))


def with_reference(reference: str) -> Technology | None:
    """Who keeps the catalogue sees every technology."""
    return Technology.objects.filter(source_reference=reference).first() if reference else None
