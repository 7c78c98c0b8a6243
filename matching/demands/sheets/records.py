"""Between records of the portal and values of a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from cooperation_portal.exchange.sheets import Row, Values
from cooperation_portal.network.models import Company
from matching.demands.metric_lines import lines_of
from matching.demands.models import Demand, DemandStatus

PLAIN = ("source_reference", "kind", "purpose", "language", "title", "problem", "target_product", "wanted_stage",
          "wanted_cooperation", "confidentiality")  # fmt: skip


def known(keys: set[str]) -> Any:
    """What was filed and has one of these numbers of ours or of the office."""
    numbers = [key.removeprefix("D-") for key in keys if key.startswith("D-")]
    ours = [int(number) for number in numbers if number.isdecimal() and len(number) < 10]
    theirs = [key[1:] for key in keys if key.startswith("#")]
    return Demand.objects.filed().filter(Q(pk__in=ours) | Q(source_reference__in=theirs) & ~Q(source_reference=""))


def values_of(demand: Demand) -> Values:
    plain = {name: getattr(demand, name) for name in PLAIN}
    return plain | {
        "number": demand.number,
        "business_number": demand.company.business_number if demand.company else "",
        "company_code": demand.company.code if demand.company else "",
        "fields": [field.code for field in demand.fields.all()],
        "wanted_by": demand.wanted_by.isoformat() if demand.wanted_by else None,
        "submitted_on": timezone.localdate(demand.submitted_at).isoformat() if demand.submitted_at else None,
        "status": demand.status,
        "metrics": lines_of(demand.metrics.all()),
    }


def state_of(values: Values, demand: Demand | None) -> dict[str, Any]:
    """Status and time of filing; a day that was not named for a new demand is today."""
    taken: dict[str, Any] = {"status": values["status"]} if "status" in values else {}
    if "submitted_on" in values:
        day = date.fromisoformat(values["submitted_on"])
        if demand is None or demand.submitted_at is None or timezone.localdate(demand.submitted_at) != day:
            taken["submitted_at"] = timezone.make_aware(datetime.combine(day, time()))
    elif demand is None:
        taken["submitted_at"] = timezone.now()
    return taken if demand else {"status": DemandStatus.SUBMITTED} | taken


class Companies:
    """Companies that rows name by number or code, looked up together. For a merged one, the one that is left."""

    def __init__(self, rows: Sequence[Row]) -> None:
        numbers = {row.values.get("business_number") for row in rows} - {None, ""}
        codes = {row.values.get("company_code") for row in rows} - {None, ""}
        named = Company.objects.filter(Q(business_number__in=numbers) | Q(code__in=codes))
        self._by_number: dict[str, int] = {}
        self._by_code: dict[str, int] = {}
        # What is open comes last, and so has the last word on a number that a merged company has, too.
        for company in named.order_by(F("merged_into_id").desc(nulls_last=True), "pk"):
            survivor = company.merged_into_id or company.pk
            self._by_code[company.code] = survivor
            if company.business_number:
                self._by_number[company.business_number] = survivor

    def of(self, values: Values) -> int | None:
        number, code = values.get("business_number"), values.get("company_code")
        return self._by_number.get(number or "") or (self._by_code.get(code or "") if not number else None)

    def disagree(self, values: Values) -> bool:
        number, code = values.get("business_number") or "", values.get("company_code") or ""
        return bool(number and code) and self._by_number.get(number) != self._by_code.get(code)
