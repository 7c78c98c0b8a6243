from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.exchange import downloads, presenters, queries, services
from cooperation_portal.exchange.forms import ConfirmForm, UploadForm
from cooperation_portal.exchange.limits import LARGEST_ROWS, LARGEST_UPLOAD, MEGABYTE
from cooperation_portal.exchange.models import Import, ImportFile
from cooperation_portal.exchange.permissions import check_confirms, check_imports, confirms, usable_sheets
from cooperation_portal.files.uploads import was_cut_off

PAGE_SIZE = 25
ROWS_PER_PAGE = 50


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    check_imports(request.user)
    page = Paginator(queries.listed(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"run": run, "files": list(run.files.all()), "tone": presenters.TONES[run.state]} for run in page]
    return render(request, "exchange/import_list.html", {"page_obj": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: HttpRequest) -> HttpResponse:
    check_imports(request.user)
    sheets = usable_sheets(request.user)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, sheets=sheets, cut_off=was_cut_off(request))
        if form.is_valid():
            run = services.start(uploads=form.uploads(), by=request.user)
            return redirect("import_detail", pk=run.pk)
    else:
        form = UploadForm(sheets=sheets)
    context = {
        "form": form,
        "slots": [{"sheet": sheet, "field": form[sheet.name]} for sheet in sheets],
        "megabytes": LARGEST_UPLOAD // MEGABYTE,
        "rows": f"{LARGEST_ROWS:,}",
    }
    return render(request, "exchange/new_import.html", context, status=422 if form.errors else 200)


def _run(request: HttpRequest, pk: int) -> Import:
    check_imports(request.user)
    return get_object_or_404(queries.detailed(request.user), pk=pk)


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "exchange/import_detail.html", _context(request, _run(request, pk)))


def _context(request: HttpRequest, run: Import) -> dict[str, Any]:
    files = queries.files_of(run)
    context: dict[str, Any] = {
        "run": run,
        "tone": presenters.TONES[run.state],
        "cards": presenters.cards(files, queries.visible_earlier(files, request.user)),
        "own": confirms(request.user, run),
        "can_store": presenters.can_be_stored(run, files),
        "wrong": sum(file.wrong_count for file in files),
        "right": sum(file.new_count + file.changed_count for file in files),
        "doubtful": sum(file.doubtful_count for file in files),
    }
    if run.is_moving:
        context["going"] = queries.going(run)
    elif run.swept_at is None and any(file.row_count for file in files):
        context |= _rows_context(request, files)
    return context


def _rows_context(request: HttpRequest, files: list[ImportFile]) -> dict[str, Any]:
    """One page of the rows of one file in one state, chosen by the address."""
    default = next((file for file in files if file.wrong_count), files[0])
    file = next((file for file in files if str(file.pk) == request.GET.get("file")), default)
    state = request.GET.get("state", "")
    if state not in presenters.SHOWN or not file.count_of(state):
        state = presenters.first_state(file)
    paginator = Paginator(queries.rows_of(file, state), ROWS_PER_PAGE)
    paginator.count = file.count_of(state)  # counted when it was read
    page = paginator.get_page(request.GET.get("page"))
    return {
        "file": file,
        "state": state,
        "state_label": presenters.SHOWN[state],
        "file_tabs": presenters.file_tabs(files, file) if len(files) > 1 else [],
        "state_tabs": presenters.state_tabs(file, state),
        "page_obj": page,
        "lines": presenters.Lines(file).of(list(page)),
    }


@require_safe
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar of an import's page; when the work has ended, the page is asked to show the result."""
    run = _run(request, pk)
    answer = render(request, "exchange/_progress.html", {"run": run, "going": queries.going(run)})
    if not run.is_moving:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def confirm_import(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    check_confirms(request.user, run)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("무엇을 저장할지 다시 골라 주십시오."))
        return redirect("import_detail", pk=pk)
    try:
        services.confirm(
            run,
            seen_preview=form.cleaned_data["preview"],
            only_right_rows=form.cleaned_data["rows"] == "right",
            by=request.user,
        )
    except services.Stale as stale:
        context = _context(request, _run(request, pk)) | {"stale": str(stale)}
        return render(request, "exchange/import_detail.html", context, status=409)
    except services.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("import_detail", pk=pk)


@require_POST
def cancel_import(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    check_confirms(request.user, run)
    try:
        services.cancel(run, by=request.user)
    except services.Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("가져오기를 취소했습니다. 저장된 것은 없습니다."))
    return redirect("import_detail", pk=pk)


@require_POST
def retry_import(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    check_confirms(request.user, run)
    try:
        services.retry(run, by=request.user)
    except services.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("import_detail", pk=pk)


@require_safe
def import_errors(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    file = get_object_or_404(_run(request, pk).files.all(), pk=file_pk, wrong_count__gt=0)
    return downloads.error_workbook(file, downloads.part_of(request.GET.get("part", "")))


@require_safe
def import_template(request: HttpRequest, name: str) -> HttpResponse:
    check_imports(request.user)
    sheet = next((sheet for sheet in usable_sheets(request.user) if sheet.name == name), None)
    if sheet is None:
        raise Http404
    return downloads.template(sheet, request.GET.get("format", ""))
