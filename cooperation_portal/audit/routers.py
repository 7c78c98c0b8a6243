from typing import Any


class OwnerOnlyMigrates:
    """Tables are made by the role that owns them: `manage.py migrate --database owner`."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        from django.conf import settings

        return db == "owner" if "owner" in settings.DATABASES else None
