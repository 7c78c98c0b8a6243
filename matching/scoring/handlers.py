"""Scoring as kinds of work."""

from django.utils.translation import gettext_lazy as _

from cooperation_portal.work.models import Queue
from cooperation_portal.work.registry import Kind
from matching.scoring import kinds, services

KINDS = (
    Kind(
        kinds.SCORE_DEMAND,
        _("수요기술 점수 계산"),
        Queue.INTERACTIVE,
        services.score_demand,
        services.store_demand_scores,
        describe=lambda subject: f"D-{int(subject):05d}",
    ),
    Kind(
        kinds.SCORE_TECHNOLOGY,
        _("원천기술 점수 계산"),
        Queue.BATCH,
        services.score_technology,
        services.store_technology_scores,
        describe=lambda subject: f"T-{int(subject):05d}",
    ),
    Kind(
        kinds.RENEW_REFERENCE,
        _("점수 기준 갱신"),
        Queue.INTERACTIVE,
        services.build_reference,
        services.store_reference,
    ),
)
SCORING_KINDS = [kind.name for kind in KINDS]
