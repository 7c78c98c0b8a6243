"""Pages that institutions and companies have alike. Who may see them is checked by the caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperation_portal.accounts import kept_forms
from cooperation_portal.audit import timeline
from cooperation_portal.network import doubles
from cooperation_portal.network.forms.merging import MergeForm
from cooperation_portal.network.merging import to_move
from cooperation_portal.network.missing import missing_of
from cooperation_portal.network.permissions import keeps_directory
from cooperation_portal.network.presenters import Register, told_doubles, told_likenesses
from cooperation_portal.network.related import belongings, hindrances
from cooperation_portal.network.services import records as services
from cooperation_portal.network.services.doubles import mark_as_different
from cooperation_portal.network.services.refusals import Refusal
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen

PAGE_SIZE, PAIRS_ON_A_PAGE = 25, 20


def list_page(request: HttpRequest, register: Register, filtered: Any) -> HttpResponse:
    filtered.count_choices()
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "register": register,
        "filter": filtered,
        "page_obj": page,
        "rows": [{"record": record, "missing": missing_of(record)} for record in page],
        "keeps": keeps_directory(request.user),
    }
    return render(request, f"network/directory/{register.prefix}_list.html", context)


def detail_page(request: HttpRequest, register: Register, record: Any, **more: Any) -> HttpResponse:
    """What was merged leads to the one that is left."""
    if record.merged_into_id is not None:
        return redirect(register.detail_url, pk=record.merged_into_id)
    context = {
        "register": register,
        "record": record,
        "missing": missing_of(record),
        "belongings": belongings(record, request.user),
        "merged": list(record.merged.all()),
        "keeps": keeps_directory(request.user),
        **more,
    }
    return render(request, f"network/directory/{register.prefix}_detail.html", context)


def history_page(request: HttpRequest, register: Register, record: Any, entries: Any) -> HttpResponse:
    context = {"register": register, "record": record, "events": timeline.told(entries)}
    return render(request, "network/directory/history.html", context)


def retire_page(request: HttpRequest, register: Register, record: Any) -> HttpResponse:
    if request.method == "POST":
        try:
            services.retire(record, by=request.user)
            messages.success(request, _("‘%(name)s’의 사용을 중지했습니다.") % {"name": record})
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(register.detail_url, pk=record.pk)
    context = {"register": register, "record": record, "hindrances": hindrances(record, request.user)}
    return render(request, "network/directory/retire.html", context)


def restore(request: HttpRequest, register: Register, record: Any) -> HttpResponse:
    try:
        services.restore(record, by=request.user)
        messages.success(request, _("‘%(name)s’을(를) 다시 사용합니다.") % {"name": record})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(register.detail_url, pk=record.pk)


# --- writing ----------------------------------------------------------------------------------------------------------


def entry_page(
    request: HttpRequest,
    register: Register,
    form: Any,
    save: Callable[[], Any],
    *,
    record: Any = None,
    aliases: Any = None,
) -> HttpResponse:
    """A new record, or the change of one. `aliases` is the formset of an institution; `save` returns what is stored.

    Before a record gets a name that others have, its likely doubles are shown, and the next press saves; a conflict is
    replaced knowingly by the next press, too.
    """

    def page(status: int, **more: Any) -> HttpResponse:
        context = {
            "register": register,
            "form": form,
            "aliases": aliases,
            "record": record,
            "missing": missing_of(record) if record else [],
            **more,
        }
        return render(request, f"network/directory/{register.prefix}_form.html", context, status=status)

    if record is not None and record.merged_into_id is not None:
        return redirect(register.detail_url, pk=record.merged_into_id)
    if request.method != "POST":
        return page(200)
    if not form.is_valid() or (aliases is not None and not aliases.is_valid()):
        return page(422)
    if record is None or form.is_named_anew:
        others = register.model.objects.visible_to(request.user)
        alike = register.like(others, **form.facts, own=record.pk if record else None)
        if form.must_see(alike):
            return page(422, alike=told_likenesses(alike))
    try:
        saved = save()
    except EditedMeanwhile as conflict:
        now_seen(form, "edit_version", conflict.current.edit_version)
        return page(409, conflict=conflict.current)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return page(409)
    kept_forms.forget(request)
    messages.success(request, _("저장했습니다."))
    return redirect(register.detail_url, pk=saved.pk)


# --- doubles ----------------------------------------------------------------------------------------------------------


def doubles_page(request: HttpRequest, register: Register, search: Callable[[Any, str], Any]) -> HttpResponse:
    """Pairs that may be one; with `?record=` what may be that one, and a search for any other."""
    records = register.model.objects.visible_to(request.user).filter(merged_into__isnull=True)
    if request.method == "POST":
        first = get_object_or_404(records, pk=_number(request.POST.get("first")))
        second = get_object_or_404(records, pk=_number(request.POST.get("second")))
        if first == second:
            raise Http404
        mark_as_different(first, second, by=request.user)
        messages.success(request, _("서로 다른 곳으로 표시했습니다. 이 쌍은 다시 보이지 않습니다."))
        return redirect(register.doubles_url)
    if "record" in request.GET:
        record = get_object_or_404(records, pk=_number(request.GET["record"]))
        return _other_half_page(request, register, record, records.select_related(register.country), search)
    page = Paginator(doubles.doubles(register.model), PAIRS_ON_A_PAGE).get_page(request.GET.get("page"))
    pairs = told_doubles(doubles.with_records(page, records.select_related(register.country)))
    context = {"register": register, "page_obj": page, "pairs": pairs, "most": doubles.MOST}
    return render(request, "network/directory/doubles.html", context)


def _other_half_page(
    request: HttpRequest, register: Register, record: Any, records: Any, search: Callable[[Any, str], Any]
) -> HttpResponse:
    words = request.GET.get("q", "")
    found = search(records.exclude(pk=record.pk), words)[:PAIRS_ON_A_PAGE] if words else []
    context = {
        "register": register,
        "record": record,
        "alike": told_likenesses(doubles.like_record(records, record)),
        "q": words,
        "found": [{"record": one} for one in found],
    }
    return render(request, "network/directory/other_half.html", context)


def _number(text: str | None) -> int:
    """A key as an address carries it; 0, which no record has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


# --- merging ----------------------------------------------------------------------------------------------------------


def merge_page(request: HttpRequest, register: Register, pk: int, other_pk: int) -> HttpResponse:
    """Compare, choose, look at what will happen, confirm."""
    if pk == other_pk:
        raise Http404
    first, second = _to_merge(request, register, pk), _to_merge(request, register, other_pk)
    merged = first if first.merged_into_id else second if second.merged_into_id else None
    if merged is not None:
        messages.info(
            request,
            _("‘%(name)s’은(는) 이미 ‘%(into)s’(으)로 합쳐졌습니다.") % {"name": merged, "into": merged.merged_into},
        )
        return redirect(register.detail_url, pk=merged.merged_into_id)
    moving = {first.pk: to_move(first), second.pk: to_move(second)}
    chosen = MergeForm(request.POST or None, first=first, second=second, preferred=_preferred(first, second, moving))
    if request.method != "POST" or not chosen.is_valid():
        return _compare_page(request, register, chosen, moving, status=422 if request.method == "POST" else 200)
    survivor, other = chosen.survivor_and_other
    if "confirm" not in request.POST:
        context = {"register": register, "form": chosen, "survivor": survivor, "other": other}
        context["moving"] = moving[other.pk]
        return render(request, "network/directory/merge_confirm.html", context)
    try:
        register.merge(
            survivor,
            other,
            by=request.user,
            seen=chosen.seen,
            values=chosen.values(),
            reason=chosen.cleaned_data["reason"],
        )
    except EditedMeanwhile:
        messages.warning(
            request, _("그사이 다른 사람이 둘 가운데 하나를 고쳤습니다. 지금 내용을 보고 다시 골라 주십시오.")
        )
        return _afresh(request, register, pk, other_pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _afresh(request, register, pk, other_pk)
    messages.success(
        request,
        _("‘%(other)s’을(를) ‘%(survivor)s’(으)로 합쳤습니다.")
        % {"other": other.numbered, "survivor": survivor.numbered},
    )
    return redirect(register.detail_url, pk=survivor.pk)


def _to_merge(request: HttpRequest, register: Register, pk: int) -> Any:
    records = register.model.objects.visible_to(request.user).select_related("merged_into", *register.shown_relations)
    return get_object_or_404(records, pk=pk)


def _preferred(first: Any, second: Any, moving: dict[int, Any]) -> Any:
    """The one in use; of two the one that more belongs to, then the older."""

    def weight(record: Any) -> tuple[bool, int, int]:
        return record.retired_on is None, sum(one.count for one in moving[record.pk]), -record.pk

    return max((first, second), key=weight)


def _compare_page(
    request: HttpRequest, register: Register, form: MergeForm, moving: dict[int, Any], status: int = 200
) -> HttpResponse:
    context = {
        "register": register,
        "form": form,
        "first": form.first,
        "second": form.second,
        "first_moving": moving[form.first.pk],
        "second_moving": moving[form.second.pk],
    }
    return render(request, "network/directory/merge.html", context, status=status)


def _afresh(request: HttpRequest, register: Register, pk: int, other_pk: int) -> HttpResponse:
    """What was chosen was chosen between values that do not stand any more."""
    return redirect(reverse(register.merge_url, kwargs={"pk": pk, "other_pk": other_pk}))
