"""Who may join, who decides on it. `check_x` raises with the reason, `x` answers a template."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation_portal.accounts.permissions import is_officer
from cooperation_portal.network.acting import check_company
from cooperation_portal.network.models import Company, Membership


def check_joins(user: Any) -> None:
    """Staff see every company's demands: nobody is on both sides at once."""
    if user.roles:
        raise PermissionDenied(
            _("업무 담당자 계정으로는 기업 회원이 될 수 없습니다. 다른 이메일 주소로 가입해 주십시오.")
        )


def owns(user: Any, company: Company) -> bool:
    return Membership.objects.owners().filter(user_id=user.pk, company=company).exists()


def check_owned_company(request: HttpRequest) -> Company:
    """The company that the person acts for, as one of its owners."""
    company = check_company(request)
    if not owns(request.user, company):
        raise PermissionDenied(_("기업 대표 담당자만 할 수 있는 일입니다. 대표 담당자에게 부탁해 주십시오."))
    return company


def check_confirms_joins(user: Any) -> None:
    if not is_officer(user):
        raise PermissionDenied(_("사업담당자만 쓸 수 있는 화면입니다."))
