"""Who acts for whom, and who reads and keeps the directory of institutions and companies."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds, is_content_admin
from cooperation_portal.network.models import NameDisclosure


def acts_for_a_company(user: Any) -> bool:
    return bool(user.is_authenticated and user.memberships.current().exists())


def company_name_disclosure(user: Any) -> NameDisclosure:
    """Staff who work on demands read names in full; to everyone else a company that is not theirs is masked."""
    return NameDisclosure.FULL if holds(user, Role.OFFICER, Role.CONTENT_ADMIN) else NameDisclosure.MASKED


def reads_directory(user: Any) -> bool:
    return holds(user, Role.OFFICER, Role.CONTENT_ADMIN)


def check_reads_directory(user: Any) -> None:
    if not reads_directory(user):
        raise PermissionDenied(_("기관과 기업 목록은 사업담당자와 운영자만 볼 수 있습니다."))


def keeps_directory(user: Any) -> bool:
    return is_content_admin(user)


def check_keeps_directory(user: Any) -> None:
    if not keeps_directory(user):
        raise PermissionDenied(_("운영자만 기관과 기업을 등록하거나 고칠 수 있습니다."))
