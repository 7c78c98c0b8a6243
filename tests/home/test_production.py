"""What a portal in production must not have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "of-a-length-that-nobody-guesses-0123456789-abcdefghij-KLMNOP",
    "PORTAL_URL": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
    "SMTP_URL": "smtp://mail.example",
    "MAIL_FROM": "portal@portal.example",
}


def manage(*arguments: str, without: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL", "REDIS_URL") if name in os.environ}
    environment = {name: value for name, value in {**kept, **PRODUCTION, **changes}.items() if name != without}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_development_mail_page_does_not_exist() -> None:
    script = (
        "from django.urls import resolve, Resolver404\n"
        "from django.conf import settings\n"
        "for path in ('/dev/mail/', '/dev/mail/1/', '/'):\n"
        "    try: print(path, resolve(path).url_name)\n"
        "    except Resolver404: print(path, 'absent')\n"
        "print(settings.DEBUG, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT)\n"
    )
    done = manage("shell", "--no-imports", "-c", script)
    assert done.stdout.splitlines() == ["/dev/mail/ absent", "/dev/mail/1/ absent", "/ home", "False True True"], (
        done.stderr
    )


def test_sample_accounts_are_refused() -> None:
    done = manage("load_sample", "--password", "x")
    assert done.returncode != 0
    assert "never created in production" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "PORTAL_URL", "DATABASE_URL", "REDIS_URL", "SMTP_URL", "MAIL_FROM"])
def test_setting_that_is_missing_is_named(name: str) -> None:
    done = manage("check", without=name)
    assert done.returncode != 0
    assert f"Set the environment variable {name}" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORTAL_MODE", "prod"), ("SESSION_IDLE_MINUTES", "half an hour"), ("SMTP_URL", "mail.example:25")],
)
def test_setting_that_is_wrong_is_named(name: str, value: str) -> None:
    done = manage("check", **{name: value})
    assert done.returncode != 0
    assert f"{name}" in done.stderr.splitlines()[-1]


def test_deployment_check_finds_nothing() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
