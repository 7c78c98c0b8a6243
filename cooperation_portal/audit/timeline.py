"""History read as a person would: who changed what from what to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Fields that change by themselves, or that tell a person nothing.
_SILENT = frozenset(
    {
        "id",
        "demand",
        "changed_at",
        "created_at",
        "content_hash",
        "content_version",
        "edit_version",
        "version",
        "score",
        "relevance",
        "engine_version",
        "by_hand",
        "decided_at",
        "answered_at",
        "edited_by",
        "joined_at",
        "project",
        "result",
        "submission",
        # Of a calibration and a glossary: shown as tables on their own pages.
        "weights",
        "thresholds",
        "figures",
        "terms",
        "form",
    }
)


@dataclass(frozen=True)
class Change:
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One write. `kind` is insert, update or delete; `who` is empty for the portal's own work."""

    when: datetime
    who: str
    kind: str
    subject: str
    changes: tuple[Change, ...]


def entries(*sources: tuple[type[models.Model], dict[str, Any]]) -> list[Entry]:
    """Newest first, over several audited models, each with the filter that picks its rows."""
    raw = [(model, event) for model, chosen in sources for event in _events(model, chosen)]
    names = _names({(event.pgh_context or {}).get("user") for _model, event in raw})
    previous: dict[tuple[type[models.Model], Any], Any] = {}
    found = []
    for model, event in raw:
        key = (model, event.pgh_obj_id)
        entry = _entry(model, event, previous.get(key), names)
        previous[key] = event
        if entry.kind != "update" or entry.changes:
            found.append((event.pgh_created_at, event.pgh_id, entry))
    return [entry for _when, _id, entry in sorted(found, key=lambda row: row[:2], reverse=True)]


def _events(model: type[models.Model], chosen: dict[str, Any]) -> Iterable[Any]:
    event_model: Any = model._meta.get_field("events").related_model
    untold = _SILENT | {"pgh_obj"}
    relations = [field.name for field in event_model._meta.fields if field.is_relation and field.name not in untold]
    # Not joined: a record that has been deleted since would take the events that name it along.
    return event_model.objects.filter(**chosen).prefetch_related(*relations).order_by("pgh_id")


def _names(user_ids: set[Any]) -> dict[Any, str]:
    people = get_user_model()._default_manager.filter(pk__in=[pk for pk in user_ids if pk])
    return {person.pk: str(person) for person in people}


def _entry(model: type[models.Model], event: Any, before: Any, names: dict[Any, str]) -> Entry:
    fields = [
        field for field in model._meta.concrete_fields if field.name not in _SILENT and hasattr(event, field.attname)
    ]
    changes = tuple(
        Change(str(field.verbose_name), _shown(before, field) if before else "", _shown(event, field))
        for field in fields
        if _value(event, field) != (_value(before, field) if before else None)
        and (event.pgh_label == "update" or _value(event, field) not in (None, "", [], False))
    )
    who = names.get((event.pgh_context or {}).get("user"), "")
    return Entry(event.pgh_created_at, who, event.pgh_label, str(model._meta.verbose_name), changes)


def _value(event: Any, field: models.Field[Any, Any]) -> Any:
    return getattr(event, field.attname)


def _shown(event: Any, field: models.Field[Any, Any]) -> str:
    if field.is_relation:
        gone = _("(지워진 자료)") if _value(event, field) else ""
        return str(getattr(event, field.name, None) or gone)
    display = getattr(event, f"get_{field.name}_display", None)
    value = display() if display else _value(event, field)
    if isinstance(value, list):
        labels: dict[Any, Any] = dict(getattr(getattr(field, "base_field", None), "choices", None) or ())
        return ", ".join(str(labels.get(code, code)) for code in value)
    if isinstance(value, bool):
        return _("예") if value else _("아니요")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


# --- for `components/timeline.html` -----------------------------------------------------------------------------------

_KINDS = {
    "insert": gettext_lazy("%(subject)s 추가"),
    "update": gettext_lazy("%(subject)s 변경"),
    "delete": gettext_lazy("%(subject)s 삭제"),
}
_TONES = {"insert": "success", "update": "info", "delete": "danger"}
_SHOWN_CHARACTERS = 80


def told(found: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries as the timeline component shows them, long values cut short."""
    return [
        {
            "what": _KINDS[entry.kind] % {"subject": entry.subject},
            "who": entry.who or _("포털"),
            "when": entry.when,
            "note": "; ".join(_told(entry, change) for change in entry.changes),
            "tone": _TONES[entry.kind],
        }
        for entry in found
    ]


def _told(entry: Entry, change: Change) -> str:
    new = change.new[:_SHOWN_CHARACTERS] or _("없음")
    if entry.kind != "update":
        return f"{change.field}: {new}"
    return f"{change.field}: {change.old[:_SHOWN_CHARACTERS] or _('없음')} → {new}"
