"""What is done with institutions and companies alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.network.services.refusals import check_not_merged, check_nothing_hinders, one_number_each
from cooperation_portal.shared.conflicts import EditedMeanwhile

Record = TypeVar("Record", Institution, Company)


def lock_to_change(record: Record, edit_version: int) -> Record:
    """Raises EditedMeanwhile when `edit_version` is not the one that stands, Refusal for what was merged."""
    locked = _locked(record)
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(locked)
    return locked


def write(locked: Record, values: Mapping[str, Any]) -> None:
    """As a new version. Raises NumberTaken."""
    for name, value in values.items():
        setattr(locked, name, value)
    locked.edit_version += 1
    with one_number_each():
        locked.save()


@transaction.atomic
def retire(record: Record, *, by: Any) -> Record:
    """People of a company keep their accounts and go on reading what was theirs.

    Raises Refusal while something that is in use belongs to it.
    """
    locked = _locked(record)
    if locked.retired_on is None:
        check_nothing_hinders(locked, by)
        locked.retired_on = timezone.localdate()
        _save_state(locked)
    return locked


@transaction.atomic
def restore(record: Record, *, by: Any) -> Record:
    """Raises Refusal for what was merged."""
    locked = _locked(record)
    if locked.retired_on is not None:
        locked.retired_on = None
        _save_state(locked)
    return locked


def _locked(record: Record) -> Record:
    locked = type(record).objects.select_for_update().get(pk=record.pk)
    check_not_merged(locked)
    return locked


def _save_state(record: Record) -> None:
    record.edit_version += 1
    record.save(update_fields=["retired_on", "edit_version"])
