"""Many rows in one statement: the same as saving each."""

from __future__ import annotations

import datetime

import pghistory
import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from cooperation_portal.network.models import Company
from cooperation_portal.shared.updates import update_many
from matching.catalogue.models import Cooperation, Technology
from tests.people import make_company, make_technology

pytestmark = pytest.mark.django_db


def updates(queries) -> int:
    return sum('UPDATE "network_company" SET' in query["sql"] for query in queries)


def test_every_kind_of_field_arrives_as_if_saved():
    technologies = [make_technology(f"Технология {number}") for number in range(3)]
    technologies[0].cooperation, technologies[0].year = [Cooperation.values[0]], 2020
    technologies[0].valid_until = datetime.date(2027, 3, 2)
    technologies[1].cooperation, technologies[1].year, technologies[1].is_appropriate = [], None, True
    names = ["cooperation", "year", "valid_until", "is_appropriate", "field", "ipr_notes"]
    update_many(technologies[:2], names)
    for technology in technologies:
        stored = Technology.objects.get(pk=technology.pk)
        assert [getattr(stored, name) for name in names] == [getattr(technology, name) for name in names]


def test_one_statement_writes_many_rows_with_their_history():
    companies = [make_company(f"㈜회사 {number}") for number in range(4)]
    other = make_company("㈜다른 회사")
    for company in companies:
        company.products = f"기어 %s {company.pk}"
    with pghistory.context(url="/x/"), CaptureQueriesContext(connection) as queries:
        update_many(companies, ["products"])
    assert updates(queries) == 1
    assert companies[0].events.latest("pgh_id").pgh_context == {"url": "/x/"}
    for company in companies:
        stored = Company.objects.get(pk=company.pk)
        assert stored.products == stored.events.latest("pgh_id").products == f"기어 %s {company.pk}"
    other.refresh_from_db()
    assert other.products == ""


def test_what_is_too_long_is_refused_and_not_cut_off():
    company = make_company()
    company.city = "가" * 81
    with pytest.raises(DataError):
        update_many([company], ["city"])


def test_nothing_to_write_is_no_statement():
    company = make_company()
    with CaptureQueriesContext(connection) as queries:
        update_many([], ["city"])
        update_many([company], [])
    assert updates(queries) == 0
