from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds, is_content_admin


def keeps_catalogue(user: Any) -> bool:
    return is_content_admin(user)


def check_keeps_catalogue(user: Any) -> None:
    if not keeps_catalogue(user):
        raise PermissionDenied(_("운영자만 원천기술을 등록하거나 고칠 수 있습니다."))


def exports_catalogue(user: Any) -> bool:
    return holds(user, Role.OFFICER, Role.CONTENT_ADMIN)


def check_exports_catalogue(user: Any) -> None:
    if not exports_catalogue(user):
        raise PermissionDenied(_("사업담당자와 운영자만 목록을 내려받을 수 있습니다."))
