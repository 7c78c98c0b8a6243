"""The embedded servers: Korean text works, nothing is lost in a crash, a second start keeps the data."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from kombu import Connection

from cooperation_portal.local.paths import Places
from cooperation_portal.local.postgres import OWNER, RUNNER
from cooperation_portal.local.servers import THROWAWAY_PREFIX, Servers, Throwaway, forget_data, throwaway
from tests.local.test_guard import eventually

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def servers() -> Iterator[Throwaway]:
    with throwaway() as started:
        yield started


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def valkey(servers: Throwaway) -> redis.Redis:
    return redis.from_url(servers.redis_url.replace("redis+socket://", "unix://"))


def test_korean_text_has_trigrams_words_and_case(servers: Throwaway) -> None:
    found = ask(
        servers.database_url,
        "SELECT cardinality(show_trgm('인공지능 반도체')), 'ÀB' ILIKE 'àb', '반도체' ~ '^\\w+$', datlocprovider::text,"
        " datlocale FROM pg_database WHERE datname = current_database()",
    )
    assert found == [(9, True, True, "b", "C.UTF-8")]


def test_roles_may_do_no_more_than_they_need(servers: Throwaway) -> None:
    found = ask(
        servers.database_url,
        "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles"
        " WHERE rolname LIKE 'portal%' ORDER BY rolname",
    )
    assert found == [(RUNNER, True, False, False, False, False), (OWNER, True, False, True, False, False)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(servers.database_url, "CREATE TABLE public.mine ()")


def test_database_made_by_the_owner_role_has_the_extensions(servers: Throwaway) -> None:
    ask(servers.database_owner_url, "CREATE DATABASE made_by_owner")
    url = servers.database_owner_url.removesuffix("portal") + "made_by_owner"
    for extension in ("vector", "pg_trgm"):
        ask(url, f"CREATE EXTENSION IF NOT EXISTS {extension}")
    assert ask(url, "SELECT '[1,2]'::halfvec(2)::text, similarity('가나다', '가나다')") == [("[1,2]", 1.0)]


def test_only_the_socket_is_listened_on(servers: Throwaway) -> None:
    assert ask(servers.database_url, "SHOW listen_addresses") == [("",)]
    assert valkey(servers).config_get("port") == {"port": "0"}
    assert valkey(servers).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    for folder in (servers.postgres.sockets, servers.valkey.sockets):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_committed_rows_survive_a_kill_of_the_postmaster(servers: Throwaway) -> None:
    ask(servers.database_owner_url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    servers.restart_postgres()
    assert ask(servers.database_owner_url, "SELECT count(*) FROM kept") == [(1000,)]


def test_celery_takes_the_address_too(servers: Throwaway) -> None:
    with Connection(servers.redis_url) as connection:
        connection.ensure_connection(max_retries=1)
        queue = connection.SimpleQueue("by_celery")
        queue.put("message")
        assert valkey(servers).llen("by_celery") == 1
        queue.clear()
        queue.close()


def test_queue_survives_a_kill_and_not_a_flush(servers: Throwaway) -> None:
    valkey(servers).rpush("queue", *range(1000))
    servers.restart_valkey()
    assert valkey(servers).llen("queue") == 1000
    servers.flush_valkey()
    assert valkey(servers).llen("queue") == 0


def test_killed_test_run_leaves_no_server_and_its_folder_goes_with_the_next() -> None:
    code = """
from cooperation_portal.local.servers import throwaway
with throwaway() as servers:
    print(servers.postgres.data, servers.postgres.process.pid, servers.valkey.process.pid, flush=True)
    input()
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    data, *pids = process.stdout.readline().decode().split()
    process.kill()
    process.communicate()
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    assert Path(data).parent.name.startswith(THROWAWAY_PREFIX)
    with throwaway():
        assert not Path(data).exists()


def test_second_start_is_quick_and_keeps_the_data(tmp_path: Path) -> None:
    places = Places(var=tmp_path / "var")
    places.make()
    try:
        first = Servers.kept(places, with_postgres=True, with_valkey=True)
        first.start()
        assert first.postgres is not None
        ask(first.environment()["DATABASE_OWNER_URL"], "CREATE TABLE kept AS SELECT 7 AS n")
        first.stop()
        began = time.monotonic()
        second = Servers.kept(places, with_postgres=True, with_valkey=True)
        second.start()
        took = time.monotonic() - began
        found = ask(second.environment()["DATABASE_OWNER_URL"], "SELECT n FROM kept")
        second.stop()
        assert found == [(7,)]
        assert took < 10
    finally:
        forget_data(places)
    assert not places.var.exists()


def test_servers_that_the_operator_named_are_not_started(tmp_path: Path) -> None:
    places = Places(var=tmp_path / "var")
    try:
        servers = Servers.kept(places, with_postgres=False, with_valkey=False)
        servers.start()
        assert servers.environment() == {}
    finally:
        shutil.rmtree(places.sockets())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")
def test_as_root_postgres_runs_as_another_user(servers: Throwaway) -> None:
    assert Path(f"/proc/{servers.postgres.process.pid}").stat().st_uid != 0
