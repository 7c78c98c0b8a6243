"""What is wrong with a row beyond a single cell, said beside the cell where it is put right."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.exchange.sheets import Arriving, Row, Values
from matching.demands import missing
from matching.demands.metric_lines import Unreadable, lines_of, read_lines
from matching.demands.models import (
    FIELDS_MAXIMUM,
    METRICS_MAXIMUM,
    OPEN_STATUSES,
    PROBLEM_MINIMUM,
    TITLE_MINIMUM,
    Demand,
    DemandStatus,
)
from matching.demands.sheets.records import Companies

# Every demand has one of these: an empty cell says nothing about it.
_ALWAYS = ("kind", "purpose", "language", "confidentiality", "status", "submitted_on")
_PARTY = ("business_number", "company_code")


def reference_of(row: Row) -> str:
    return str(row.values.get("source_reference") or "")


def leave_out_blanks(values: Values, demand: Demand | None) -> None:
    """Also an open state for another: how far the work on a demand is, is not told by a file."""
    for name in _ALWAYS:
        if values.get(name) in ("", None):
            values.pop(name, None)
    if values.get("status") in OPEN_STATUSES:
        if demand is not None:
            del values["status"]
        else:
            values["status"] = DemandStatus.SUBMITTED.value
    if values.get("number"):
        values["number"] = values["number"].upper()
    elif demand is not None:
        values.pop("number", None)
    if demand is not None and not values.get("source_reference"):
        values.pop("source_reference", None)


def check_metrics(row: Row) -> None:
    if "metrics" not in row.values:
        return
    try:
        metrics = read_lines(row.values["metrics"])
    except Unreadable as wrong:
        row.wrong("metrics", "metric", str(wrong))
        return
    if len(metrics) > METRICS_MAXIMUM:
        row.wrong("metrics", "too_many", _("희망 사양은 %(limit)s줄까지 적어 주십시오.") % {"limit": METRICS_MAXIMUM})
    row.values["metrics"] = lines_of(metrics)


def check_party(row: Row, demand: Demand | None, companies: Companies, arriving: Arriving) -> None:
    """A demand does not change its company by a file: what was said to the one would be shown to the other."""
    values = row.values
    given = [name for name in _PARTY if values.get(name)]
    found = companies.of(values)
    if demand is not None:
        if given and found != demand.company_id:
            row.wrong(given[0], "other_company", _("이 수요의 기업과 다릅니다. 기업은 수요 화면에서 바꾸어 주십시오."))
        for name in _PARTY:
            values.pop(name, None)
        return
    if not given:
        row.wrong("business_number", "required", _("기업의 사업자등록번호나 기업 코드를 적어 주십시오."))
    elif companies.disagree(values):
        row.wrong("company_code", "two_companies", _("사업자등록번호와 기업 코드가 서로 다른 기업입니다."))
    elif found is None and not arriving.has("companies", str(values.get("business_number") or "")):
        row.wrong(
            given[0],
            "unknown_company",
            _("‘%(value)s’ 기업을 찾을 수 없습니다. 먼저 등록하거나 같은 가져오기에 기업 파일을 함께 올려 주십시오.")
            % {"value": values[given[0]]},
        )


def check_text(row: Row, demand: Demand | None) -> None:
    values, today = row.values, timezone.localdate()
    is_open = demand.is_open if demand else values.get("status") in (None, *OPEN_STATUSES)
    if is_open and 0 < len(values.get("title") or "") < TITLE_MINIMUM:
        row.wrong("title", "too_short", str(missing.TITLE_SHORT))
    if is_open and 0 < len(values.get("problem") or "") < PROBLEM_MINIMUM:
        row.wrong("problem", "too_short", str(missing.PROBLEM_SHORT))
    if len(values.get("fields") or ()) > FIELDS_MAXIMUM:
        row.wrong("fields", "too_many", _("기술분야는 둘까지만 적어 주십시오."))
    submitted = values.get("submitted_on")
    if submitted and date.fromisoformat(submitted) > today:
        row.wrong("submitted_on", "future", _("접수일이 오늘보다 뒤입니다. 다시 확인해 주십시오."))
    if submitted and values.get("wanted_by") and values["wanted_by"] < submitted:
        row.wrong("wanted_by", "order", _("희망 시기가 접수일보다 앞섭니다. 두 칸을 다시 확인해 주십시오."))


def check_new(row: Row) -> None:
    if row.values.get("number"):
        row.wrong("number", "unknown_number", _("포털에 없는 번호입니다. 새 수요이면 이 칸을 비워 주십시오."))
    elif not reference_of(row):
        row.wrong("source_reference", "required", _("같은 수요를 다시 알아볼 수 있도록 출처 번호를 적어 주십시오."))
    for name, text in (("title", missing.TITLE_REQUIRED), ("problem", missing.PROBLEM_REQUIRED)):
        if not row.values.get(name):
            row.wrong(name, "required", str(text))
