"""What the company's pages are about: anything that is not of a company the person acts for is not there."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from cooperation_portal.network import acting
from matching.demands.models import Demand


def own_demand(request: HttpRequest, pk: int) -> Demand:
    """Of any of the person's companies: a link in a mail works whichever of them is chosen now."""
    own = Demand.objects.visible_to(request.user).filter(company__in=acting.companies_to_choose(request))
    return get_object_or_404(own.with_details(), pk=pk)
