"""Who reads how good the matching is and who changes how it works. `check_x` refuses with the reason."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds, is_content_admin, is_officer


def reads_quality(user: Any) -> bool:
    return holds(user, Role.OFFICER, Role.CONTENT_ADMIN)


def check_reads_quality(user: Any) -> None:
    if not reads_quality(user):
        raise PermissionDenied(_("사업담당자와 운영자만 쓸 수 있는 화면입니다."))


def proposes_terms(user: Any) -> bool:
    return is_officer(user)


def check_proposes_terms(user: Any) -> None:
    if not proposes_terms(user):
        raise PermissionDenied(_("사업담당자만 용어를 제안할 수 있습니다."))


def keeps_matching(user: Any) -> bool:
    """Takes weights and terms into use, for everybody."""
    return is_content_admin(user)


def check_keeps_matching(user: Any) -> None:
    if not keeps_matching(user):
        raise PermissionDenied(_("운영자만 점수의 비중과 용어집을 바꿀 수 있습니다."))
