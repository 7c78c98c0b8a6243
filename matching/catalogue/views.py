from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from matching.catalogue.filters import TechnologyFilter
from matching.catalogue.models import Technology

PAGE_SIZE = 20


@require_safe
def technology_list(request: HttpRequest) -> HttpResponse:
    filtered = TechnologyFilter(request.GET, queryset=Technology.objects.visible_to(request.user).with_texts())
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "catalogue/technology_list.html", {"filter": filtered, "page_obj": page})


@require_safe
def technology_detail(request: HttpRequest, pk: int) -> HttpResponse:
    technology = get_object_or_404(Technology.objects.visible_to(request.user).with_texts(), pk=pk)
    return render(request, "catalogue/technology_detail.html", {"technology": technology})
