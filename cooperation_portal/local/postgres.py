"""An embedded PostgreSQL that is reached by a private socket only.

Trust authentication is acceptable for one reason: no TCP address is listened on, and the socket's folder is 0700.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from cooperation_portal.local.binaries import postgres_programs, postgres_version, server_account
from cooperation_portal.local.errors import PortalError
from cooperation_portal.local.paths import SOCKET_PATH_LIMIT
from cooperation_portal.local.processes import Guarded, last_lines

DATABASE = "portal"
OWNER, RUNNER = "portal_owner", "portal_app"
EXTENSIONS = ("vector", "pg_trgm")  # neither is trusted: only the superuser can create them
# Each flag is needed: with an unset LANG, or with --locale=C, pg_trgm finds no trigram in Korean text and says nothing.
INITDB = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
SETTINGS = ("listen_addresses=", "timezone=UTC", "log_timezone=UTC")
# Not synchronous_commit=off: a commit must survive a kill -9 of the server also in tests, only not one of the machine.
THROWAWAY_SETTINGS = ("fsync=off", "full_page_writes=off")
START_LIMIT, RECOVERY_LIMIT = 60.0, 900.0


class Postgres:
    """One cluster: `data` and `sockets` are folders of its own, made by it, `log` is the file of its output."""

    def __init__(self, data: Path, sockets: Path, log: Path, *, mark: str = "", throwaway: bool = False) -> None:
        self.data, self.sockets, self.log = data, sockets, log
        self.throwaway = throwaway
        self._account = server_account()
        self._programs = postgres_programs()
        settings = [*SETTINGS, f"unix_socket_directories={sockets}", *(THROWAWAY_SETTINGS if throwaway else ())]
        self.process = Guarded(
            "postgres",
            [str(self._programs / "postgres"), "-D", str(data), *(word for line in settings for word in ("-c", line))],
            cwd=Path("/"),
            log=log,
            stop_signal=signal.SIGINT,  # "fast": ends the sessions, writes a checkpoint
            grace=30.0,
            account=self._account,
            mark=mark,
        )

    def prepare(self) -> None:
        """Makes the cluster and the socket's folder; does nothing to a cluster that is there."""
        if len(os.fsencode(self.sockets / ".s.PGSQL.5432.lock")) > SOCKET_PATH_LIMIT:
            raise PortalError(f"{self.sockets} is too long for a socket.")
        self._own(self.sockets)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._check_cluster()

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if self._account is not None:
            os.chown(folder, *self._account)

    def _initdb(self) -> None:
        """Into a folder beside the real one, so that an interrupted initdb is never taken for a cluster."""
        part = self.data.with_name(f"{self.data.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        self._own(part)
        uid, gid = self._account or (None, None)
        done = subprocess.run(
            [str(self._programs / "initdb"), "-D", str(part), "-U", "postgres", "--auth=trust", *INITDB]
            + (["--no-sync"] if self.throwaway else []),
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise PortalError(f"initdb failed:\n{done.stdout}{done.stderr}")
        if self.data.exists():
            self.data.rmdir()  # empty, or rmdir refuses
        part.rename(self.data)

    def _check_cluster(self) -> None:
        owner = os.geteuid() if self._account is None else self._account[0]
        if self.data.stat().st_uid != owner:
            raise PortalError(
                f"{self.data} belongs to another user: start as the user who started it first, or make reset."
            )
        made, ours = (self.data / "PG_VERSION").read_text().strip(), postgres_version().partition(".")[0]
        if made != ours:
            raise PortalError(
                f"{self.data} was made by PostgreSQL {made} and this is {ours}: dump and reload the data."
            )

    def start(self) -> None:
        """Returns when it takes connections, also after a long crash recovery."""
        self.process.start()
        started = time.monotonic()
        while True:
            try:
                self.connect().close()
                return
            except psycopg2.OperationalError as error:
                recovering = "starting up" in str(error) or "recovery" in str(error)
            if not self.process.running:
                raise PortalError(f"PostgreSQL did not start:\n{last_lines(self.log)}")
            if time.monotonic() - started > (RECOVERY_LIMIT if recovering else START_LIMIT):
                raise PortalError(f"PostgreSQL takes no connections:\n{last_lines(self.log)}")
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        """kill -9 to the postmaster, as a crash would do it."""
        self.process.kill()

    def connect(self, database: str = "postgres", user: str = "postgres") -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=str(self.sockets), user=user, dbname=database, connect_timeout=10)

    def url(self, role: str) -> str:
        return f"postgresql://{role}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    def bootstrap(self) -> None:
        """Roles, extensions and the database; repeats harmlessly.

        The extensions go to template1, so that every database made from it has them, also test databases which the
        owner role makes itself.
        """
        self._as_superuser("postgres", *map(_role, ((OWNER, "CREATEDB"), (RUNNER, "NOCREATEDB"))))
        self._as_superuser("template1", *_extensions())
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            missing = cursor.fetchone() is None
        connection.close()
        if missing:
            create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template1")
            self._as_superuser("postgres", create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        self._as_superuser(DATABASE, *_extensions())
        self._check_korean()

    def _as_superuser(self, database: str, *statements: sql.Composable) -> None:
        connection = self.connect(database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def _check_korean(self) -> None:
        connection = self.connect(DATABASE)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(show_trgm('반도체'))")
            (trigrams,) = cursor.fetchone() or (0,)
        connection.close()
        if not trigrams:
            raise PortalError(f"{self.data} has a locale that finds no Korean text: make reset.")


def _role(role: tuple[str, str]) -> sql.Composable:
    name, createdb = role
    plain = sql.SQL(f"LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {createdb}")
    return sql.SQL(
        "DO $$ BEGIN CREATE ROLE {name}; EXCEPTION WHEN duplicate_object THEN NULL; END $$; ALTER ROLE {name} {plain}"
    ).format(name=sql.Identifier(name), plain=plain)


def _extensions() -> list[sql.Composable]:
    """Creates each, and brings one that an older package made up to date."""
    return [
        sql.SQL("CREATE EXTENSION IF NOT EXISTS {name}; ALTER EXTENSION {name} UPDATE").format(
            name=sql.Identifier(extension)
        )
        for extension in EXTENSIONS
    ]
