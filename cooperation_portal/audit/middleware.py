from typing import Any

import pghistory.middleware
from django.http import HttpRequest


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Notes who changed something and from which page; sits after authentication, so that the person is known."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user.pk, "url": request.path, "address": request.META.get("REMOTE_ADDR", "")}
