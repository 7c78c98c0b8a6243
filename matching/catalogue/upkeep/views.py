from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.audit import timeline
from cooperation_portal.exchange.exports import respond
from cooperation_portal.exchange.sheets import sheet_of
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen
from matching.catalogue import services
from matching.catalogue.filters import TechnologyFilter
from matching.catalogue.missing import missing_of
from matching.catalogue.models import Technology, TechnologyStatus
from matching.catalogue.permissions import check_exports_catalogue, check_keeps_catalogue
from matching.catalogue.upkeep import queries
from matching.catalogue.upkeep.filters import UpkeepFilter
from matching.catalogue.upkeep.forms import PictureForm, TechnologyForms

PAGE_SIZE = 30


@require_safe
def technology_upkeep(request: HttpRequest) -> HttpResponse:
    check_keeps_catalogue(request.user)
    filtered = UpkeepFilter(request.GET, queryset=Technology.objects.visible_to(request.user).with_texts())
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"technology": technology, "missing": missing_of(technology)} for technology in page]
    context = {"filter": filtered, "page_obj": page, "rows": rows, "tiles": queries.tiles(request.user)}
    return render(request, "catalogue/upkeep/list.html", context)


@require_safe
def upkeep_export(request: HttpRequest) -> HttpResponse:
    check_keeps_catalogue(request.user)
    filtered = UpkeepFilter(request.GET, queryset=Technology.objects.visible_to(request.user))
    return respond(request, sheet_of("technologies"), filtered.qs, "technologies")


@require_safe
def technology_export(request: HttpRequest) -> HttpResponse:
    """What the list for everybody shows a person of the staff, with the same conditions."""
    check_exports_catalogue(request.user)
    filtered = TechnologyFilter(request.GET, Technology.objects.visible_to(request.user), request=request)
    return respond(request, sheet_of("technologies"), filtered.qs, "technologies")


def _technology(request: HttpRequest, pk: int) -> Technology:
    check_keeps_catalogue(request.user)
    return get_object_or_404(Technology.objects.visible_to(request.user).with_texts(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add_technology(request: HttpRequest) -> HttpResponse:
    check_keeps_catalogue(request.user)
    sent = request.method == "POST"
    forms = TechnologyForms(kept_forms.sent_or_kept(request), user=request.user)
    if sent and forms.is_valid():
        technology = services.add_technology(by=request.user, texts=forms.written_anew(), **forms.facts.values())
        return _saved(request, technology)
    return _form_page(request, forms, status=422 if sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_technology(request: HttpRequest, pk: int) -> HttpResponse:
    technology = _technology(request, pk)
    sent = request.method == "POST"
    data = kept_forms.sent_or_kept(request)
    forms = TechnologyForms(data, user=request.user, technology=technology)
    if not sent or not forms.is_valid():
        return _form_page(request, forms, technology, status=422 if sent else 200)
    try:
        services.change_technology(
            technology,
            by=request.user,
            texts=forms.written_anew(),
            without=forms.taken_away(),
            edit_version=forms.facts.cleaned_data["edit_version"] or 0,
            **forms.facts.values(),
        )
    except EditedMeanwhile as conflict:
        now_seen(forms.facts, "edit_version", conflict.current.edit_version)
        standing = Technology.objects.visible_to(request.user).with_texts().get(pk=pk)
        return _form_page(request, forms, technology, conflict=standing, status=409)
    return _saved(request, technology)


def _saved(request: HttpRequest, technology: Technology) -> HttpResponse:
    """Where the pressed button leads. What cannot be published yet stays saved as it is."""
    kept_forms.forget(request)
    action = request.POST.get("action")
    if action == "publish":
        try:
            services.publish_technology(technology, by=request.user)
        except services.NotPublishable as refusal:
            messages.warning(request, _("저장했지만 등록하지는 못했습니다. %(reason)s") % {"reason": refusal})
            return redirect("edit_technology", pk=technology.pk)
        messages.success(request, _("%(number)s을(를) 등록했습니다.") % {"number": technology.number})
        return redirect("technology_detail", pk=technology.pk)
    messages.success(request, _("%(number)s을(를) 저장했습니다.") % {"number": technology.number})
    return redirect("technology_preview" if action == "preview" else "edit_technology", pk=technology.pk)


def _form_page(
    request: HttpRequest,
    forms: TechnologyForms,
    technology: Technology | None = None,
    conflict: Technology | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "forms": forms,
        "form": forms.facts,
        "technology": technology,
        "conflict": conflict,
    }
    if technology is not None:
        missing = missing_of(technology)
        blocked = any(kind.blocks for kind in missing)
        context |= {
            "missing": missing,
            "missing_note": _("붉은 것은 등록하기 전에 꼭 채워야 합니다.") if blocked else "",
            "pictures": list(technology.pictures.select_related("file")),
            "picture_form": PictureForm(),
        }
    return render(request, "catalogue/upkeep/form.html", context, status=status)


@require_safe
def technology_preview(request: HttpRequest, pk: int) -> HttpResponse:
    technology = _technology(request, pk)
    context = {
        "technology": technology,
        "missing": missing_of(technology),
        "pictures": list(technology.pictures.select_related("file")),
    }
    return render(request, "catalogue/upkeep/preview.html", context)


@require_safe
def technology_history(request: HttpRequest, pk: int) -> HttpResponse:
    technology = _technology(request, pk)
    context = {"technology": technology, "events": timeline.told(queries.history(technology))}
    return render(request, "catalogue/upkeep/history.html", context)


@require_POST
def publish_technology(request: HttpRequest, pk: int) -> HttpResponse:
    technology = _technology(request, pk)
    try:
        services.publish_technology(technology, by=request.user)
        messages.success(request, _("%(number)s을(를) 등록했습니다.") % {"number": technology.number})
    except services.NotPublishable as refusal:
        messages.error(request, str(refusal))
    return redirect("edit_technology", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def retire_technology(request: HttpRequest, pk: int) -> HttpResponse:
    technology = _technology(request, pk)
    if request.method != "POST":
        return render(request, "catalogue/upkeep/retire.html", {"technology": technology})
    services.retire_technology(technology, by=request.user)
    messages.success(
        request, _("%(number)s을(를) 사용 중지했습니다. 이력과 판단은 남아 있습니다.") % {"number": technology.number}
    )
    return redirect("technology_upkeep")


@require_POST
def restore_technology(request: HttpRequest, pk: int) -> HttpResponse:
    technology = _technology(request, pk)
    if technology.status == TechnologyStatus.RETIRED:
        services.restore_technology(technology, by=request.user)
        messages.success(request, _("작성 중으로 되돌렸습니다. 내용을 확인한 뒤 등록해 주십시오."))
    return redirect("edit_technology", pk=pk)


@require_POST
def add_technology_picture(request: HttpRequest, pk: int) -> HttpResponse:
    technology = _technology(request, pk)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        chosen = form.cleaned_data["picture"]
        try:
            services.add_picture(
                technology, by=request.user, file=chosen, name=chosen.name, caption=form.cleaned_data["caption"]
            )
            messages.success(request, _("그림을 더했습니다."))
            return redirect("edit_technology", pk=pk)
        except ValidationError as refusal:
            form.add_error("picture", refusal)
    context = {"technology": technology, "picture_form": form}
    return render(request, "catalogue/upkeep/picture.html", context, status=422)


@require_POST
def remove_technology_picture(request: HttpRequest, pk: int, picture_pk: int) -> HttpResponse:
    technology = _technology(request, pk)
    picture = get_object_or_404(technology.pictures.select_related("file"), pk=picture_pk)
    services.remove_picture(picture, by=request.user)
    messages.success(request, _("그림을 뺐습니다."))
    return redirect("edit_technology", pk=pk)
