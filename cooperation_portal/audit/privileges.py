"""What the role that runs the portal may do in the database: work with rows, never change tables or history."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from pghistory.models import Event

READ_AND_ADD = "SELECT, INSERT"
READ_AND_CHANGE = "SELECT, INSERT, UPDATE, DELETE"


def runtime_role() -> str:
    return settings.DATABASES["default"].get("USER", "")


def kept_tables() -> dict[str, tuple[str, ...]]:
    """Whose rows are added and stay: those of history, and those whose model names what may change all the same.

    By table: the columns that may change.
    """
    managed = [model for model in apps.get_models() if model._meta.managed]
    events: dict[str, tuple[str, ...]] = {model._meta.db_table: () for model in managed if issubclass(model, Event)}
    return events | {model._meta.db_table: model.CHANGEABLE for model in managed if hasattr(model, "CHANGEABLE")}


def grant_after_migrate(using: str, **kwargs: Any) -> None:
    """Runs for the owner's connection after every migrate, so that a new table is never without its grants."""
    role = runtime_role()
    if using != "owner" or not role or role == connections[using].settings_dict["USER"]:
        return
    with connections[using].cursor() as cursor:
        quoted = connections[using].ops.quote_name(role)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT {READ_AND_CHANGE} ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {quoted}")
        present = set(connections[using].introspection.table_names(cursor))
        for table, columns in kept_tables().items():
            if table not in present:
                continue
            name = connections[using].ops.quote_name(table)
            cursor.execute(f"REVOKE ALL ON {name} FROM {quoted}")
            cursor.execute(f"GRANT {READ_AND_ADD} ON {name} TO {quoted}")
            if columns:
                cursor.execute(f"GRANT UPDATE ({', '.join(columns)}) ON {name} TO {quoted}")
