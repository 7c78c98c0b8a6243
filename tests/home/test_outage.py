"""What people read when the portal cannot answer."""

import pytest
from django.db import OperationalError
from django.test import Client

from cooperation_portal.home import queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("error", "status"), [(OperationalError("gone"), 503), (RuntimeError("secret"), 500)])
def test_an_outage_is_told_apart_from_a_fault(
    officer: object, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(user: object) -> None:
        raise error

    monkeypatch.setattr(queries, "start_page", fail)
    client = Client(raise_request_exception=False)
    client.force_login(officer)  # type: ignore[arg-type]
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.status_code == status
    assert f"오류 번호 {status}" in text
    assert "secret" not in text
    assert "Traceback" not in text
