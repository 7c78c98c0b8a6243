"""What changes the register of experts. Many are written in as few statements as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.shared.conflicts import EditedMeanwhile
from cooperation_portal.shared.updates import update_many
from cooperation_portal.taxonomy.models import TechnologyField
from experts.models import MOST_FIELDS, Expert, ExpertField

Values = Mapping[str, Any]
"""By name of the model's field; `fields` are codes of technology fields."""
_BATCH = 500


def add_expert(*, by: Any, **values: Any) -> Expert:
    return add_experts([values], by=by)[0]


@transaction.atomic
def add_experts(rows: Sequence[Values], *, by: Any) -> list[Expert]:
    """Raises ValidationError for too many fields of one expert, IntegrityError for a reference that is taken."""
    experts = Expert.objects.bulk_create((Expert(**_own(row)) for row in rows), batch_size=_BATCH)
    _write_fields({expert.pk: row.get("fields", ()) for expert, row in zip(experts, rows, strict=True)})
    return experts


@transaction.atomic
def change_expert(expert: Expert, *, by: Any, edit_version: int, **values: Any) -> Expert:
    """Raises EditedMeanwhile when `edit_version` is not the one that stands."""
    locked = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(locked, _("그사이 다른 사람이 이 전문가를 고쳤습니다."))
    return change_experts({locked.pk: values}, by=by)[0]


@transaction.atomic
def change_experts(changes: Mapping[int, Values], *, by: Any) -> list[Expert]:
    """By primary key, what is to stand; what is not named stays."""
    experts = list(Expert.objects.select_for_update(of=("self",)).filter(pk__in=changes).order_by("pk"))
    touched = {"edit_version", "changed_at"}
    now = timezone.now()
    for expert in experts:
        own = _own(changes[expert.pk])
        touched |= own.keys()
        for name, value in own.items():
            setattr(expert, name, value)
        expert.edit_version += 1
        expert.changed_at = now
    update_many(experts, sorted(touched))
    _write_fields({pk: values["fields"] for pk, values in changes.items() if "fields" in values})
    return experts


def retire_expert(expert: Expert, *, by: Any) -> None:
    """Twice is once: the first day stays."""
    Expert.objects.filter(pk=expert.pk, retired_on__isnull=True).update(retired_on=timezone.localdate())


def restore_expert(expert: Expert, *, by: Any) -> None:
    Expert.objects.filter(pk=expert.pk, retired_on__isnull=False).update(retired_on=None)


def _own(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "fields"}


def _write_fields(wanted: Mapping[int, Iterable[str]]) -> None:
    """Only what differs is written: a history of nothing would be read by people."""
    codes = {pk: set(chosen) for pk, chosen in wanted.items()}
    if any(len(chosen) > MOST_FIELDS for chosen in codes.values()):
        raise ValidationError(_("기술분야는 %(most)s개까지 고를 수 있습니다.") % {"most": MOST_FIELDS})
    named = TechnologyField.objects.filter(code__in=set[str]().union(*codes.values()))
    ids = dict(named.values_list("code", "pk"))
    present = {(row.expert_id, row.field_id): row.pk for row in ExpertField.objects.filter(expert__in=codes)}
    target = {(pk, ids[code]) for pk, chosen in codes.items() for code in chosen}
    gone = [key for pair, key in present.items() if pair not in target]
    if gone:
        ExpertField.objects.filter(pk__in=gone).delete()
    added = sorted(target - present.keys())
    ExpertField.objects.bulk_create(ExpertField(expert_id=expert, field_id=field) for expert, field in added)
