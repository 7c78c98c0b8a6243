"""What everybody reads."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cooperation_portal.pages import presenters, queries
from cooperation_portal.pages.forms import SearchForm
from cooperation_portal.pages.models import Kind, Page, PageVersion
from cooperation_portal.pages.permissions import keeps_texts

PAGE_SIZE = 20


@login_not_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    pages = queries.with_texts(Page.objects.visible_to(request.user).public().of_kind(Kind.PAGE))
    found = get_object_or_404(pages, slug=slug)
    context = {"page": found, "versions": queries.dated_versions(found)}
    return render(request, "pages/page.html", context)


@login_not_required
@require_safe
def page_version(request: HttpRequest, slug: str, language: str, number: int) -> HttpResponse:
    """An earlier or announced version of a text that people agreed to."""
    versions = PageVersion.objects.visible_to(request.user).published().select_related("page")
    version = get_object_or_404(versions, page__slug=slug, page__kind=Kind.PAGE, language=language, number=number)
    present = queries.current_version(slug)
    return render(request, "pages/page_version.html", {"version": version, "present": present})


@login_not_required
@require_safe
def announcement_list(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    found = queries.containing(queries.announcements(), form.words)
    page_obj = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "pages/announcement_list.html", {"form": form, "page_obj": page_obj})


@login_not_required
@require_safe
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.announcements(), pk=pk)
    before, after = queries.neighbours(queries.announcements(), found)
    return render(request, "pages/announcement.html", {"page": found, "before": before, "after": after})


@login_not_required
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    found = list(queries.containing(queries.questions(), form.words))
    context = {"form": form, "count": len(found), "categories": list(presenters.by_category(found))}
    return render(request, "pages/faq.html", context)


@login_not_required
@require_safe
def help_page(request: HttpRequest, topic: str) -> HttpResponse:
    """The help of one topic beside the list of all that concern the reader."""
    texts = queries.help_texts()
    found = texts.get(topic)
    if found is None:
        raise Http404
    context = {"page": found, "groups": presenters.help_groups(request.user, texts), "keeps": keeps_texts(request.user)}
    return render(request, "pages/help_page.html", context)
