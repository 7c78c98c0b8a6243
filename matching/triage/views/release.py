"""Telling the company."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperation_portal.accounts import kept_forms
from matching.triage import presenters, services
from matching.triage.forms import ReleaseForm
from matching.triage.views.lookups import demand_for


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    demand = demand_for(request, pk)
    form = ReleaseForm(kept_forms.sent_or_kept(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.release(
                    demand,
                    message=form.cleaned_data["message"],
                    seen=presenters.seen_decisions(request.POST),
                    by=request.user,
                )
                kept_forms.forget(request)
                messages.success(request, _("기업에 추천했습니다. 담당자들에게 메일로 알렸습니다."))
                return redirect("demand_detail", pk=pk)
            except services.Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409
    context = {"demand": demand, "form": form, "decisions": services.waiting_for_release(demand)}
    return render(request, "triage/release.html", context, status=status)
