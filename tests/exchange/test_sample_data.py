"""What the sample office has, given out and taken in again: the portal understands everything that it writes itself."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from cooperation_portal.exchange import exports
from cooperation_portal.exchange.sheets import all_sheets, sheet_of
from cooperation_portal.home import sample_data
from cooperation_portal.pages.loading import load_pages
from cooperation_portal.taxonomy.services import load_taxonomy
from tests.exchange.conftest import counts, problems
from tests.exchange.test_every_sheet import NAMES, records

REAL_SHEETS = True
pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(settings, tmp_path):
    settings.FILES_DIR = str(tmp_path)
    load_taxonomy()
    load_pages()
    sample_data.load("sample-password")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_all_files_of_the_sample_office_come_back_as_the_same(sample, upload, kind):
    from matching.demands.models import Demand

    request = RequestFactory().get("/", {"format": kind})
    files = {name: b"".join(exports.respond(request, sheet_of(name), records(name), name)) for name in NAMES}
    run = upload(files)
    assert run.state == "ready", [file.problems for file in run.files.all()]
    for name in NAMES:
        total = records(name).count() if name != "demands" else Demand.objects.filed().count()
        rows = run.files.get(sheet=name).rows.exclude(state="same")
        assert problems(run, name) == set()
        assert counts(run, name) == (0, 0, total, 0), {row.number: (row.state, row.before) for row in rows}
    assert [sheet.name for sheet in all_sheets()] == list(NAMES)


def test_a_demand_that_was_not_filed_is_not_given_out(sample):
    from matching.demands.models import Demand

    assert Demand.objects.filter(submitted_at__isnull=True).exists(), "the sample has a draft"
    given = list(sheet_of("demands").rows_of(Demand.objects.all()))
    assert len(given) == Demand.objects.filed().count()
