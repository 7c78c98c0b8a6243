"""Typed reading of environment variables; one that is missing or wrong explains itself."""

import os
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None, *, purpose: str = "") -> str:
    """Raises ImproperlyConfigured with the purpose when the variable is unset and has no default."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}: {purpose or 'it has no default'}.")
    return default


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "yes" if default else "no").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write yes or no.")


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.") from None


def words(name: str, default: str | None = "", *, purpose: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default, purpose=purpose).split(",") if word.strip()]


def choice(name: str, choices: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: write one of {', '.join(choices)}.")
    return value


def redis_client_url(url: str) -> str:
    """The queue's address as redis-py writes it: Celery has a scheme and a parameter of its own for sockets."""
    return url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")


def smtp(name: str) -> dict[str, object]:
    """Reads `smtp://user:password@host:port` (`smtps://` for TLS from the start) into Django's EMAIL_* settings.

    Characters such as / # ? @ in the password are written percent-encoded.

    Returns an empty dict when the variable is unset.
    """
    value = text(name, "")
    if not value:
        return {}
    url = urlsplit(value)
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise ImproperlyConfigured(f"{name}: write smtp://user:password@host:587 or smtps://user:password@host:465.")
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp" and bool(url.username),
    }
