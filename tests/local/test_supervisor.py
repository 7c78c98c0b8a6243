"""A supervisor of small commands: it restarts what ends, and leaves nothing behind, also after kill -9."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cooperation_portal.local.processes import Guarded, end_marked, marked
from cooperation_portal.local.supervisor import Service, StopSignal, Supervisor
from tests.local.test_guard import eventually

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from cooperation_portal.local.processes import Guarded
from cooperation_portal.local.supervisor import Service, StopSignal, Supervisor, say
stop = StopSignal()
stop.install()
supervisor = Supervisor(stop)
commands = ["sleep 100 & wait", "setsid sleep 100 & sleep 100"]
supervisor.start([Service(Guarded(f"s{n}", ["sh", "-c", c], mark=sys.argv[1])) for n, c in enumerate(commands)])
say("ready")
supervisor.watch()
supervisor.stop()
say("stopped")
"""


@pytest.fixture
def mark(request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"test-{os.getpid()}-{request.node.name}"
    yield name
    end_marked(name, grace=0)


def start(mark: str) -> subprocess.Popen[str]:
    """SIGINT is ignored at first, as below a shell's "&"."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, mark],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert eventually(lambda: len(marked(mark)) >= 6)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_everything(mark: str, number: signal.Signals) -> None:
    process = start(mark)
    process.send_signal(number)
    assert process.communicate(timeout=30)[0] == "stopped\n"
    assert process.returncode == 0
    assert marked(mark) == []


def test_kill_leaves_no_process(mark: str) -> None:
    process = start(mark)
    process.kill()
    process.communicate(timeout=30)
    assert eventually(lambda: marked(mark) == [], 10)


def test_ended_service_starts_again_and_shows_its_last_lines(
    mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = Guarded("talker", ["sh", "-c", "echo about to sleep; sleep 100"], log=tmp_path / "log", mark=mark)
    service = Service(process)
    service.start()
    assert eventually(lambda: (tmp_path / "log").read_text() != "")
    first = process.pid
    os.kill(first, signal.SIGKILL)
    assert process.wait(10)

    def restarted() -> bool:
        service.look()
        return process.running and process.pid != first

    assert eventually(restarted)
    printed = capsys.readouterr().out
    assert "talker ended with 137 and starts again" in printed
    assert "about to sleep" in printed
    process.close()


def test_pauses_grow_while_a_service_keeps_ending(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("cooperation_portal.local.supervisor.time.monotonic", lambda: clock[0])
    starts: list[float] = []
    process = Guarded("never", ["true"])
    service = Service(process, lambda: starts.append(clock[0]))
    service.start()
    while len(starts) < 9:
        clock[0] += 0.5
        service.look()
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses == sorted(pauses)
    assert pauses[0] <= 2
    assert 30 <= pauses[-1] <= 31


def test_service_that_ends_while_starting_is_shown(mark: str, tmp_path: Path) -> None:
    from cooperation_portal.local.errors import PortalError

    supervisor = Supervisor(StopSignal())
    process = Guarded("broken", ["sh", "-c", "echo the reason; exit 3"], log=tmp_path / "log", mark=mark)
    supervisor.start([Service(process)])
    with pytest.raises(PortalError, match=r"(?s)broken ended while the portal was starting.*the reason"):
        supervisor.wait_until(lambda: "not yet", 20)
    supervisor.stop()
