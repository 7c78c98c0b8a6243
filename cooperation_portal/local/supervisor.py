"""Keeps a list of services running until it is told to stop."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from cooperation_portal.local.errors import PortalError
from cooperation_portal.local.processes import Guarded, last_lines

LONGEST_PAUSE = 30.0
STABLE_AFTER = 60.0  # a service that ran this long starts again without a pause
PERIOD = 0.1


class Stopped(Exception):
    """SIGINT or SIGTERM came while something was under way."""


class StopSignal:
    """Turns SIGINT, SIGTERM and SIGHUP into a flag.

    Handlers of our own, because a process that a shell started with "&" inherits SIGINT as ignored.
    """

    def __init__(self, follow_parent: bool = False) -> None:
        self._event = threading.Event()
        self._parent = os.getppid() if follow_parent else 0

    def install(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._handle)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self._event.set()

    def set(self) -> None:
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Whether we should stop."""
        if self._parent and (os.getppid() != self._parent or _is_handling_interrupt(self._parent)):
            self._event.set()
        return self._event.wait(seconds)

    def check(self) -> None:
        if self.wait(0):
            raise Stopped


def _is_handling_interrupt(pid: int) -> bool:
    """Whether make was sent SIGINT alone, as `kill -INT` does it.

    make passes SIGTERM on to us but not SIGINT: it waits in its handler, where the signal is blocked, until we end.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    blocked = next((int(line.split()[1], 16) for line in lines if line.startswith("SigBlk:")), 0)
    return bool(blocked >> (signal.SIGINT - 1) & 1)


class Service:
    """A guarded process that is started again when it ends, with longer and longer pauses."""

    def __init__(self, process: Guarded, start: Callable[[], None] | None = None) -> None:
        self.process = process
        self._start = start or process.start
        self._started = self._due = 0.0
        self._failures = 0

    def start(self) -> None:
        self._started, self._due = time.monotonic(), 0.0
        self._start()

    def look(self) -> None:
        """Says when it ended, and starts it again when its pause is over."""
        if self.process.running:
            return
        now = time.monotonic()
        if not self._due:
            self._failures = 0 if now - self._started > STABLE_AFTER else self._failures + 1
            pause = min(LONGEST_PAUSE, 2.0**self._failures / 2) if self._failures else 0.0
            self._due = now + pause
            say(f"{self.process.name} ended with {self.process.poll()} and starts again in {pause:.0f} s.")
            say(last_lines(self.process.log))
        elif now >= self._due:
            self.process.close()
            try:
                self.start()
            except PortalError as error:
                say(str(error))


class Supervisor:
    """Starts services in order, watches them, and ends them in the opposite order, level by level."""

    def __init__(self, stop: StopSignal) -> None:
        self.stop_signal = stop
        self._levels: list[list[Service]] = []

    def start(self, services: Sequence[Service]) -> None:
        """One level: they start together and end together, before the levels started earlier."""
        self._levels.append(list(services))
        for service in services:
            self.stop_signal.check()
            service.start()

    def adopt(self, services: Sequence[Service]) -> None:
        """A level that was started by somebody else."""
        self._levels.append(list(services))

    @property
    def services(self) -> list[Service]:
        return [service for level in self._levels for service in level]

    def run_to_end(self, process: Guarded) -> None:
        """Runs a preparing step, watching for a stop signal meanwhile."""
        process.start()
        try:
            while process.running:
                self.stop_signal.check()
                process.wait(PERIOD)
        finally:
            process.close()
        if process.poll():
            raise PortalError(f"The step {process.name} failed.\n{last_lines(process.log)}".rstrip())

    def wait_until(self, problem: Callable[[], str], limit: float) -> None:
        """Polls until `problem` is empty; a service that ends before that is a reason to give up."""
        deadline = time.monotonic() + limit
        while message := problem():
            self.stop_signal.check()
            for service in self.services:
                if not service.process.running:
                    lines = last_lines(service.process.log)
                    raise PortalError(f"{service.process.name} ended while the portal was starting:\n{lines}")
            if time.monotonic() > deadline:
                raise PortalError(f"The portal is not well after {limit:.0f} s: {message}")
            self.stop_signal.wait(PERIOD)

    def watch(self) -> None:
        """Returns when it is told to stop."""
        while not self.stop_signal.wait(PERIOD):
            for service in self.services:
                service.look()

    def stop(self) -> None:
        for level in reversed(self._levels):
            for service in level:
                service.process.ask_to_stop()
            began = time.monotonic()
            for service in level:
                service.process.wait(max(0.0, began + service.process.grace - time.monotonic()))
            for service in level:
                service.process.close()
        self._levels.clear()


def say(text: str) -> None:
    if text:
        try:
            print(text, flush=True)
        except OSError:  # the terminal is gone; the portal still has to end in order
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open as long as the process
