from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.permissions import is_content_admin


def keeps_catalogue(user: Any) -> bool:
    return is_content_admin(user)


def check_keeps_catalogue(user: Any) -> None:
    if not keeps_catalogue(user):
        raise PermissionDenied(_("운영자만 원천기술을 등록하거나 고칠 수 있습니다."))
