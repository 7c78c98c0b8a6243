from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cooperation_portal.accounts.permissions import check_system_admin
from cooperation_portal.work import queries, services
from cooperation_portal.work.registry import describe, label_of


@require_safe
def failed_work(request: HttpRequest) -> HttpResponse:
    check_system_admin(request.user)
    page = Paginator(queries.failed_work(), 50).get_page(request.GET.get("page"))
    rows = [{"work": work, "label": label_of(work.kind), "subject": describe(work.kind, work.subject)} for work in page]
    context = {"page_obj": page, "rows": rows, "queues": queries.queue_summary(), "alive": queries.worker_is_alive()}
    return render(request, "work/failed_work.html", context)


@require_POST
def retry_work(request: HttpRequest, pk: int) -> HttpResponse:
    check_system_admin(request.user)
    work = get_object_or_404(queries.failed_work(), pk=pk)
    services.retry(work, by=request.user)
    messages.success(request, _("다시 시도하도록 대기열에 넣었습니다."))
    return redirect("failed_work")


@require_POST
def retry_all_work(request: HttpRequest) -> HttpResponse:
    check_system_admin(request.user)
    count = services.retry_all(by=request.user)
    messages.success(request, _("실패한 작업 %(count)s건을 다시 시도합니다.") % {"count": count})
    return redirect("failed_work")
