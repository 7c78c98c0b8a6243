"""Rules that hold for every kind of record that the portal takes in and gives out."""

from __future__ import annotations

import io

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from cooperation_portal.exchange import exports, template_workbooks
from cooperation_portal.exchange.headings import PROBLEMS, folded, names_of
from cooperation_portal.exchange.sheets import all_sheets, read_cells, sheet_of
from tests.exchange.conftest import counts, problems
from tests.people import make_company, make_demand, make_expert, make_institution, make_project, make_technology

REAL_SHEETS = True
NAMES = ("institutions", "companies", "technologies", "experts", "demands", "projects")
each = pytest.mark.parametrize("name", NAMES)


def records(name):
    from cooperation_portal.network.models import Company, Institution
    from experts.models import Expert
    from matching.catalogue.models import Technology
    from matching.demands.models import Demand
    from projects.funded.models import Project

    models = dict(zip(NAMES, (Institution, Company, Technology, Expert, Demand, Project), strict=True))
    return models[name].objects.all()


@pytest.fixture
def an_office(db):
    """Two of each, with what they are known by, and with names that look like formulas."""
    owners = [make_institution(name=f"=Институт {number}", source_reference=f"0{number}") for number in (1, 2)]
    companies = [make_company(name) for name in ("㈜동백정공", "'=남해화학")]
    for number, owner in enumerate(owners):
        make_technology(f"Технология {number}", owner=owner, source_reference=f"T-{number}")
    for number, company in enumerate(companies):
        make_expert(source_reference=f"E-{number}")
        make_demand(company, f"수요 {number}")
        make_project(company, f"과제 {number}", source_reference=f"P-{number}")


def test_there_is_a_sheet_for_each_kind_in_the_order_in_which_they_refer_to_each_other():
    assert [sheet.name for sheet in all_sheets()] == list(NAMES)


@pytest.mark.django_db
@each
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_exported_comes_back_as_the_same(an_office, upload, name, kind):
    request = RequestFactory().get("/", {"format": kind})
    chosen = records(name)
    content = b"".join(exports.respond(request, sheet_of(name), chosen, name))
    run = upload({name: content})
    found = {(row, column, code) for row, column, code in problems(run, name)}
    assert (found, run.state) == (set(), "ready")
    assert counts(run, name) == (0, 0, chosen.count(), 0), {
        row.number: row.before for row in run.files.get().rows.all()
    }


@pytest.mark.django_db
@each
def test_the_example_of_a_template_is_right_cell_by_cell(name):
    sheet = sheet_of(name)
    with translation.override("ko"):
        book = load_workbook(io.BytesIO(template_workbooks.of(sheet)))
    headings, example = ([cell.value for cell in row] for row in book["작성 예"].iter_rows(max_row=2))
    assert headings == [column.heading for column in sheet.columns]
    given = {column.name: cell for column, cell in zip(sheet.columns, example, strict=True) if cell is not None}
    assert [(one.column, one.code) for one in read_cells(sheet, 2, given).problems] == []
    assert len(given) >= 3


@each
def test_headings_can_be_told_apart(name):
    sheet = sheet_of(name)
    written = [folded(column.heading) for column in sheet.columns]
    assert len(set(written)) == len(written)
    for column in sheet.columns:
        assert names_of(sheet)[folded(column.heading)] == column.name
    assert folded(PROBLEMS) not in names_of(sheet)


@each
def test_who_uploads_is_told_what_belongs_in_and_where_it_went(name):
    sheet = sheet_of(name)
    assert str(sheet.about) and str(sheet.key_help)
    assert reverse(sheet.url_name)
