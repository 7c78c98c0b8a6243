"""The link of an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cooperation_portal.network.acting import choose
from cooperation_portal.network.joining import queries
from cooperation_portal.network.joining.permissions import check_joins
from cooperation_portal.network.joining.services import invitations
from cooperation_portal.network.joining.services.refusals import AlreadySettled
from cooperation_portal.network.models import Invitation


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail. What is used up, taken back, too old or unknown looks the same and names nobody."""
    invitation = queries.open_invitation(token)
    if request.user.is_authenticated and invitation is None and queries.was_accepted_by(token, request.user):
        return redirect("company_home")
    if invitation is None:
        return render(request, "network/joining/invitation_gone.html", status=404)
    if not request.user.is_authenticated:
        return render(request, "network/joining/invitation_welcome.html", {"token": token})
    check_joins(request.user)
    if not queries.has_confirmed(request.user, invitation.email):
        raise PermissionDenied(
            _("다른 이메일 주소로 보낸 초대입니다. 초대 메일을 받은 주소로 로그인한 뒤 링크를 다시 열어 주십시오.")
        )
    if request.method == "POST":
        return _answer(request, invitation)
    return render(request, "network/joining/invitation.html", {"invitation": invitation, "token": token})


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        if request.POST.get("answer") == "decline":
            invitations.decline(invitation, by=request.user)
            messages.success(request, _("초대를 거절했습니다."))
            return redirect("home")
        membership = invitations.accept(invitation, by=request.user)
    except AlreadySettled:
        return render(request, "network/joining/invitation_gone.html", status=409)
    choose(request, membership.company)
    messages.success(request, _("이제 ‘%(name)s’ 담당자로 이용하십니다.") % {"name": membership.company.name})
    return redirect("company_home")
