"""`make check`: everything that can be said about the code without running the tests."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from cooperation_portal.local.paths import Places
from cooperation_portal.local.servers import terminate_like_interrupt, throwaway


def production_environment() -> dict[str, str]:
    """Made-up values of every variable that production demands: the checks look at settings, not at servers."""
    return {
        "PORTAL_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "PORTAL_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "DATABASE_URL": "postgresql://portal_app:unused@localhost/portal",
        "REDIS_URL": "redis://localhost:6379/0",
        "SMTP_URL": "smtp://localhost:25",
        "MAIL_FROM": "portal@portal.example",
        "BEHIND_TLS_PROXY": "yes",
    }


def commands() -> dict[str, list[str]]:
    tools = Path(sys.executable).parent
    manage = [sys.executable, "manage.py"]
    return {
        "ruff check": [str(tools / "ruff"), "check", "."],
        "ruff format": [str(tools / "ruff"), "format", "--check", "."],
        "mypy": [sys.executable, "-m", "mypy"],
        "import-linter": [str(tools / "lint-imports")],
        "djlint": [sys.executable, "-m", "djlint", "templates", "--lint", "--quiet"],
        "deployment": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "translations": [*manage, "check_translations"],
    }


def run_checks(places: Places) -> int:
    """Runs all of them, also after a failure, and says at the end which failed."""
    terminate_like_interrupt()
    failed = []
    with throwaway() as servers:  # makemigrations compares with a database
        test = {**os.environ, "PORTAL_MODE": "test", **servers.environment()}
        for name, command in commands().items():
            print(f"--- {name}", flush=True)
            env = {**os.environ, **production_environment()} if name == "deployment" else test
            if subprocess.run(command, cwd=places.checkout, env=env, check=False).returncode != 0:
                failed.append(name)
    print(f"checks failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0
