"""What the register of companies and institutions is told of demands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.network.related import Related, register
from matching.demands.models import Demand, DemandQuerySet
from matching.triage.permissions import triages


def _filed(user: Any, **party: Any) -> DemandQuerySet:
    return Demand.objects.visible_to(user).filed().filter(**party)


def _list(company: Company, user: Any) -> str:
    """The queue is the officers'."""
    if not triages(user):
        return ""
    return f"{reverse('whole_queue')}?{urlencode({'q': company.code})}"


def tell() -> None:
    """Who still waits for an answer from the office cannot be retired."""
    register(Company, Related(_("수요기술"), lambda company, user: _filed(user, company=company).count(), _list))
    register(
        Company,
        Related(
            _("끝나지 않은 수요기술"),
            lambda company, user: _filed(user, company=company).open().count(),
            _list,
            hinders=True,
        ),
    )
    register(
        Institution,
        Related(
            _("수요기술"),
            lambda institution, user: _filed(user, institution=institution).count(),
            lambda institution, user: "",
        ),
    )
