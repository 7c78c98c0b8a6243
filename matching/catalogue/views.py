from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cooperation_portal.files.services import path_of
from cooperation_portal.network.acting import company_of
from matching.catalogue import presenters, queries, services
from matching.catalogue.filters import TechnologyFilter
from matching.catalogue.models import Bookmark, Technology
from matching.catalogue.permissions import exports_catalogue, keeps_catalogue

PAGE_SIZE = 20


# --- browsing ---------------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def technology_list(request: HttpRequest) -> HttpResponse:
    """An address with empty fields leads to the same without them, so that what people send each other is short."""
    if (clean := presenters.without_blanks(request.GET)) is not None:
        return redirect(f"{request.path}?{clean}" if clean else request.path)
    filtered = TechnologyFilter(request.GET, Technology.objects.visible_to(request.user), request=request)
    counts = filtered.counts()
    paginator = Paginator(filtered.in_order(count := counts[""].get("", 0)).with_texts(), PAGE_SIZE)
    paginator.count = count
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page)
    facets = presenters.facets(filtered, counts)
    context = {
        "filter": filtered,
        "facets": facets,
        "chips": presenters.chips(filtered, facets),
        "asked": [filtered.form["q"], filtered.form["by"]],
        "years": [filtered.form["year_from"], filtered.form["year_to"]],
        "sorts": presenters.sorts(filtered),
        "page_obj": page,
        "meaning_query": presenters.meaning_query(filtered),
        "cards": presenters.cards(shown, filtered.search, queries.bookmarked(request.user, shown)),
        "is_keeper": keeps_catalogue(request.user),
        "may_export": exports_catalogue(request.user),
    }
    return render(request, "catalogue/technology_list.html", context)


@login_not_required
@require_safe
def technology_detail(request: HttpRequest, pk: int) -> HttpResponse:
    readable = Technology.objects.visible_to(request.user).with_texts()
    technology = get_object_or_404(readable, pk=pk)
    context = {
        "technology": technology,
        "pictures": list(technology.pictures.all()),
        "is_bookmarked": technology.pk in queries.bookmarked(request.user, [technology]),
        "is_keeper": keeps_catalogue(request.user),
        "is_member": company_of(request) is not None,
        "related": [presenters.card(other) for other in queries.related(readable, technology)],
    }
    return render(request, "catalogue/technology_detail.html", context)


@login_not_required
@require_safe
@csp_update({"sandbox": []})  # type: ignore[arg-type]  # typed for views without arguments
def technology_picture(request: HttpRequest, pk: int, picture_pk: int) -> FileResponse:
    """Read by whoever may read the technology."""
    technology = get_object_or_404(Technology.objects.visible_to(request.user), pk=pk)
    stored = get_object_or_404(technology.pictures.select_related("file"), pk=picture_pk).file
    try:
        content = path_of(stored).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=stored.content_type, filename=stored.original_name)
    response["Cache-Control"] = "private, max-age=3600"
    return response


# --- bookmarks --------------------------------------------------------------------------------------------------------


@require_safe
def bookmark_list(request: HttpRequest) -> HttpResponse:
    """What was retired since is named by its number only, so that it can be taken off the list."""
    bookmarks = Bookmark.objects.visible_to(request.user)
    page = Paginator(bookmarks, PAGE_SIZE).get_page(request.GET.get("page"))
    kept = [bookmark.technology_id for bookmark in page]
    readable = Technology.objects.visible_to(request.user).with_texts().in_bulk(kept)
    rows = [
        {"bookmark": bookmark, "card": presenters.card(technology, is_bookmarked=True) if technology else None}
        for bookmark in page
        for technology in [readable.get(bookmark.technology_id)]
    ]
    return render(request, "catalogue/bookmark_list.html", {"page_obj": page, "rows": rows})


@require_POST
def add_bookmark(request: HttpRequest, pk: int) -> HttpResponse:
    technology = get_object_or_404(Technology.objects.visible_to(request.user), pk=pk)
    services.add_bookmark(technology, by=request.user)
    return _after_bookmark(request, pk, _("관심기술에 담았습니다."), is_bookmarked=True)


@require_POST
def remove_bookmark(request: HttpRequest, pk: int) -> HttpResponse:
    """Also of a technology that the person may not read any more."""
    if not Bookmark.objects.visible_to(request.user).filter(technology=pk).exists():
        get_object_or_404(Technology.objects.visible_to(request.user), pk=pk)
    services.remove_bookmark(pk, by=request.user)
    return _after_bookmark(request, pk, _("관심기술에서 뺐습니다."), is_bookmarked=False)


def _after_bookmark(request: HttpRequest, pk: int, done: str, *, is_bookmarked: bool) -> HttpResponse:
    """The button turned round, or back to where it was pressed."""
    if request.htmx:  # type: ignore[attr-defined]
        context: dict[str, Any] = {"pk": pk, "is_bookmarked": is_bookmarked, "announce": done}
        return render(request, "catalogue/_bookmark.html", context)
    messages.success(request, done)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else reverse("bookmark_list"))
