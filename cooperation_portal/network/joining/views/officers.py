"""Requests that an officer decides on: companies abroad, and companies without an owner."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from cooperation_portal.network.joining import presenters, queries
from cooperation_portal.network.joining.permissions import check_confirms_joins
from cooperation_portal.network.joining.views.answers import decision_page
from cooperation_portal.network.models import JoinRequest, JoinState

PAGE_SIZE = 25


@require_safe
def join_request_list(request: HttpRequest) -> HttpResponse:
    check_confirms_joins(request.user)
    joins = JoinRequest.objects.visible_to(request.user).select_related("user", "site_country", "company", "decided_by")
    decided = request.GET.get("state") == "decided"
    shown = (
        joins.filter(state__in=(JoinState.APPROVED, JoinState.REFUSED)).order_by("-decided_at", "-pk")
        if decided
        else joins.waiting_for_officer().order_by("created_at", "pk")
    )
    tabs = presenters.request_tabs(decided=decided)
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "network/joining/request_list.html", {"page_obj": page, "decided": decided, "tabs": tabs})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_join(request: HttpRequest, pk: int) -> HttpResponse:
    check_confirms_joins(request.user)
    joins = JoinRequest.objects.visible_to(request.user).select_related("user", "site_country", "company", "decided_by")
    join = get_object_or_404(joins.exclude(user=request.user.pk), pk=pk)
    more = {"evidence": queries.evidence(join), "details": presenters.described(join)}
    return decision_page(request, join, "network/joining/confirm.html", "join_request_list", **more)
