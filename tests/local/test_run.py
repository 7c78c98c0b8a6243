"""The sentences that `make run` says instead of starting, and the places of its data."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cooperation_portal.local import network, portal, servers
from cooperation_portal.local.errors import PortalError
from cooperation_portal.local.lock import CheckoutLock
from cooperation_portal.local.paths import Places, private_folder
from cooperation_portal.local.run import refuse_production, servers_for

ROOT = Path(__file__).parents[2]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(var=tmp_path / "var")
    found.make()
    return found


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def local(places: Places, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PORTAL_VAR": str(places.var), "PORTAL_MODE": "", "DATABASE_URL": "", **variables}
    command = [sys.executable, "-m", "cooperation_portal.local", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_taken_port_is_said_in_one_sentence(places: Places, taken_port: int) -> None:
    done = local(places, "run", PORT=str(taken_port))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {taken_port} is taken by another program: choose another one with PORT=")
    assert done.stderr.count("\n") == 1


def test_second_portal_of_a_checkout_is_refused_in_one_sentence(places: Places) -> None:
    lock = CheckoutLock(places)
    lock.take()
    lock.write("http://localhost:8123")
    done = local(places, "run")
    lock.release()
    assert done.returncode == 1
    assert done.stderr == (
        f"The portal of this checkout is already running at http://localhost:8123 (process {os.getpid()}).\n"
    )


@pytest.mark.parametrize("command", ["run", "reset"])
def test_production_is_refused(places: Places, command: str) -> None:
    done = local(places, command, PORTAL_MODE="production")
    assert done.returncode == 1
    assert "PORTAL_MODE is production" in done.stderr
    assert places.var.exists()


def test_port_is_free_after_a_connection_was_closed() -> None:
    """The port of a portal that was just stopped is in TIME_WAIT, which is not taken."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        listener.accept()[0].close()
        client.close()
    assert f"127.0.0.1:{port}" in network.free_addresses(port)


def test_only_loopback_is_bound() -> None:
    hosts = [address.rpartition(":")[0] for address in network.free_addresses(0)]
    assert set(hosts) <= {"127.0.0.1", "[::1]"}


@pytest.mark.parametrize("word", ["0", "70000", "http", "-1"])
def test_impossible_port_is_explained(word: str) -> None:
    with pytest.raises(PortalError, match="PORT is"):
        portal.port_of({"PORT": word})


def test_lock_is_free_after_release_and_taken_while_held(places: Places) -> None:
    lock = CheckoutLock(places)
    assert lock.holder() == 0
    lock.take()
    assert lock.holder() == os.getpid()
    lock.release()
    assert lock.holder() == 0


def test_one_database_address_alone_is_refused(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/portal")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with pytest.raises(PortalError, match="Set both DATABASE_URL"):
        servers_for(places)


def test_production_is_named_in_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_MODE", "production")
    with pytest.raises(PortalError, match=r"^make reset is for development"):
        refuse_production("make reset")


def test_secret_is_drawn_once_and_private(places: Places) -> None:
    path = places.var / "secret-key"
    assert portal.kept_secret(path) == portal.kept_secret(path)
    assert len(portal.kept_secret(path)) > 60
    assert path.stat().st_mode & 0o777 == 0o600


def test_operators_variables_win(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/1")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = portal.environment(places, {"REDIS_URL": "redis+socket:///x", "DATABASE_URL": "postgresql:///ours"}, 8001)
    assert (found["REDIS_URL"], found["DATABASE_URL"]) == ("redis://elsewhere/1", "postgresql:///ours")
    assert found["PORT"] == "8001"


def test_private_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    open_to_all = tmp_path / "folder"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(PortalError, match="not a private folder"):
        private_folder(open_to_all)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(PortalError, match="not a private folder"):
        private_folder(link)


def test_cluster_below_a_private_home_goes_to_a_system_folder_as_root(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers.os, "geteuid", lambda: 0)
    monkeypatch.setattr(servers, "system_folder", lambda: tmp_path)
    tmp_path.chmod(0o700)
    assert servers.postgres_data(places) == tmp_path / places.mark / "postgres"
    assert (places.var / "postgres").is_symlink()


def test_plain_user_keeps_the_cluster_in_the_checkout(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers.os, "geteuid", lambda: 1000)
    assert servers.postgres_data(places) == places.var / "postgres"
