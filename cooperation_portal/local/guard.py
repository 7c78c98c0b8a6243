"""Runs one command and ends it, with all that it started, as soon as the process that asked for it is gone.

    python -I -S guard.py CHANNEL STOP UID GID COMMAND...

CHANNEL is an inherited socket. The guard writes the pid of the command to it, and takes its closing as "end now": the
kernel closes it also when the other side was killed with -9, which no exit handler survives. SIGTERM to the guard sends
the signal STOP to the command and waits; a channel that closes after that kills at once. UID and GID are given up for
the command only (-1 keeps them).

It runs by its path and imports little, because one guard stands beside every service.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
ORPHAN_GRACE = 2.0
SWEEP_LIMIT = 10.0
RESET_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD, signal.SIGUSR1)


def prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def launch(command: list[str], uid: int, gid: int) -> int:
    """Starts the command in its own session and returns its pid; it is killed if this guard is killed."""
    guard = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        if gid >= 0:
            os.setgroups([])
            os.setgid(gid)
        if uid >= 0:
            os.setuid(uid)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which clears it
        if os.getppid() != guard:
            os._exit(125)
        for number in RESET_SIGNALS:  # a shell's "&" leaves SIGINT ignored, and ignored signals pass through exec
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(command[0], command)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr, flush=True)
    os._exit(127)


def descendants(root: int) -> list[int]:
    """Pids below `root`, read from /proc; orphans hang there too, because the guard is their subreaper."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as stat:
                parents[int(entry)] = int(stat.read().rpartition(b")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue  # it ended while we looked
    found = [root]
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found[1:]


def sweep() -> None:
    """Kills what the command left behind and waits until it is gone."""
    deadline = time.monotonic() + SWEEP_LIMIT
    while time.monotonic() < deadline:
        for pid in descendants(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.02)


def reap(child: int) -> int | None:
    """Collects ended processes; returns the exit code of the command once it ended."""
    code = None
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return code
            if pid == child:
                code = os.waitstatus_to_exitcode(status)
    except ChildProcessError:
        return code


def watch(channel: int, wake: int, child: int, stop: int, asked: list[int]) -> int:
    """Waits for the end of the command; returns its exit code, negative for a signal."""
    watched, deadline, told = [channel, wake], None, False
    while True:
        timeout = None if deadline is None else max(0.0, deadline - time.monotonic())
        readable = select.select(watched, [], [], timeout)[0]
        if wake in readable:
            os.read(wake, 512)
        code = reap(child)
        if code is not None:
            return code
        if asked:
            asked.clear()
            told = True
            os.kill(child, stop)
        if channel in readable and not os.read(channel, 16):
            watched.remove(channel)
            deadline = time.monotonic() + (0 if told else ORPHAN_GRACE)
            os.kill(child, stop)
        if deadline is not None and time.monotonic() >= deadline:
            return -signal.SIGKILL  # the sweep that follows kills it


def main(arguments: list[str]) -> int:
    channel, stop, uid, gid = (int(word) for word in arguments[:4])
    os.set_inheritable(channel, False)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    wake, wake_end = os.pipe()
    os.set_blocking(wake_end, False)
    asked: list[int] = []
    signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    for number in (signal.SIGINT, signal.SIGHUP):  # the supervisor decides; a terminal must not
        signal.signal(number, lambda *_: None)
    child = launch(arguments[4:], uid, gid)
    with contextlib.suppress(OSError):  # the other side is gone already, which the first select will say
        os.write(channel, b"%d\n" % child)
    code = watch(channel, wake, child, stop, asked)
    sweep()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
