from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cooperation_portal.notices.models import Mail


@login_not_required
@require_safe
def kept_mail(request: HttpRequest) -> HttpResponse:
    """What the portal would have sent. Its address exists in development only."""
    page = Paginator(Mail.objects.all(), 50).get_page(request.GET.get("page"))
    return render(request, "notices/kept_mail.html", {"page_obj": page})


@login_not_required
@require_safe
def kept_mail_text(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "notices/kept_mail_text.html", {"mail": get_object_or_404(Mail, pk=pk)})
