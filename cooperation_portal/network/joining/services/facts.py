"""What a company's owner keeps up to date of the company itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation_portal.network.joining.services.people import lock
from cooperation_portal.network.models import Company
from cooperation_portal.network.signals import company_changed
from cooperation_portal.shared.conflicts import EditedMeanwhile


@transaction.atomic
def change_own_facts(company: Company, *, by: Any, edit_version: int, **facts: Any) -> Company:
    """Not name and number: those are the office's to change.

    Raises EditedMeanwhile when `edit_version` is not the one that stands.
    """
    locked = lock(company)
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(locked, _("그사이 다른 사람이 기업 정보를 고쳤습니다."))
    renamed = locked.name_en != facts["name_en"]
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.edit_version += 1
    locked.save()
    if renamed:
        company_changed.send(sender=Company, companies=[locked.pk], by=by)
    return locked
