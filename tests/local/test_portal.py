"""The whole portal under its supervisor: started, hurt, killed, started again, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cooperation_portal.local import network
from cooperation_portal.local.paths import Places
from cooperation_portal.local.processes import end_marked, marked
from cooperation_portal.local.servers import forget_data
from tests.local.test_guard import eventually

ROOT = Path(__file__).parents[2]
UNSET = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_URL"), "")


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    found = Places(var=tmp_path / "var")
    yield found
    end_marked(found.mark, grace=0)
    forget_data(found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(places: Places, port: int) -> subprocess.Popen[str]:
    env = {**os.environ, **UNSET, "PORTAL_VAR": str(places.var), "PORTAL_MODE": "test", "PORT": str(port)}
    command = [sys.executable, "-m", "cooperation_portal.local", "run"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == f"ready http://localhost:{port}\n":
            return process
    pytest.fail("".join(lines))


def postmaster(places: Places) -> int:
    return int((places.var / "postgres" / "postmaster.pid").read_text().split()[0])


@pytest.mark.faults
def test_portal_survives_its_database_leaves_nothing_when_killed_and_starts_again(places: Places) -> None:
    port = free_port()
    first = start(places, port)
    assert network.answers(port) == ""
    before = postmaster(places)
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: network.answers(port) == "" and postmaster(places) != before, 60)

    first.kill()
    first.communicate(timeout=30)
    assert eventually(lambda: marked(places.mark) == [], 20)

    began = time.monotonic()
    second = start(places, port)
    assert time.monotonic() - began < 60
    second.send_signal(signal.SIGINT)
    assert second.wait(60) == 0
    assert marked(places.mark) == []
