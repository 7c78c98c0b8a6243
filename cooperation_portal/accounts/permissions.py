"""Who is who. `x(user)` answers a template; `check_x(user)` refuses with the reason."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import Role


def holds(user: Any, *roles: Role) -> bool:
    return bool(user.is_authenticated and user.roles.intersection(roles))


def is_officer(user: Any) -> bool:
    return holds(user, Role.OFFICER)


def is_content_admin(user: Any) -> bool:
    return holds(user, Role.CONTENT_ADMIN)


def is_system_admin(user: Any) -> bool:
    return holds(user, Role.SYSTEM_ADMIN)


def check_system_admin(user: Any) -> None:
    if not is_system_admin(user):
        raise PermissionDenied(_("시스템 관리자만 볼 수 있는 화면입니다."))
