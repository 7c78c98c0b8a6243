"""Dates of which not everything is known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation_portal.shared.partial_dates import NotADate, PartialDate, Precision, read_partial_date


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("2025", date(2025, 1, 1), "year"),
        ("2025년", date(2025, 1, 1), "year"),
        ("2025-06", date(2025, 6, 1), "month"),
        ("2025.6.", date(2025, 6, 1), "month"),
        ("2025년 6월", date(2025, 6, 1), "month"),
        ("2025-06-30", date(2025, 6, 30), "day"),
        ("2025. 6. 30.", date(2025, 6, 30), "day"),
        ("2025년 6월 30일", date(2025, 6, 30), "day"),
    ],
)
def test_as_much_as_is_known_is_read(text: str, first: date, precision: str) -> None:
    assert read_partial_date(text) == PartialDate(first, precision)


@pytest.mark.parametrize("text", ["", "25", "19", "2025-13", "2025-02-30", "6월", "작년", "45123", "2025-06-30-1"])
def test_what_is_no_date_is_refused_with_a_way_to_write_it(text: str) -> None:
    with pytest.raises(NotADate, match="2025-06"):
        read_partial_date(text)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)), st.sampled_from(Precision.values))
def test_what_is_shown_is_read_back(day: date, precision: str) -> None:
    shown = PartialDate(day, precision)
    again = read_partial_date(str(shown))
    assert (str(again), again.precision) == (str(shown), precision)
