"""Whether the portal's parts work; asked by supervisors, load balancers and the office's monitoring."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from redis import Redis, RedisError

from cooperation_portal.env import redis_client_url
from cooperation_portal.work.queries import pending, worker_is_alive
from matching.scoring.handlers import SCORING_KINDS
from matching.scoring.models import Match

_QUEUE_SECONDS = 2


def state() -> dict[str, Any]:
    """`pending` counts scoring work that is not done, `matches` the stored ones; both are None without a database."""
    try:
        found: dict[str, Any] = {
            "database": True,
            "worker": worker_is_alive(),
            "pending": pending(SCORING_KINDS),
            "matches": Match.objects.count(),
        }
    except DatabaseError:
        found = {"database": False, "worker": False, "pending": None, "matches": None}
    found["queue"] = _queue_answers()
    healthy = found["database"] and found["queue"] and found["worker"]
    return {"status": "ok" if healthy else "down", **found}


def _queue_answers() -> bool:
    url = redis_client_url(settings.REDIS_URL)
    try:
        with Redis.from_url(url, socket_timeout=_QUEUE_SECONDS, socket_connect_timeout=_QUEUE_SECONDS) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False
