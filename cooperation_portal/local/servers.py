"""PostgreSQL and Valkey together: kept ones for a checkout, throw-away ones for tests."""

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from cooperation_portal.local.binaries import system_folder
from cooperation_portal.local.paths import Places, reachable_for_others
from cooperation_portal.local.postgres import OWNER, RUNNER, Postgres
from cooperation_portal.local.valkey import Valkey

THROWAWAY_PREFIX = "coop-test-"


def postgres_data(places: Places) -> Path:
    """Where the cluster of a checkout is: in var/, except below a private home and as root.

    PostgreSQL then runs as another user, who cannot look below that home: the cluster goes to a system folder and
    var/postgres becomes a link to it.
    """
    data = places.var / "postgres"
    if data.is_dir():
        return data.resolve()
    if os.geteuid() != 0 or reachable_for_others(data):
        return data
    outside = system_folder() / places.mark
    outside.mkdir(mode=0o711, exist_ok=True)
    data.unlink(missing_ok=True)
    data.symlink_to(outside / "postgres")
    return outside / "postgres"


def forget_data(places: Places) -> None:
    """Deletes the cluster, the queue, the sockets and everything else that a checkout's portal wrote."""
    shutil.rmtree(places.sockets())
    shutil.rmtree(places.var, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.rmtree(system_folder() / places.mark, ignore_errors=True)


class Servers:
    """What runs beside the portal itself. A server that the operator named in the environment is not started."""

    def __init__(self, postgres: Postgres | None, valkey: Valkey | None) -> None:
        self.postgres, self.valkey = postgres, valkey

    @classmethod
    def kept(cls, places: Places, *, with_postgres: bool, with_valkey: bool) -> "Servers":
        sockets = places.sockets()
        return cls(
            Postgres(postgres_data(places), sockets / "pg", places.log / "postgres.log", mark=places.mark)
            if with_postgres
            else None,
            Valkey(places.var / "valkey", sockets / "vk", places.log / "valkey.log", mark=places.mark)
            if with_valkey
            else None,
        )

    def start(self) -> None:
        """Both at once; the first failure is raised after both had their turn."""
        with ThreadPoolExecutor() as pool:
            started = [pool.submit(step) for step in (self._start_postgres, self._start_valkey)]
        for step in started:
            step.result()

    def _start_postgres(self) -> None:
        if self.postgres is not None:
            self.postgres.prepare()
            self.postgres.start()
            self.postgres.bootstrap()

    def _start_valkey(self) -> None:
        if self.valkey is not None:
            self.valkey.prepare()
            self.valkey.start()

    def stop(self) -> None:
        present = [server for server in (self.postgres, self.valkey) if server is not None]
        for server in present:
            server.process.ask_to_stop()
        for server in present:
            server.stop()

    def environment(self) -> dict[str, str]:
        """The addresses as the settings read them."""
        found = {}
        if self.postgres is not None:
            found = {"DATABASE_URL": self.postgres.url(RUNNER), "DATABASE_OWNER_URL": self.postgres.url(OWNER)}
        if self.valkey is not None:
            found["REDIS_URL"] = self.valkey.url()
        return found


class Throwaway:
    """Servers of one test run, with the faults that tests need. After a kill they stay down until started again."""

    def __init__(self, postgres: Postgres, valkey: Valkey) -> None:
        self.postgres, self.valkey = postgres, valkey
        self.database_url, self.database_owner_url = postgres.url(RUNNER), postgres.url(OWNER)
        self.redis_url = valkey.url()

    def environment(self) -> dict[str, str]:
        return Servers(self.postgres, self.valkey).environment()

    def kill_postgres(self) -> None:
        self.postgres.kill()

    def start_postgres(self) -> None:
        self.postgres.start()

    def restart_postgres(self) -> None:
        """kill -9 and start again: every session is lost, no committed row is."""
        self.kill_postgres()
        self.start_postgres()

    def kill_valkey(self) -> None:
        self.valkey.kill()

    def start_valkey(self) -> None:
        self.valkey.start()

    def restart_valkey(self) -> None:
        self.kill_valkey()
        self.start_valkey()

    def flush_valkey(self) -> None:
        self.valkey.flush()


@contextmanager
def throwaway() -> Iterator[Throwaway]:
    """Servers in a temporary folder, with fsync off; they and the folder are gone afterwards.

    SIGTERM to this process ends them too: the guards see that it is gone.
    """
    base = Path("/tmp")  # not $TMPDIR, which may be too long for a socket
    remove_abandoned(base)
    folder = Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX, dir=base))
    folder.chmod(0o711)  # PostgreSQL may run as another user; what lies in it is private
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        postgres = Postgres(folder / "postgres", folder / "pg", folder / "postgres.log", throwaway=True)
        valkey = Valkey(folder / "valkey", folder / "vk", folder / "valkey.log")
        servers = Servers(postgres, valkey)
        try:
            servers.start()
            yield Throwaway(postgres, valkey)
        finally:
            postgres.process.kill()  # nothing in it is worth a clean stop
            valkey.process.kill()
            shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(base: Path) -> None:
    """Folders of test runs that were killed: their lock is free."""
    for folder in base.glob(f"{THROWAWAY_PREFIX}*"):
        if folder.is_symlink() or folder.lstat().st_uid != os.geteuid():
            continue
        try:
            with (folder / "lock").open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        shutil.rmtree(folder, ignore_errors=True)


def terminate_like_interrupt() -> None:
    """Makes SIGTERM unwind the stack, so that context managers run."""

    def raise_exit(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, raise_exit)
    signal.signal(signal.SIGINT, raise_exit)
