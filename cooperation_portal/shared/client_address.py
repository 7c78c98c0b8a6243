"""The address a request came from, also behind proxies that the operator trusts."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Each trusted proxy adds one entry at the right of X-Forwarded-For; what stands further left anyone can write."""
    if settings.TRUSTED_PROXIES:
        entries = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry.strip()]
        if len(entries) >= settings.TRUSTED_PROXIES:
            return entries[-settings.TRUSTED_PROXIES][:45]
    return str(request.META.get("REMOTE_ADDR", ""))
