"""Child processes under a guard, and processes that an earlier, killed start left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")
MARK = "PORTAL_SUPERVISOR"  # every process of a supervisor carries it in its environment
LOG_LIMIT = 5_000_000


class Guarded:
    """One command under a guard; see guard.py for what the guard promises.

    `log` None leaves the output on the terminal. `account` is (uid, gid) for the command, when it is not ours.
    `grace` is the time in seconds for an ordered end: short by default, because work that is cut off is taken up again.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        grace: float = 4.0,
        account: tuple[int, int] | None = None,
        mark: str = "",
    ) -> None:
        self.name, self.command, self.log = name, list(command), log
        self._env, self._cwd, self._stop_signal, self._account = env, cwd, stop_signal, account or (-1, -1)
        self._mark, self.grace = mark, grace
        self._guard: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self.pid = 0

    def start(self) -> None:
        """Returns once the command has its pid; whether it works is for its owner to ask."""
        ours, theirs = socket.socketpair()
        head = [sys.executable, "-I", "-S", str(GUARD), str(theirs.fileno()), str(int(self._stop_signal))]
        env = {**(os.environ if self._env is None else self._env), MARK: self._mark}
        output = None if self.log is None else open_log(self.log)
        try:
            self._guard = subprocess.Popen(
                [*head, *map(str, self._account), *self.command],
                env=env,
                cwd=self._cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=None if output is None else subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        finally:
            theirs.close()
            if output is not None:
                os.close(output)
        self._channel = ours
        self.pid = int(ours.recv(32) or 0)

    def poll(self) -> int | None:
        """The exit code once the command ended, None while it runs."""
        return None if self._guard is None else self._guard.poll()

    @property
    def running(self) -> bool:
        return self._guard is not None and self._guard.poll() is None

    def wait(self, seconds: float) -> bool:
        """Whether it ended within that time."""
        if self._guard is None:
            return True
        try:
            self._guard.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ask_to_stop(self) -> None:
        if self.running and self._guard is not None:
            self._guard.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Asks, waits, then lets the guard kill. What a killed guard would leave behind is killed here."""
        self.ask_to_stop()
        self.wait(self.grace)
        self.close()

    def close(self) -> None:
        """Ends it now; also tidies up after one that ended by itself."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if not self.wait(15) and self._guard is not None:
            self._guard.kill()
            self._guard.wait()
        if self._guard is not None and (self._guard.returncode or 0) < 0:  # the guard itself was killed
            kill_group(self.pid)

    def kill(self) -> None:
        """kill -9 to the command alone, as a crash would do it; returns once the guard has tidied up behind it."""
        if self.running and self.pid:
            os.kill(self.pid, signal.SIGKILL)
        self.close()


def open_log(path: Path) -> int:
    """Opens for appending; a log that grew large is moved aside first, so that two files are the most there is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def last_lines(path: Path | None, count: int = 15) -> str:
    if path is None or not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 16_000))
        lines = log.read().decode(errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in lines[-count:])


def kill_group(pid: int) -> None:
    if pid > 1:
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def marked(mark: str) -> list[int]:
    """Pids of all processes that a supervisor with this mark started, however they are related by now."""
    wanted = os.fsencode(f"{MARK}={mark}")
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            environment = Path(f"/proc/{entry}/environ").read_bytes()
        except OSError:
            continue  # ended meanwhile, or another user's
        if wanted in environment.split(b"\0"):
            found.append(int(entry))
    return found


def end_marked(mark: str, grace: float = 5.0) -> int:
    """Ends what an earlier start left behind; returns how many there were. Safe to call when there is nothing."""
    found = marked(mark)
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 10.0)):
        deadline = time.monotonic() + seconds
        for pid in marked(mark):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        while marked(mark) and time.monotonic() < deadline:
            time.sleep(0.05)
    return len(found)
