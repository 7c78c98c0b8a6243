"""Who keeps the texts and who answers inquiries. `check_x` refuses with the reason, `x` answers a template."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds, is_content_admin


def keeps_texts(user: Any) -> bool:
    return is_content_admin(user)


def check_keeps_texts(user: Any) -> None:
    if not keeps_texts(user):
        raise PermissionDenied(_("운영자만 쓸 수 있는 화면입니다."))


def answers_inquiries(user: Any) -> bool:
    return holds(user, Role.OFFICER, Role.CONTENT_ADMIN)


def check_answers_inquiries(user: Any) -> None:
    if not answers_inquiries(user):
        raise PermissionDenied(_("사업담당자와 운영자만 쓸 수 있는 화면입니다."))
