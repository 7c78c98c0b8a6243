"""Other sessions of the database, as other processes would have them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.running import wait_until


class Elsewhere:
    """Runs a function in a thread with a database connection of its own."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self._answer: Any = None
        self._error: BaseException | None = None
        self.pid = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(30)

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self._ready.set()
            self._answer = self._function()
        except BaseException as error:
            self._error = error
        finally:
            self._ready.set()
            connection.close()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def wait_until_blocked(self) -> None:
        """Returns when it waits for a lock that another session holds."""

        def waits() -> bool:
            if not self.is_running:
                pytest.fail(f"the other session ended with {self.answer()!r} instead of waiting for a lock")
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self.pid])
                return bool(cursor.fetchone()[0])

        wait_until(waits, "the other session waits for a lock", 20)

    def answer(self) -> Any:
        self._thread.join(60)
        assert not self._thread.is_alive(), "the other session never ended"
        if self._error is not None:
            raise self._error
        return self._answer


def elsewhere(function: Callable[[], Any]) -> Any:
    """The function's answer from another session of the database."""
    return Elsewhere(function).answer()
