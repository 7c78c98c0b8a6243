"""One PostgreSQL and one Valkey for the whole run, made for it and thrown away.

Tests run as the role that runs the portal; tables are made, and emptied after tests that commit, by the owner's role.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from tests import servers


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A fresh database, migrated by its owner; the portal's role then works in it with its own rights only."""
    from django.db import connections

    with django_db_blocker.unblock():
        owner, default = connections["owner"], connections["default"]
        old_name = owner.settings_dict["NAME"]
        owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        default.close()
        default.settings_dict["NAME"] = owner.settings_dict["NAME"]
        from cooperation_portal.pages.loading import load_pages
        from cooperation_portal.taxonomy.services import load_taxonomy

        load_taxonomy()
        load_pages()
    yield
    with django_db_blocker.unblock():
        default.close()
        if servers.OWN is None:  # the run's own server goes as a whole, also with sessions that a test left open
            owner.creation.destroy_test_db(old_name, verbosity=0)


def _empty_all_tables() -> None:
    """What the portal's role may not do: history cannot be deleted by it. The taxonomy stays: it is data of the system.

    The texts that the portal ships come back: they name people who published them, who do not stay.

    Over a plain session, since Django keeps tests from the owner's connection.
    """
    from django.db import connections

    from cooperation_portal.pages.loading import load_pages

    owner = connections["owner"]
    kept = ("taxonomy_", "django_migrations", "django_content_type", "auth_permission")
    session = psycopg2.connect(**owner.get_connection_params())
    with session, session.cursor() as cursor:
        tables = [name for name in owner.introspection.table_names(cursor) if not name.startswith(kept)]
        cursor.execute(f"TRUNCATE {', '.join(map(owner.ops.quote_name, tables))} RESTART IDENTITY")
    session.close()
    load_pages()


@pytest.fixture(scope="session", autouse=True)
def _owner_empties_tables() -> Iterator[None]:
    """For the session: the patch must outlive the database fixture, which is torn down after a test's own fixtures."""
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: _empty_all_tables())
        yield


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits of one test must not reach the next."""
    yield
    uses_data = {"db", "transactional_db", "live_server"}.intersection(request.fixturenames)
    if uses_data or request.node.get_closest_marker("django_db"):
        from django.core.cache import cache

        cache.clear()


@pytest.fixture(autouse=True)
def _language_of_one_test_only() -> Iterator[None]:
    """A page that was asked for in English leaves its language active in the process of the tests."""
    yield
    from django.utils import translation

    translation.deactivate()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be passed over in silence."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


pytest_plugins = ["tests.people", "tests.running"]
