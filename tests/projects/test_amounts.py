"""Amounts as Koreans write them, read and written back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cooperation_portal.shared.amounts import (
    LARGEST,
    Currency,
    NotAnAmount,
    in_korean_units,
    money,
    money_in_digits,
    plain_number,
    read_amount,
    written_currency,
)

AMOUNTS = st.decimals(min_value=0, max_value=LARGEST - 1, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("8억", 800_000_000),
        ("8억원", 800_000_000),
        ("66만", 660_000),
        ("66만불", 660_000),
        ("66억불", 6_600_000_000),
        ("1억 2,000만", 120_000_000),
        ("1억2천만원", 120_000_000),
        ("7억 8천만", 780_000_000),
        ("2천5백만", 25_000_000),
        ("천만", 10_000_000),
        ("1.5억", 150_000_000),
        ("12345만", 123_450_000),
        ("1조 5천억", 1_500_000_000_000),
        ("800,000,000", 800_000_000),
        (" 70000000 ", 70_000_000),
        ("１２만", 120_000),
        ("1,234.5678", Decimal("1234.5678")),
        ("0", 0),
    ],
)
def test_amount_is_read(text: str, amount: int | Decimal) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "억",
        "만",
        "팔억",
        "8,00",
        "-3",
        "1억 2억",
        "1억 20000만",
        "5백3천",
        "3만 2억",
        "1.2.3",
        "8억 정도",
        "NaN",
        "1e9",
        "∞",
    ],
)
def test_what_is_no_amount_is_refused_with_a_way_to_write_it(text: str) -> None:
    with pytest.raises(NotAnAmount, match="8억"):
        read_amount(text)


@pytest.mark.parametrize("text", ["100조", "1.23456", "9" * 40])
def test_slips_of_the_pen_are_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        read_amount(text)


@given(AMOUNTS)
def test_what_is_written_in_korean_units_is_read_back(amount: Decimal) -> None:
    assert read_amount(in_korean_units(amount)) == amount


@given(AMOUNTS)
def test_what_is_written_in_digits_is_read_back(amount: Decimal) -> None:
    assert read_amount(plain_number(amount)) == amount


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_is_refused(text: str) -> None:
    try:
        amount = read_amount(text)
    except NotAnAmount:
        return
    assert 0 <= amount < LARGEST


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("66만불", Currency.USD),
        ("66만 달러", Currency.USD),
        ("8억원", Currency.KRW),
        ("5만 유로", Currency.EUR),
        ("8억", None),
    ],
)
def test_currency_in_an_amount_is_noticed(text: str, currency: Currency | None) -> None:
    assert written_currency(text) == currency


def test_money_is_told_in_the_language_of_the_page() -> None:
    amount = Decimal(800_000_000)
    with translation.override("ko"):
        assert (money(amount, "KRW"), money_in_digits(amount, "KRW")) == ("8억원", "800,000,000원")
        assert (money(Decimal(660_000), "USD"), money_in_digits(Decimal(660_000), "USD")) == (
            "66만 달러",
            "USD 660,000",
        )
    with translation.override("en"):
        assert (money(amount, "KRW"), money_in_digits(amount, "KRW")) == ("KRW 800,000,000", "KRW 800,000,000")
