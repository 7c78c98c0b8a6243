"""The sample data: loaded once, with accounts that open."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cooperation_portal.home import sample_data
from cooperation_portal.home.management.commands import load_sample
from cooperation_portal.network.models import Company, Institution
from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.scoring.models import Match

pytestmark = pytest.mark.django_db


@pytest.fixture
def password_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "var" / "sample-password"
    monkeypatch.setattr(load_sample, "PASSWORD_FILE", path)
    return path


def printed(**options: Any) -> str:
    out = io.StringIO()
    call_command("load_sample", stdout=out, **options)
    return out.getvalue()


def counts() -> list[int]:
    from cooperation_portal.accounts.models import Grant, User

    return [model._default_manager.count() for model in (User, Grant, Company, Institution, Technology, Demand)]


def test_sample_is_loaded_once_and_its_accounts_open(client: Any, password_file: Path) -> None:
    first = printed()
    loaded = counts()
    assert all(loaded) and not Match.objects.exists()
    second = printed()
    assert counts() == loaded and second == first

    lines = re.findall(r"^\s+(\S+@\S+)\s+(\S+)\s", first, re.M)
    assert [email for email, _password in lines] == [account[0] for account in sample_data.ACCOUNTS]
    assert password_file.stat().st_mode & 0o077 == 0
    for email, password in lines:
        client.post("/accounts/logout/")
        response = client.post("/accounts/login/", {"login": email, "password": password})
        assert response.status_code == 302, email
        assert client.get("/").status_code == 200


def test_chosen_password_is_used_and_not_written_down(client: Any, password_file: Path) -> None:
    assert "고른 비밀번호" in printed(password="고른 비밀번호")
    assert not password_file.exists()
    response = client.post("/accounts/login/", {"login": "officer@portal.example", "password": "고른 비밀번호"})
    assert response.status_code == 302


def test_production_refuses(settings: Any, password_file: Path) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never created in production"):
        printed()
    assert not any(counts())


def test_broken_sample_leaves_nothing(password_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sample_data, "renew_references", fail)
    with pytest.raises(ZeroDivisionError):
        printed()
    assert not any(counts())


def test_nothing_in_the_sample_belongs_to_a_real_company(password_file: Path) -> None:
    """Numbers that pass the check digit could be somebody's; addresses end in names that nobody can register."""
    printed()
    for company in Company.objects.exclude(website=""):
        assert ".example" in company.website
    for institution in Institution.objects.exclude(website=""):
        assert ".example" in institution.website
