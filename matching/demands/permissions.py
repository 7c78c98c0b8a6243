from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.permissions import is_content_admin, is_officer


def writes_demands(user: Any) -> bool:
    """Officers write down what companies tell them; companies file their own demands in their own place."""
    return is_officer(user)


def check_writes_demands(user: Any) -> None:
    if not writes_demands(user):
        raise PermissionDenied(_("사업담당자만 수요를 등록하거나 고칠 수 있습니다."))


def imports_demands(user: Any) -> bool:
    """Officers, and content administrators who bring in what the office already has."""
    return is_officer(user) or is_content_admin(user)
