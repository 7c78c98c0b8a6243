"""The guard ends a command with all that it started, however the process that asked for it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cooperation_portal.local.processes import Guarded, end_marked, marked

# Starts a child in a session of its own, which a signal to the process group would not reach, and ignores SIGTERM.
STUBBORN = "trap '' TERM; setsid sh -c 'trap \"\" TERM; sleep 100' & sleep 100 & wait; sleep 100"


def eventually(question: Callable[[], bool], seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.02)
    return question()


@pytest.fixture
def mark(request: pytest.FixtureRequest) -> str:
    return f"test-{os.getpid()}-{request.node.name}"


def start_stubborn(mark: str) -> Guarded:
    process = Guarded("stubborn", ["sh", "-c", STUBBORN], mark=mark)
    process.start()
    assert eventually(lambda: len(marked(mark)) >= 5)  # the guard, the shell, the session, two sleeps
    return process


def test_closing_ends_what_escaped_to_another_session_and_ignores_sigterm(mark: str) -> None:
    process = start_stubborn(mark)
    process.grace = 0
    process.stop()
    assert marked(mark) == []


def test_killed_command_leaves_no_child(mark: str) -> None:
    process = start_stubborn(mark)
    process.kill()
    assert marked(mark) == []


def test_killed_guard_takes_its_command_with_it(mark: str) -> None:
    process = Guarded("sleeper", ["sh", "-c", "sleep 100 & wait"], mark=mark)
    process.start()
    assert process._guard is not None
    process._guard.kill()
    process.close()
    assert eventually(lambda: marked(mark) == [])


def test_leftovers_are_found_by_their_mark(mark: str) -> None:
    process = start_stubborn(mark)
    assert end_marked(mark, grace=0.1) >= 5
    assert end_marked(mark) == 0
    process.close()


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -KILL $$", 137)])
def test_exit_code_is_passed_on(script: str, code: int) -> None:
    process = Guarded("short", ["sh", "-c", script])
    process.start()
    assert process.wait(10)
    assert process.poll() == code
    process.close()


def test_unknown_program_is_named(tmp_path: Path) -> None:
    process = Guarded("missing", ["no-such-program"], log=tmp_path / "log")
    process.start()
    assert process.wait(10)
    assert process.poll() == 127
    assert "no-such-program" in (tmp_path / "log").read_text()
    process.close()


def test_command_gets_default_signals_though_ours_are_ignored(tmp_path: Path) -> None:
    """A shell's "&" leaves SIGINT ignored; Celery and gunicorn would then ignore it for ever."""
    code = (
        "from cooperation_portal.local.processes import Guarded; import pathlib;"
        "p = Guarded('p', ['sh', '-c', 'grep SigIgn /proc/self/status'], log=pathlib.Path('log'));"
        "p.start(); p.wait(10); p.close()"
    )
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        check=True,
    )
    ignored = int((tmp_path / "log").read_text().split()[1], 16)
    assert not ignored >> (signal.SIGINT - 1) & 1
