"""What the officer's pages are about: 403 for who is no officer, 404 for what is not there."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.triage.permissions import check_triages


def demand_for(request: HttpRequest, pk: int) -> Demand:
    check_triages(request.user)
    return get_object_or_404(Demand.objects.visible_to(request.user).with_details(), pk=pk)


def technology_for(request: HttpRequest, pk: int) -> Technology:
    return get_object_or_404(Technology.objects.visible_to(request.user).with_texts(), pk=pk)
