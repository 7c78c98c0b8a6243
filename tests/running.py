"""A real worker beside the tests, and a clock for work that waits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def hurry() -> int:
    """Makes waiting work due now, so that no test sits through a pause. Rows that wait."""
    from django.utils import timezone

    from cooperation_portal.work.models import Work

    return Work.objects.filter(state="waiting").update(due_at=timezone.now())


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """The condition's first true answer; fails with `what` when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"after {seconds} s still not: {what}")


class Worker:
    """A Celery worker of the test's database, with beat inside, in a process group of its own."""

    def __init__(self, log: Path, **environment: str) -> None:
        from django.db import connections

        settings = connections["default"].settings_dict
        url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{settings['NAME']}"
        self.log = log
        self._environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DATABASE_OWNER_URL": "",
            "WORK_SWEEP_SECONDS": "1",
            "WORK_LEASE_SECONDS": "4",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **environment: str) -> Worker:
        command = [sys.executable, "-m", "celery", "-A", "cooperation_portal", "worker", "-B", "-c", "2"]
        command += ["-Q", "interactive,batch", "-s", str(self.log.with_suffix(".beat")), "-l", "INFO"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**self._environment, **environment},
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def kill(self) -> None:
        """kill -9 to the worker and all of its children."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """Not started yet: a test starts it, with fault points where it wants them."""
    running = Worker(tmp_path / "worker.log")
    yield running
    running.kill()
