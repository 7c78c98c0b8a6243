"""What an officer should know of a company's demands before letting a person act for it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.dispatch import receiver
from django.utils.translation import gettext as _

from cooperation_portal.network.joining.signals import Evidence, evidence_asked
from matching.demands.models import Confidentiality, Demand, DemandStatus


@receiver(evidence_asked)
def demands_on_file(company: Any, **kwargs: Any) -> list[Evidence]:
    filed = Demand.objects.filter(company=company).exclude(status=DemandStatus.DRAFT)
    confidential = Count("pk", filter=Q(confidentiality=Confidentiality.CONFIDENTIAL))
    counts = filed.aggregate(all=Count("pk"), confidential=confidential)
    if not counts["all"]:
        return [Evidence(_("접수된 수요"), _("없음"))]
    words = _("%(all)s건, 그 가운데 대외비 %(confidential)s건: 승인하면 이분이 모두 봅니다.") % counts
    return [Evidence(_("접수된 수요"), words, "warning")]
