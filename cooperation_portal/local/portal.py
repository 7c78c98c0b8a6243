"""The portal's own processes and the environment they share."""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from cooperation_portal.local.errors import PortalError
from cooperation_portal.local.paths import Places
from cooperation_portal.local.processes import Guarded

APP = "cooperation_portal"
WEB_WORKERS, WEB_THREADS = 2, 4
QUEUES = ("interactive", "batch")


def port_of(environment: Mapping[str, str]) -> int:
    word = environment.get("PORT") or "8000"
    if not word.isdigit() or not 0 < int(word) < 65536:
        raise PortalError(f"PORT is {word!r}: write a number from 1 to 65535.")
    return int(word)


def environment(places: Places, servers: Mapping[str, str], port: int) -> dict[str, str]:
    """Of every process of the portal: the operator's variables win, what they leave open is filled in."""
    filled = {
        "PORTAL_MODE": "development",
        "PORTAL_URL": f"http://localhost:{port}",
        "SECRET_KEY": "",
        **servers,
    }
    found = {**os.environ, **{name: os.environ.get(name) or value for name, value in filled.items()}}
    found["SECRET_KEY"] = found["SECRET_KEY"] or kept_secret(places.var / "secret-key")
    return {
        **found,
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": f"{APP}.settings",
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
    }


def kept_secret(path: Path) -> str:
    """Drawn once for each checkout, so that sessions survive a restart."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


def preparation(places: Places, env: Mapping[str, str]) -> Guarded:
    """Migrations, reference data and sample data; its output is for the terminal."""
    command = [sys.executable, "-m", f"{APP}.local.steps"]
    if env["PORTAL_MODE"] == "development":
        command.append("--sample")
    return Guarded("preparation", command, env=env, cwd=places.checkout, mark=places.mark)


def services(places: Places, env: Mapping[str, str], addresses: list[str]) -> list[Guarded]:
    """Web, one worker for each queue, beat.

    Two workers and not one with both queues: a long batch run must never hold up what a person waits for, here as in
    production.
    """
    celery = ["celery", "-A", APP]

    def service(name: str, *command: str) -> Guarded:
        log = places.log / f"{name}.log"
        line = [sys.executable, "-m", *command]
        return Guarded(name, line, env=env, cwd=places.checkout, log=log, mark=places.mark)

    def worker(queue: str) -> Guarded:
        options = ("--concurrency", "1", "--hostname", f"{queue}@%h", "--without-mingle", "--without-gossip")
        return service(f"worker-{queue}", *celery, "worker", "--queues", queue, "--loglevel", "INFO", *options)

    schedule = str(places.run / "celerybeat-schedule")
    return [
        service("web", "gunicorn", *web_options(addresses), f"{APP}.wsgi:application"),
        *(worker(queue) for queue in QUEUES),
        service("beat", *celery, "beat", "--loglevel", "INFO", "--schedule", schedule, "--pidfile="),
    ]


def web_options(addresses: list[str]) -> list[str]:
    binds = [word for address in addresses for word in ("--bind", address)]
    size = ["--worker-class", "gthread", "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS)]
    return [*binds, *size, "--graceful-timeout", "5", "--no-control-socket", "--access-logfile", "-"]
