"""What a company's owner keeps up to date of the company itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation_portal.network.joining.services.people import lock
from cooperation_portal.network.models import Company
from cooperation_portal.network.signals import company_changed


class EditedMeanwhile(Exception):
    """Someone saved the company since the form was opened; `current` is what stands now."""

    def __init__(self, current: Company) -> None:
        super().__init__(_("그사이 다른 사람이 기업 정보를 고쳤습니다."))
        self.current = current


@transaction.atomic
def change_own_facts(company: Company, *, by: Any, edit_version: int, **facts: Any) -> Company:
    """Not name and number: those are the office's to change."""
    locked = lock(company)
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(locked)
    renamed = locked.name_en != facts["name_en"]
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.edit_version += 1
    locked.save()
    if renamed:
        company_changed.send(sender=Company, companies=[locked.pk], by=by)
    return locked
