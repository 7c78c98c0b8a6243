"""What the register of companies and institutions is told of technologies."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.network.related import Related, register
from matching.catalogue.models import Technology, TechnologyStatus
from matching.catalogue.permissions import keeps_catalogue


def _kept(user: Any, **owner: Any) -> int:
    """Drafts too, for who may see them."""
    return Technology.objects.visible_to(user).exclude(status=TechnologyStatus.RETIRED).filter(**owner).count()


def _list(institution: Institution, user: Any) -> str:
    address = reverse("technology_upkeep" if keeps_catalogue(user) else "technology_list")
    return f"{address}?{urlencode({'q': institution.name_ko})}"


def tell() -> None:
    register(
        Institution,
        Related(
            _("원천기술"),
            lambda institution, user: _kept(user, owner=institution),
            _list,
        ),
    )
    register(
        Company,
        Related(
            _("보유한 원천기술"),
            lambda company, user: _kept(user, owner_company=company),
            lambda company, user: "",  # technologies are not found by the name of a company
        ),
    )
