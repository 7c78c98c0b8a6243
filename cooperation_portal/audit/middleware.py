from typing import Any

import pghistory.middleware
from django.http import HttpRequest

from cooperation_portal.shared.client_address import client_address


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Notes who changed something and from which page; sits after authentication, so that the person is known."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user.pk, "url": request.path, "address": client_address(request)}
