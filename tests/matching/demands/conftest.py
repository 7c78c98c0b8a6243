"""What a company types, and how a browser sends it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from tests.people import make_member

PROBLEM = "기어 표면의 경도를 높이기 위해 500 ℃ 이하에서 변형 없이 질화하는 기술이 필요합니다."


def said(response: Any) -> str:
    """The page as a reader has it: tags away, white space in one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def typed(client: Any, path: str) -> dict[str, Any]:
    """Everything that the form of the page would send if nothing were changed."""
    context = client.get(path).context
    form = context["form"]
    values: dict[str, Any] = {name: form[name].value() for name in form.fields}
    metrics = context.get("metrics")
    if metrics is not None:
        management = metrics.management_form
        values |= {management.add_prefix(name): management[name].value() for name in management.fields}
        values |= {row.add_prefix(name): row[name].value() for row in metrics for name in row.fields}
    return {name: value for name, value in values.items() if value is not None}


def step(demand: Any, name: str) -> str:
    return reverse("demand_step", args=[demand.pk, name])


@pytest.fixture
def workmate(company: Any) -> Any:
    """Another person of the same company."""
    return make_member(company, "노지혜")
