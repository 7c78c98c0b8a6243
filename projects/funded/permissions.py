"""Who reads projects and who keeps them. `check_x` raises with the reason, `x` answers a template."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds, is_content_admin
from cooperation_portal.network.models import Company, NameDisclosure
from cooperation_portal.network.permissions import company_name_disclosure
from projects.funded.models import Project


def reads_projects(user: Any) -> bool:
    """All of them; people of a company read their own in the company's place."""
    return holds(user, Role.OFFICER, Role.CONTENT_ADMIN)


def check_reads_projects(user: Any) -> None:
    if not reads_projects(user):
        raise PermissionDenied(
            _("사업담당자와 운영자만 볼 수 있는 화면입니다. 우리 회사의 과제는 ‘우리 회사 과제’에서 보실 수 있습니다.")
        )


def keeps_projects(user: Any) -> bool:
    return is_content_admin(user)


def check_keeps_projects(user: Any) -> None:
    if not keeps_projects(user):
        raise PermissionDenied(_("운영자만 과제와 성과를 등록하거나 고칠 수 있습니다."))


class CompanyNames:
    """How the companies of a project are named to one reader.

    In full to the staff and to the company's own people; to the other participants as the project's record says.
    """

    def __init__(self, user: Any, own: Company | None = None) -> None:
        self._in_full = company_name_disclosure(user) == NameDisclosure.FULL
        self._own = own.pk if own else None

    def of(self, project: Project, company: Company) -> str:
        if self._in_full or company.pk == self._own:
            return company.name
        return company.display_name(project.name_disclosure)
