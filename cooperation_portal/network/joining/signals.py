"""What this part asks of those above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.dispatch import Signal


@dataclass(frozen=True)
class Evidence:
    """One fact that an officer weighs before letting a person act for a company; `tone` is that of a notice."""

    label: str
    content: str
    tone: str = "neutral"


# kwargs: company. An officer weighs who may act for it; who keeps something of the company answers with Evidence.
evidence_asked = Signal()


def evidence_on(company: Any) -> list[Evidence]:
    found: list[Evidence] = []
    for _receiver, answer in evidence_asked.send(sender=type(company), company=company):
        found += cast("list[Evidence]", answer)
    return found
