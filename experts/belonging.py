"""What the register of institutions is told of experts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Institution
from cooperation_portal.network.related import Related, register
from experts.models import Expert


def tell() -> None:
    register(
        Institution,
        Related(
            _("소속 전문가"),
            lambda institution, user: Expert.objects.visible_to(user).current().filter(institution=institution).count(),
            lambda institution, user: f"{reverse('expert_list')}?{urlencode({'q': institution.name_ko})}",
        ),
    )
