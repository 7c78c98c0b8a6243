"""What is wrong with lines of a spreadsheet of projects beyond single cells, looked up for many lines at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from cooperation_portal.exchange.sheets import Arriving, Row, RowState, Values
from cooperation_portal.shared.partial_dates import NotADate, read_partial_date
from projects.funded.checks import faults
from projects.funded.models import DEFAULT_MONTHS, PartyRole, Project, last_day
from projects.results.checks import figure_faults, result_faults
from projects.results.columns import FIGURES
from projects.results.lines import RESULT_COLUMNS, Standing, figure_names, standing, triple
from projects.results.models import FigureQualifier
from projects.results.references import (
    References,
    company_arrives,
    company_reference,
    institution_arrives,
    parties_in,
    technology_arrives,
    technology_reference,
)

# An empty cell leaves these as they are, or as a new project has them.
_LEFT_OUT_WHEN_EMPTY = ("source_reference", "months", "origin", "status", "name_disclosure")


def check_lines(rows: Sequence[Row], arriving: Arriving) -> None:
    """Completes the values of each row and adds what is wrong with it; a second run finds nothing new."""
    references = references_of(rows)
    before = standing({row.key for row in rows if row.state == RowState.CHANGED})
    taken = _serials_taken(rows)
    for row in rows:
        now = before.get(row.key)
        _leave_out_empty(row.values)
        _check_references(row, references, arriving)
        _complete(row, now)
        whole = (now.values if now else {}) | row.values
        for fault in (*faults(whole, partner=whole.get("partner_country")), *result_faults(whole)):
            row.wrong(fault.field if fault.field in row.values else "", fault.code, fault.text)
        for kind in FIGURES:
            _check_figure(row, whole, kind)
        if now:
            _check_what_stands(row, now)
        _check_serial(row, whole, now, taken)


def references_of(rows: Iterable[Row]) -> References:
    rows = list(rows)
    parties = {party for row in rows for role in PartyRole.values for party in parties_in(row.values.get(role) or "")}
    return References(
        {row.values["company"] for row in rows if row.values.get("company")},
        parties,
        {row.values["technology"] for row in rows if row.values.get("technology")},
    )


def _leave_out_empty(values: Values) -> None:
    for name in _LEFT_OUT_WHEN_EMPTY:
        if values.get(name) in ("", None):
            values.pop(name, None)


def _check_references(row: Row, references: References, arriving: Arriving) -> None:
    """And writes each reference as an export would, so that two spellings of one are the same."""
    values = row.values
    company = values.get("company")
    if company:
        found = references.company(company)
        if found:
            values["company"] = company_reference(found)
        elif not company_arrives(company, arriving):
            row.wrong("company", "unknown_reference", _unknown(company))
    technology = values.get("technology")
    if technology:
        known = references.technology(technology)
        if known:
            values["technology"] = technology_reference(known)
        elif not technology_arrives(technology, arriving):
            row.wrong("technology", "unknown_reference", _unknown(technology))
    for role in PartyRole.values:
        parties = parties_in(values.get(role) or "")
        for party in parties:
            arrives = company_arrives(party, arriving) or institution_arrives(party, arriving)
            if references.party(party) is None and not arrives:
                row.wrong(role, "unknown_reference", _unknown_party(party))
        if role in values:
            values[role] = "; ".join(sorted({references.as_stored(party) for party in parties}))
        if role == PartyRole.LEAD and len(parties) > 1:
            row.wrong(role, "too_many", _("주관기관은 한 곳만 적어 주십시오."))


def _unknown(value: str) -> str:
    text = _("‘%(value)s’을(를) 찾을 수 없습니다. 먼저 등록하거나 같은 가져오기에 그 파일을 함께 올려 주십시오.")
    return text % {"value": value}


def _unknown_party(value: str) -> str:
    text = _(
        "‘%(value)s’ 번호의 기업이나 기관이 없습니다."
        " 등록되지 않은 곳이면 ‘이름 (RU)’처럼 국가 코드를 붙여 적어 주십시오."
    )
    return text % {"value": value}


def _complete(row: Row, now: Standing | None) -> None:
    """A last day that is left empty follows from the first and the months, as it does in the form."""
    values = row.values
    if "titles" in values:
        lines = [line.strip() for line in values["titles"].splitlines()]
        values["titles"] = "\n".join(dict.fromkeys(line for line in lines if line))
    whole = (now.values if now else {}) | values
    if "ends_on" in values and not values["ends_on"] and whole.get("starts_on"):
        months = whole.get("months") or DEFAULT_MONTHS.get(whole.get("project_type") or "")
        if months:
            values["ends_on"] = last_day(date.fromisoformat(whole["starts_on"]), months).isoformat()
    for kind in FIGURES:
        if values.get(kind) is not None and not whole.get(f"{kind}_qualifier"):
            values[f"{kind}_qualifier"] = FigureQualifier.EXACT.value


def _check_figure(row: Row, whole: Values, kind: str) -> None:
    names = figure_names(kind)
    if not any(name in row.values for name in names):
        return
    if whole.get(kind) is None:
        if any(row.values.get(name) for name in names[1:]):
            row.wrong(
                kind if kind in row.values else "",
                "required",
                _("값이 없습니다. 값을 적거나 나머지 칸도 비워 주십시오."),
            )
        return
    needed = {name for name in names[1:] if not name.endswith("_qualifier")}
    for name in names:
        if name in needed and not whole.get(name):
            row.wrong(
                name if name in row.values else kind,
                "required",
                _("값이 있으면 통화, 기준일, 출처, 원문도 적어 주십시오."),
            )
    as_of = whole.get(f"{kind}_as_of")
    if not as_of:
        return
    try:
        written = read_partial_date(as_of)
    except NotADate as wrong:
        row.wrong(f"{kind}_as_of", "not_a_date", str(wrong))
        return
    if f"{kind}_as_of" in row.values:
        row.values[f"{kind}_as_of"] = str(written)
    for fault in figure_faults({"as_of": written.first}):
        row.wrong(f"{kind}_as_of", fault.code, fault.text)


def _check_what_stands(row: Row, now: Standing) -> None:
    differs = [name for name, value in row.values.items() if value != now.values[name]]
    if now.project.is_retired and differs:
        row.wrong("", "retired", _("사용을 중지한 과제입니다. 화면에서 ‘다시 사용’을 누른 뒤 올려 주십시오."))
    for name in differs:
        if name in RESULT_COLUMNS and now.is_final:
            row.wrong(name, "final", _("확정한 성과는 파일로 바꿀 수 없습니다. 화면에서 먼저 다시 열어 주십시오."))
        kind = next((kind for kind in now.untold if name in figure_names(kind)), None)
        if kind:
            row.wrong(
                name,
                "several",
                _("이 과제에는 같은 종류의 수치가 여러 개 있어 파일로는 바꿀 수 없습니다. 화면에서 고쳐 주십시오."),
            )


def _serials_taken(rows: Iterable[Row]) -> dict[str, int]:
    serials = {row.values["serial"] for row in rows if row.values.get("serial")}
    found = Project.objects.filter(serial__in=serials).values_list("year", "programme__code", "serial", "pk")
    return {triple(year, programme, serial): pk for year, programme, serial, pk in found}


def _check_serial(row: Row, whole: Values, now: Standing | None, taken: dict[str, int]) -> None:
    """One serial for each programme and year, also within the file."""
    parts = [whole.get(name) for name in ("year", "programme", "serial")]
    if not all(parts):
        return
    mine = now.project.pk if now else -row.number
    if taken.setdefault(triple(*parts), mine) != mine:
        row.wrong("serial", "taken", _("같은 사업과 연도에 이 번호의 과제가 이미 있습니다. 번호를 확인해 주십시오."))
