"""Amounts of won on pages."""

from decimal import Decimal

from django import template

from cooperation_portal.shared.amounts import Currency, money, money_in_digits

register = template.Library()


@register.filter
def won(amount: int | None) -> str:
    """Every digit, for columns: `70,000,000원`; empty where there is none."""
    return "" if amount is None else money_in_digits(Decimal(amount), Currency.KRW)


@register.filter
def won_in_full(amount: int | None) -> str:
    """As it is said and with every digit: `7,000만원 (70,000,000원)`."""
    if amount is None:
        return ""
    words, digits = money(Decimal(amount), Currency.KRW), won(amount)
    return digits if words == digits else f"{words} ({digits})"
