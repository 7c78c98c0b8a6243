"""History is complete, whatever way a row is written, and the role that runs the portal cannot change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, models, transaction
from pghistory.models import Event

from tests.contracts.test_relations import our_apps
from tests.contracts.world import World

# Why a model has no history. Everything else that is ours must have one.
WITHOUT_HISTORY = {
    "taxonomy.Programme_countries": "which countries a programme works with; loaded with the vocabulary, no page edits it",
    "work.Work": "a queue: rows are rewritten many times a minute; what the work did is kept where it was done",
    "work.Heartbeat": "the time at which a worker was last seen",
    "accounts.KeptForm": "what somebody has typed and not sent: kept for that person alone, and gone once it is sent",
    "notices.Mail": "an outbox; a row is written once and marked as sent",
    "catalogue.TechnologyTerms": "what a technology is found by; made from its texts and made anew with them",
    "exchange.ImportFile": "what the portal found in an uploaded file; the import that it belongs to has a history",
    "exchange.ImportRow": "a line on its way in, swept away later; what is stored of it has its own history",
    "scoring.TextVector": "what the encoder made of a text; can be made again at any time",
    "scoring.Reference": "made by the machine and kept with its version",
    "scoring.Ranking": "made by the machine; decisions keep what it said when they were made",
    "learning.ShownList": "written once: what an officer had before them; no page changes it",
    "learning.ShownMatch": "a line of such a list, written with it",
    "learning.Judgement": "is a history itself: each judgement is a row, and only whether it still stands changes",
    "scoring.Match": "made by the machine; decisions keep what it said when they were made",
}
# Of these there is never a second row.
ONE_ROW = {"pages.Office"}
_EVENT_MODELS: list[Any] = [model for model in apps.get_models() if issubclass(model, Event) and model._meta.managed]
EVENTS: dict[Any, Any] = {event.pgh_tracked_model: event for event in _EVENT_MODELS}
AUDITED = sorted(EVENTS, key=lambda model: model._meta.label)
label = pytest.mark.parametrize("model", AUDITED, ids=lambda model: model._meta.label)


def test_every_model_has_a_history_or_a_reason() -> None:
    ours = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name in our_apps() and not issubclass(model, Event)
    }
    audited = {model._meta.label for model in AUDITED}
    assert ours - audited - set(WITHOUT_HISTORY) == set(), "neither audited nor on the list with a reason"
    assert set(WITHOUT_HISTORY) - ours == set(), "on the list, but there is no such model"
    assert set(WITHOUT_HISTORY) & audited == set()


# --- seven ways to write ----------------------------------------------------------------------------------------------


def _field_to_change(model: type[models.Model]) -> models.Field[Any, Any]:
    """One that can be changed without breaking a rule, and that history keeps."""
    kept = {found.name for found in EVENTS[model]._meta.get_fields()}
    free = [
        found for found in model._meta.concrete_fields if found.name in kept and not (found.unique or found.choices)
    ]
    kinds: tuple[type[models.Field[Any, Any]], ...] = (models.CharField, models.TextField, models.DateTimeField)
    for kind in kinds:
        for found in free:
            if isinstance(found, kind) and found.name not in {
                "business_number",
                "local_registration_number",
                "source_reference",
            }:
                return found
    for found in free:
        if isinstance(found, models.ForeignKey) and found.name not in {"demand"}:
            return found
    raise AssertionError(f"{model._meta.label}: say here which field a test may change")


def _another(row: models.Model, changed: Any) -> Any:
    value = getattr(row, changed.attname)
    if isinstance(changed, models.CharField | models.TextField):
        return f"{value}+"[-changed.max_length if changed.max_length else None :]
    if isinstance(changed, models.DateTimeField):
        return value - timedelta(days=1)
    used = type(row)._base_manager.values_list(changed.attname, flat=True)
    return changed.remote_field.model._base_manager.exclude(pk__in=used).order_by("-pk")[row.pk % 7].pk


def _pointing(model: type[models.Model]) -> list[tuple[Any, str]]:
    """Models with a column that holds rows of this one."""
    found: list[tuple[Any, str]] = []
    relations: Any = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        other: Any = relation.related_model
        if not relation.auto_created or relation.concrete or relation.many_to_many or issubclass(other, Event):
            continue
        if other._meta.managed and not other._meta.proxy:
            found.append((other, relation.field.column))
    return found


def _deletable(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows to which none points that the database keeps for good."""
    rows = model._base_manager.all()
    for other, column in _pointing(model):
        if hasattr(other, "CHANGEABLE"):
            pointed_at = other._base_manager.exclude(**{column: None}).values(column)
            rows = rows.exclude(pk__in=pointed_at)
    return rows


def _clear_dependents(model: type[models.Model], keys: list[Any]) -> None:
    """Rows that point here would forbid the deletion; here only the history of this model is looked at."""
    pointing = [(other, column) for other, column in _pointing(model) if not hasattr(other, "CHANGEABLE")]
    for found in model._meta.many_to_many:
        through: Any = found.remote_field.through
        if through._meta.auto_created:
            pointing.append((through, next(key.column for key in through._meta.fields if key.related_model is model)))
    with connection.cursor() as cursor:
        for other, column in pointing:
            cursor.execute(f'DELETE FROM "{other._meta.db_table}" WHERE "{column}" = ANY(%s)', [keys])


def _raw(model: type[models.Model], statement: str, keys: list[Any], *values: Any) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=f'"{table}"', key=f'"{key}"'), [*values, keys])


Write = Callable[[type[models.Model], list[Any]], None]


def save(model: type[models.Model], rows: list[Any]) -> None:
    changed = _field_to_change(model)
    for row in rows:
        setattr(row, changed.attname, _another(row, changed))
        row.save()


def update(model: type[models.Model], rows: list[Any]) -> None:
    changed = _field_to_change(model)
    cases = [models.When(pk=row.pk, then=models.Value(_another(row, changed))) for row in rows]
    picked = model._base_manager.filter(pk__in=[row.pk for row in rows])
    picked.update(
        **{changed.attname: models.Case(*cases, output_field=type(changed)() if not changed.is_relation else None)}
    )


def bulk_update(model: type[models.Model], rows: list[Any]) -> None:
    changed = _field_to_change(model)
    for row in rows:
        setattr(row, changed.attname, _another(row, changed))
    model._base_manager.bulk_update(rows, [changed.name])


def bulk_create(model: type[models.Model], rows: list[Any]) -> None:
    model._base_manager.bulk_create(rows)


def delete(model: type[models.Model], rows: list[Any]) -> None:
    model._base_manager.filter(pk__in=[row.pk for row in rows]).delete()


def raw_update(model: type[models.Model], rows: list[Any]) -> None:
    changed = _field_to_change(model)
    for row in rows:
        statement = f'UPDATE {{table}} SET "{changed.column}" = %s WHERE {{key}} = ANY(%s)'
        _raw(model, statement, [row.pk], _another(row, changed))


def raw_delete(model: type[models.Model], rows: list[Any]) -> None:
    _raw(model, "DELETE FROM {table} WHERE {key} = ANY(%s)", [row.pk for row in rows])


WRITES: dict[Write, str] = {
    save: "update",
    update: "update",
    bulk_update: "update",
    raw_update: "update",
    bulk_create: "insert",
    delete: "delete",
    raw_delete: "delete",
}


@label
@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_each_written_row_leaves_one_row_of_history(unchanged: World, model: type[models.Model], write: Write) -> None:
    rows = list(_deletable(model).order_by("-pk")[:2])
    assert len(rows) == (1 if model._meta.label in ONE_ROW else 2), "the world needs two rows of every audited model"
    kind, keys = WRITES[write], [row.pk for row in rows]
    if kind != "update":
        _clear_dependents(model, keys)
    if write is bulk_create:  # the same rows come back, so that no rule about uniqueness is in the way
        raw_delete(model, rows)
    events = EVENTS[model].objects
    last = events.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0

    write(model, rows)

    written = events.filter(pgh_id__gt=last).values_list("pgh_label", "pgh_obj_id")
    assert sorted(written) == sorted((kind, key) for key in keys)


@label
def test_saving_without_a_change_leaves_no_history(unchanged: World, model: type[models.Model]) -> None:
    row = model._base_manager.order_by("-pk").first()
    silent = [found.name for found in model._meta.concrete_fields if not getattr(found, "auto_now", False)]
    before = EVENTS[model].objects.count()
    assert row is not None
    row.save(update_fields=[name for name in silent if name != model._meta.pk.name])
    assert EVENTS[model].objects.count() == before


# --- nobody rewrites it -----------------------------------------------------------------------------------------------

TAMPERING = {
    "update": "UPDATE {table} SET pgh_label = 'forged'",
    "update nothing": "UPDATE {table} SET pgh_label = pgh_label WHERE false",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
    "drop": "DROP TABLE {table}",
    "disable its triggers": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "take a column": "ALTER TABLE {table} DROP COLUMN pgh_label",
    "trigger of one's own": "CREATE TRIGGER t BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
}


def refusal(statement: str) -> str:
    """SQLSTATE of the refusal; empty when the statement went through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(getattr(error.__cause__, "pgcode", error))
    return ""


DENIED_BY_DATABASE = {"42501"}  # insufficient_privilege


@label
@pytest.mark.parametrize("way", TAMPERING)
def test_history_cannot_be_changed(unchanged: World, model: type[models.Model], way: str) -> None:
    statement = TAMPERING[way].format(table=f'"{EVENTS[model]._meta.db_table}"')
    assert refusal(statement) in DENIED_BY_DATABASE


@label
@pytest.mark.parametrize("way", ["truncate", "drop", "disable its triggers"])
def test_history_cannot_be_got_round(unchanged: World, model: type[models.Model], way: str) -> None:
    """TRUNCATE of an audited table would leave no trace, and so would a trigger that is switched off."""
    assert refusal(TAMPERING[way].format(table=f'"{model._meta.db_table}"')) in DENIED_BY_DATABASE


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "CREATE ROLE mine",
    ],
)
def test_the_running_portal_makes_nothing_in_the_database(unchanged: World, statement: str) -> None:
    assert refusal(statement) in DENIED_BY_DATABASE


def test_the_running_portal_owns_nothing(unchanged: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)


def test_switching_triggers_off_in_code_does_not_help(unchanged: World) -> None:
    """pgtrigger.ignore() is a courtesy of the triggers; the rights of the role are what counts."""
    import pgtrigger

    event = EVENTS[type(unchanged.demand)]
    with pytest.raises(ProgrammingError), pgtrigger.ignore(), transaction.atomic():
        event.objects.all().delete()


def test_history_says_who_and_where(unchanged: World) -> None:
    from django.urls import reverse

    url = reverse("assign", kwargs={"pk": unchanged.demand.pk})
    unchanged.client("officer").post(url, {"officer": ""})
    written = EVENTS[apps.get_model("triage", "Assignment")].objects.order_by("-pgh_id").first()
    assert written is not None
    assert written.pgh_context["user"] == unchanged.people["officer"].pk
    assert written.pgh_context["url"] == url


def test_there_is_history_to_look_at() -> None:
    assert len(AUDITED) >= 15
