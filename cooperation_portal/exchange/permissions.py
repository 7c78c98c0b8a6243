"""Who brings spreadsheets in: whoever may add records of at least one kind."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.exchange.models import Import
from cooperation_portal.exchange.sheets import Sheet, all_sheets


def usable_sheets(user: Any) -> list[Sheet]:
    """Kinds of file that the person may upload, in the order in which they are stored."""
    return [sheet for sheet in all_sheets() if sheet.may_add(user) or sheet.may_change(user)]


def imports(user: Any) -> bool:
    return bool(user.is_authenticated and any(sheet.may_add(user) for sheet in all_sheets()))


def check_imports(user: Any) -> None:
    if not imports(user):
        raise PermissionDenied(_("자료를 등록할 권한이 있는 담당자만 볼 수 있는 화면입니다."))


def confirms(user: Any, run: Import) -> bool:
    return run.uploaded_by_id == user.pk


def check_confirms(user: Any, run: Import) -> None:
    """The preview was made with the rights of who uploaded; nobody else says yes to it."""
    if not confirms(user, run):
        raise PermissionDenied(_("파일을 올린 사람만 저장하거나 취소할 수 있습니다."))
