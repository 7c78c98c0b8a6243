"""Terms that officers propose for the glossary and administrators accept."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.audit.timeline import entries, told
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen
from matching.learning import presenters, services
from matching.learning.filters import ProposalFilter
from matching.learning.forms import AnswerForm, ConceptForm, ProposalForm, ReasonForm, fault_in_words
from matching.learning.models import GlossaryProposal, GlossaryTerm
from matching.learning.permissions import (
    check_keeps_matching,
    check_proposes_terms,
    check_reads_quality,
    keeps_matching,
    proposes_terms,
)
from matching.learning.queries.glossary import concept_of, concepts_with
from matching.learning.queries.progress import scoring_progress

PAGE_SIZE = 25


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    check_reads_quality(request.user)
    found = GlossaryProposal.objects.visible_to(request.user).select_related("proposed_by", "decided_by")
    filtered = ProposalFilter(request.GET, queryset=found)
    context = {
        "filter": filtered,
        "page_obj": Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "scoring": scoring_progress(),
        "proposes": proposes_terms(request.user),
    }
    return render(request, "learning/glossary.html", context)


@require_safe
def concepts(request: HttpRequest) -> HttpResponse:
    check_reads_quality(request.user)
    form = ConceptForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(concepts_with(words), PAGE_SIZE).get_page(request.GET.get("page")) if words else None
    context = {
        "form": form,
        "words": words,
        "page_obj": page,
        "rows": [presenters.concept_view(concept) for concept in page] if page else [],
        "proposes": proposes_terms(request.user),
    }
    return render(request, "learning/glossary_concepts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """`?concept=` names a known concept; `?term=` with `?language=` fills in what an officer met in a text."""
    check_proposes_terms(request.user)
    key = request.GET.get("concept", "")
    concept = concept_of(key) if key else None
    if key and concept is None:
        raise Http404
    data = request.POST if request.method == "POST" else kept_forms.take(request)
    initial = {request.GET.get("language", "ko"): request.GET.get("term", "")}
    form = ProposalForm(data, concept=concept, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = services.propose_terms(by=request.user, **form.values())
        kept_forms.forget(request)
        messages.success(request, _("%(number)s(으)로 제안했습니다. 운영자가 확인합니다.") % {"number": made.number})
        return redirect("glossary_proposal", pk=made.pk)
    context = {"form": form, "concept": presenters.concept_view(concept) if concept else None}
    return render(request, "learning/propose_terms.html", context, status=422 if request.method == "POST" else 200)


def _proposal(request: HttpRequest, pk: int) -> GlossaryProposal:
    found = GlossaryProposal.objects.visible_to(request.user).select_related("proposed_by", "decided_by")
    return get_object_or_404(found, pk=pk)


@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    check_reads_quality(request.user)
    return _proposal_page(request, _proposal(request, pk))


def _proposal_page(
    request: HttpRequest, found: GlossaryProposal, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    concept = concept_of(found.concept) if found.concept else None
    context = {
        "proposal": found,
        "terms": presenters.term_rows(found.terms),
        "concept": presenters.concept_view(concept) if concept else None,
        "form": form or AnswerForm(initial={"edit_version": found.edit_version}),
        "scoring": scoring_progress(),
        "keeps": keeps_matching(request.user),
        "events": told(
            entries((GlossaryProposal, {"pgh_obj_id": found.pk}), (GlossaryTerm, {"proposal_id": found.pk}))
        ),
    }
    return render(request, "learning/glossary_proposal.html", context, status=status)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_matching(request.user)
    found = _proposal(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _proposal_page(request, found, form, status=422)
    accepts = form.cleaned_data["action"] == "accept"
    change = services.accept_proposal if accepts else services.refuse_proposal
    try:
        change(found, by=request.user, **form.values)
    except services.TermsClash as clash:
        for fault in clash.faults:
            form.add_error(None, fault_in_words(fault))
        return _proposal_page(request, found, form, status=409)
    except EditedMeanwhile as conflict:
        form.add_error(None, _("그사이 다른 사람이 이 제안을 처리했습니다."))
        return _proposal_page(request, conflict.current, form, status=409)
    kept_forms.forget(request)
    if accepts:
        messages.success(request, _("용어집에 더했습니다. 점수를 새로 계산합니다."))
    else:
        messages.success(request, _("제안을 반려했습니다."))
    return redirect("glossary_proposal", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_matching(request.user)
    found = _proposal(request, pk)
    data = request.POST if request.method == "POST" else kept_forms.take(request)
    form = ReasonForm(data, initial={"edit_version": found.edit_version})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.retire_proposal(found, by=request.user, **form.values)
            kept_forms.forget(request)
            messages.success(request, _("용어의 사용을 멈추었습니다. 점수를 새로 계산합니다."))
            return redirect("glossary_proposal", pk=pk)
        except EditedMeanwhile as conflict:
            form.add_error(None, _("그사이 다른 사람이 이 제안을 처리했습니다."))
            now_seen(form, "edit_version", conflict.current.edit_version)
            status = 409
    context = {
        "form": form,
        "heading": _("용어 사용 중지"),
        "text": _("이 제안의 용어를 용어집에서 뺍니다. 새 개념이었다면 나중에 더한 용어도 함께 빠집니다."),
        "submit_label": _("사용 중지"),
        "danger": True,
        "cancel_url": reverse("glossary_proposal", kwargs={"pk": pk}),
    }
    return render(request, "learning/confirm.html", context, status=status)
