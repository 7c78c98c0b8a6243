"""Who may judge matches. `check_x` raises with the reason, `x` answers a template."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.permissions import is_officer
from matching.triage.models import Decision


def triages(user: Any) -> bool:
    return is_officer(user)


def check_triages(user: Any) -> None:
    if not triages(user):
        raise PermissionDenied(_("사업담당자만 쓸 수 있는 화면입니다."))


def undoes(user: Any, decision: Decision) -> bool:
    """The decider may take a decision back until the company has been told."""
    return triages(user) and decision.decided_by_id == user.pk and decision.release_id is None


def check_undoes(user: Any, decision: Decision) -> None:
    if decision.release_id is not None:
        raise PermissionDenied(_("이미 기업에 추천한 판단은 되돌릴 수 없습니다. 정정해 주십시오."))
    if not undoes(user, decision):
        raise PermissionDenied(_("판단한 사람만 되돌릴 수 있습니다."))
