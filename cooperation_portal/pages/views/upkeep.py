"""The content admin's pages: texts are written, compared, published and withdrawn here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.pages import presenters, queries, services
from cooperation_portal.pages.forms import PublishForm, TextForm
from cooperation_portal.pages.models import Kind, Page, PageLanguage, PageVersion
from cooperation_portal.pages.permissions import check_keeps_texts
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen

PAGE_SIZE = 30


def _page(request: HttpRequest, pk: int, language: str = PageLanguage.KOREAN) -> Page:
    check_keeps_texts(request.user)
    if language not in PageLanguage.values:
        raise Http404
    return get_object_or_404(Page.objects.visible_to(request.user), pk=pk)


@require_safe
def page_upkeep(request: HttpRequest) -> HttpResponse:
    check_keeps_texts(request.user)
    kind = Kind(request.GET["kind"]) if request.GET.get("kind") in Kind.values else Kind.PAGE
    page_obj = Paginator(queries.kept_pages(request.user, kind), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "tabs": presenters.kind_tabs(queries.counts_by_kind(request.user), kind, reverse("page_upkeep")),
        "page_obj": page_obj,
        "rows": presenters.upkeep_rows(page_obj),
        "languages": presenters.offered_languages(),
    }
    return render(request, "pages/page_upkeep.html", context)


# --- writing ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add_announcement(request: HttpRequest) -> HttpResponse:
    return _add(request, Kind.ANNOUNCEMENT)


@require_http_methods(["GET", "HEAD", "POST"])
def add_question(request: HttpRequest) -> HttpResponse:
    return _add(request, Kind.QUESTION)


def _add(request: HttpRequest, kind: Kind) -> HttpResponse:
    """A new text is written in Korean first; its translations follow from the list."""
    check_keeps_texts(request.user)
    data = kept_forms.sent_or_kept(request)
    form = TextForm(data, kind=kind)
    if "preview" in request.POST:
        return _form_page(request, form, kind=kind, preview=True)
    if request.method == "POST" and form.is_valid():
        add = services.add_announcement if kind == Kind.ANNOUNCEMENT else services.add_question
        page = add(by=request.user, **form.values())
        kept_forms.forget(request)
        messages.success(request, _("초안으로 저장했습니다. 확인한 뒤 게시해 주십시오."))
        return redirect("publish_page", pk=page.pk, language=PageLanguage.KOREAN)
    return _form_page(request, form, kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Writes the draft; what is published stays as it is until the draft is published."""
    page = _page(request, pk, language)
    latest = queries.latest(page, language)
    data = kept_forms.sent_or_kept(request)
    form = TextForm(data, kind=page.kind, initial=_initial(page, latest))
    if "preview" in request.POST:
        return _form_page(request, form, page=page, language=language, latest=latest, preview=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_draft(page, language=language, by=request.user, seen=form.seen, **form.values())
        except EditedMeanwhile as conflict:
            now_seen(form, "edit_version", conflict.current.edit_version if conflict.current else 0)
            return _form_page(
                request, form, page=page, language=language, latest=latest, conflict=conflict.current, status=409
            )
        kept_forms.forget(request)
        messages.success(request, _("초안으로 저장했습니다. 확인한 뒤 게시해 주십시오."))
        return redirect("publish_page", pk=page.pk, language=language)
    return _form_page(request, form, page=page, language=language, latest=latest)


def _initial(page: Page, latest: PageVersion | None) -> dict[str, Any]:
    of_page = {"category": page.category, "is_pinned": page.is_pinned}
    if latest is None:
        return of_page | {"edit_version": 0}
    return of_page | {"title": latest.title, "body": latest.body, "edit_version": latest.edit_version}


def _form_page(
    request: HttpRequest,
    form: TextForm,
    *,
    kind: str = "",
    page: Page | None = None,
    language: str = PageLanguage.KOREAN,
    latest: PageVersion | None = None,
    preview: bool = False,
    conflict: PageVersion | None = None,
    status: int = 200,
) -> HttpResponse:
    """A preview saves nothing; asked for by htmx it is the only thing that comes back."""
    context = {
        "form": form,
        "kind": Kind(page.kind if page else kind),
        "page": page,
        "language": language,
        "latest": latest,
        "korean": queries.latest(page, PageLanguage.KOREAN) if page and language != PageLanguage.KOREAN else None,
        "places": queries.PLACES,
        "preview": preview,
        "conflict": conflict,
    }
    if preview:
        part = "#preview" if request.headers.get("HX-Request") else ""
        return render(request, f"pages/page_form.html{part}", context)
    if request.method == "POST" and status == 200:
        status = 422
    return render(request, "pages/page_form.html", context, status=status)


@require_POST
def discard_draft(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    page = _page(request, pk, language)
    try:
        services.discard_draft(page, language=language, by=request.user, seen=_seen(request))
        messages.success(request, _("초안을 버렸습니다."))
    except (services.Refusal, EditedMeanwhile) as refusal:
        messages.error(request, str(refusal))
    return redirect("page_history", pk=pk)


def _seen(request: HttpRequest) -> int:
    value = request.POST.get("edit_version", "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


# --- publishing -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def publish_page(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Shows what will change, then publishes it."""
    page = _page(request, pk, language)
    versions = queries.versions_of(page, language)
    draft = versions[0] if versions and versions[0].is_draft else None
    if draft is None:
        messages.error(request, _("게시할 초안이 없습니다. 먼저 글을 고쳐 저장해 주십시오."))
        return redirect("page_history", pk=pk)
    before = versions[1] if len(versions) > 1 else None
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        page=page,
        is_first=before is None,
        initial={"edit_version": draft.edit_version},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.publish(
                    page, language=language, by=request.user, seen=form.cleaned_data["edit_version"], **form.values()
                )
            except EditedMeanwhile as conflict:
                form.add_error(None, f"{conflict} {_('아래의 새 내용을 확인한 뒤 다시 게시해 주십시오.')}")
                now_seen(form, "edit_version", draft.edit_version)
                status = 409
            else:
                messages.success(request, _("게시했습니다."))
                return redirect(f"{reverse('page_upkeep')}?kind={page.kind}")
    context = {
        "page": page,
        "draft": draft,
        "before": before,
        "form": form,
        "lines": presenters.compare(before, draft) if before else [],
    }
    return render(request, "pages/publish_page.html", context, status=status)


@require_safe
def page_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions of a text, and what one of them changed."""
    language = request.GET.get("language", PageLanguage.KOREAN)
    page = _page(request, pk, language)
    versions = queries.versions_of(page, language)
    shown = presenters.chosen_version(versions, request.GET.get("number", ""))
    before = next((version for version in versions if shown and version.number < shown.number), None)
    context = {
        "page": page,
        "language": language,
        "languages": PageLanguage.choices,
        "versions": versions,
        "shown": shown,
        "before": before,
        "lines": presenters.compare(before, shown) if shown and before else [],
        "events": presenters.page_events(page),
    }
    return render(request, "pages/page_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    page = _page(request, pk)
    back = f"{reverse('page_upkeep')}?kind={page.kind}"
    if request.method == "POST":
        try:
            services.withdraw(page, by=request.user)
            messages.success(request, _("게시를 중단했습니다. 글과 이력은 남아 있어 언제든지 다시 게시할 수 있습니다."))
        except services.Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(back)
    latest = queries.latest(page, PageLanguage.KOREAN)
    context = {
        "heading": _("게시 중단"),
        "text": _("‘%(title)s’을(를) 누리집에서 내립니다. 글과 이력은 남으며 다시 게시할 수 있습니다.")
        % {"title": latest.title if latest else page},
        "submit_label": _("게시 중단"),
        "cancel_url": back,
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@require_POST
def restore_page(request: HttpRequest, pk: int) -> HttpResponse:
    page = _page(request, pk)
    services.restore(page, by=request.user)
    messages.success(request, _("다시 게시했습니다."))
    return redirect(f"{reverse('page_upkeep')}?kind={page.kind}")


@require_POST
def move_question(request: HttpRequest, pk: int) -> HttpResponse:
    page = _page(request, pk)
    services.move_question(page, up=request.POST.get("direction") == "up", by=request.user)
    return redirect(f"{reverse('page_upkeep')}?kind={Kind.QUESTION}")
