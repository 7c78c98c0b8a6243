from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds, is_content_admin


def sees_experts(user: Any) -> bool:
    return holds(user, Role.OFFICER, Role.CONTENT_ADMIN)


def check_sees_experts(user: Any) -> None:
    if not sees_experts(user):
        raise PermissionDenied(_("전문가의 개인정보가 있는 화면이어서 사업담당자와 운영자만 볼 수 있습니다."))


def keeps_experts(user: Any) -> bool:
    return is_content_admin(user)


def check_keeps_experts(user: Any) -> None:
    if not keeps_experts(user):
        raise PermissionDenied(_("운영자만 전문가를 등록하거나 고칠 수 있습니다."))


def takes_contacts_away(user: Any) -> bool:
    """Officers read an address on the page of the expert; a file with all of them is the content administrator's."""
    return is_content_admin(user)
