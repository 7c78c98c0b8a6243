"""Servers of the test run. A plugin of its own, loaded with `-p`, since Django's settings are read before any conftest."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from typing import Any

import pytest

_open = ExitStack()
OWN: Any = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, Any, Any]:
    """Starts PostgreSQL and Valkey unless the environment names servers that are there already. Files get a folder."""
    global OWN
    os.environ["PORTAL_MODE"] = "test"
    if "PORTAL_FILES" not in os.environ:
        os.environ["PORTAL_FILES"] = _open.enter_context(TemporaryDirectory(prefix="portal-files-"))
    if "DATABASE_URL" not in os.environ:
        from cooperation_portal.local.servers import throwaway

        OWN = _open.enter_context(throwaway())
        os.environ.update(OWN.environment())
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    _open.close()


@pytest.fixture(scope="session")
def servers() -> Any:
    """The run's own servers, for tests that kill them."""
    if OWN is None:
        pytest.skip("runs on servers that belong to someone else")
    return OWN
