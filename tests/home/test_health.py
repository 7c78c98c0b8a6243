"""/healthz: what it tells and when it calls for help."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from cooperation_portal.work.models import Heartbeat
from tests.people import make_demand, make_technology

KEYS = {"status", "database", "worker", "queue", "pending", "matches"}


@pytest.fixture
def beats(db: None) -> None:
    for queue in ("interactive", "batch"):
        Heartbeat.objects.create(queue=queue, at=timezone.now())


def test_all_is_well(client: Any, beats: None) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok", "database": True, "worker": True, "queue": True, "pending": 0, "matches": 0,
    }  # fmt: skip
    assert "no-store" in response.headers["Cache-Control"]


def test_it_is_asked_without_signing_in_and_tells_no_business(client: Any, beats: None) -> None:
    make_technology()
    make_demand()
    body = client.get("/healthz").json()
    assert set(body) == KEYS
    assert body["pending"] >= 1 and body["matches"] == 0


@pytest.mark.parametrize("queue", ["interactive", "batch"])
def test_stale_heartbeat_of_one_queue_is_a_worker_that_is_down(client: Any, beats: None, queue: str) -> None:
    Heartbeat.objects.filter(queue=queue).update(at=timezone.now() - timedelta(seconds=59))
    assert client.get("/healthz").status_code == 200
    Heartbeat.objects.filter(queue=queue).update(at=timezone.now() - timedelta(seconds=90))
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() | {"pending": 0} == {
        "status": "down", "database": True, "worker": False, "queue": True, "pending": 0, "matches": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_worker_that_never_started_is_down(client: Any) -> None:
    assert client.get("/healthz").json()["worker"] is False


def test_database_that_is_down_is_told_and_not_an_error_page(
    client: Any, beats: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("could not connect to secret-host")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "down", "database": False, "worker": False, "queue": True, "pending": None, "matches": None,
    }  # fmt: skip
    assert b"secret-host" not in response.content


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/valkey.sock?virtual_host=0"])
def test_queue_that_is_down_is_told(client: Any, beats: None, settings: Any, url: str) -> None:
    settings.REDIS_URL = url
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["queue"] is False and response.json()["database"] is True


@pytest.mark.django_db
def test_it_answers_to_reading_only(client: Any) -> None:
    assert client.post("/healthz").status_code == 405
