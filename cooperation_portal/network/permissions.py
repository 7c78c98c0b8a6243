"""Who acts for whom."""

from typing import Any

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.network.models import NameDisclosure


def acts_for_a_company(user: Any) -> bool:
    return bool(user.is_authenticated and user.memberships.current().exists())


def company_name_disclosure(user: Any) -> NameDisclosure:
    """Staff who work on demands read names in full; to everyone else a company that is not theirs is masked."""
    return NameDisclosure.FULL if holds(user, Role.OFFICER, Role.CONTENT_ADMIN) else NameDisclosure.MASKED
