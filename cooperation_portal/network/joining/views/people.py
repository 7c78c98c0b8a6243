"""The people of one's own company: who waits, who is invited, who is there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cooperation_portal.accounts import kept_forms
from cooperation_portal.network.joining.forms.people import InviteForm, RoleForm
from cooperation_portal.network.joining.permissions import check_owned_company, owns
from cooperation_portal.network.joining.services import invitations, people
from cooperation_portal.network.joining.services.refusals import JoinRefused
from cooperation_portal.network.joining.views.answers import decision_page, done, status_of
from cooperation_portal.network.models import Invitation, JoinRequest, Membership


@require_http_methods(["GET", "HEAD", "POST"])
def decide_join(request: HttpRequest, pk: int) -> HttpResponse:
    """An owner's answer."""
    owned = Membership.objects.visible_to(request.user).owners().filter(user=request.user.pk).values("company")
    joins = JoinRequest.objects.visible_to(request.user).filter(company__in=owned).exclude(user=request.user.pk)
    join = get_object_or_404(joins.select_related("user", "company"), pk=pk)
    return decision_page(request, join, "network/joining/decide.html", "company_home")


@require_http_methods(["GET", "HEAD", "POST"])
def invite_colleague(request: HttpRequest) -> HttpResponse:
    company = check_owned_company(request)
    data = kept_forms.sent_or_kept(request)
    form = InviteForm(data)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(company, by=request.user, **form.cleaned_data)
        except JoinRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            kept_forms.forget(request)
            messages.success(request, _("%(email)s 주소로 초대 메일을 보냈습니다.") % {"email": invitation.email})
            return redirect("company_home")
    status = status_of(request, form)
    return render(request, "network/joining/invite.html", {"form": form, "company": company}, status=status)


@require_POST
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    words = _("초대를 취소했습니다.")
    return done(request, lambda: invitations.revoke(invitation, by=request.user), words, afterwards="company_home")


def _people(request: HttpRequest) -> Any:
    """Those whom one may change: everybody of a company that one decides for, and oneself."""
    seen = Membership.objects.visible_to(request.user)
    owned = Membership.objects.visible_to(request.user).owners().filter(user=request.user.pk).values("company")
    return seen.filter(Q(company__in=owned) | Q(user=request.user.pk)).select_related("user", "company")


@require_POST
def change_membership(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(_people(request), pk=pk)
    if not owns(request.user, membership.company):
        raise PermissionDenied(_("기업 대표 담당자만 할 수 있는 일입니다. 대표 담당자에게 부탁해 주십시오."))
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("역할을 골라 주십시오."))
        return redirect("company_home")
    role = form.cleaned_data["role"]
    words = _("담당자의 역할을 바꾸었습니다.")
    return done(
        request,
        lambda: people.change_role(membership, role=role, by=request.user),
        words,
        afterwards="company_home",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(_people(request).filter(ended_at__isnull=True), pk=pk)
    is_self = membership.user_id == request.user.pk
    if request.method == "POST":
        words = _("기업 담당자에서 물러났습니다.") if is_self else _("담당자 등록을 끝냈습니다.")
        afterwards = "home" if is_self else "company_home"
        return done(request, lambda: people.end(membership, by=request.user), words, afterwards=afterwards)
    return render(request, "network/joining/end.html", _end_page(membership, is_self=is_self))


def _end_page(membership: Membership, *, is_self: bool) -> dict[str, Any]:
    names = {"name": membership.user.name, "company": membership.company.name}
    if is_self:
        heading, submit_label = _("기업 담당자에서 나가기"), _("나가기")
        text = _("나가시면 %(company)s의 수요와 추천을 더 보실 수 없습니다. 계정은 그대로 남습니다.") % names
    else:
        heading, submit_label = _("담당자 내보내기"), _("내보내기")
        text = _("%(name)s 님은 %(company)s의 수요와 추천을 더 볼 수 없게 되며, 메일로 알림을 받습니다.") % names
    return {
        "heading": heading,
        "text": text,
        "submit_label": submit_label,
        "cancel_url": reverse("company_home"),
        "danger": True,
    }
