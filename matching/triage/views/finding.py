"""Technologies that an officer finds by hand."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching.catalogue.meaning import NotAvailableError
from matching.catalogue.models import Technology, TechnologyQuerySet
from matching.catalogue.queries import search
from matching.demands.models import Demand
from matching.triage import services
from matching.triage.forms import FindForm
from matching.triage.queries import officers as queries
from matching.triage.views.lookups import demand_for


@require_safe
def find_technology(request: HttpRequest, pk: int) -> HttpResponse:
    demand = demand_for(request, pk)
    form = FindForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = None
    if words:
        page = Paginator(_found(request, form, demand), 10).get_page(request.GET.get("page"))
    ranked = {c.technology.pk: c for c in queries.candidates(demand, request.user)}
    context = {"demand": demand, "form": form, "page_obj": page, "ranked": ranked, "words": words}
    return render(request, "triage/find.html", context)


def _found(request: HttpRequest, form: FindForm, demand: Demand) -> TechnologyQuerySet:
    words = form.cleaned_data["q"]
    if form.cleaned_data["by_meaning"]:
        try:
            return search(request.user, words, demand.direction, by_meaning=True)
        except NotAvailableError:
            form.add_error(
                "by_meaning", _("지금은 뜻으로 찾을 수 없어 낱말로 찾았습니다. 잠시 뒤에 다시 찾아 주십시오.")
            )
    return search(request.user, words, demand.direction)


@require_POST
def pick(request: HttpRequest, pk: int, technology_pk: int) -> HttpResponse:
    demand = demand_for(request, pk)
    technologies = Technology.objects.visible_to(request.user).published().filter(direction=demand.direction)
    technology = get_object_or_404(technologies, pk=technology_pk)
    try:
        services.pick_by_hand(demand, technology, by=request.user)
    except services.Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("demand_detail", pk=pk)
    messages.success(request, _("%(number)s을(를) 직접 찾은 기술로 더했습니다.") % {"number": technology.number})
    return redirect("candidate", pk=pk, technology_pk=technology_pk)
