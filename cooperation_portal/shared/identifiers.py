"""Registration numbers of companies."""

import re

_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def business_number_digits(value: str) -> str:
    """The ten digits of a 사업자등록번호 without hyphens and spaces; other characters stay for the check to refuse."""
    return re.sub(r"[\s-]", "", value)


def is_business_number(digits: str) -> bool:
    """Check digit of the National Tax Service: weighted sum of nine digits plus the tens of the ninth times five."""
    if not re.fullmatch(r"[0-9]{10}", digits):
        return False
    numbers = [int(digit) for digit in digits]
    total = sum(weight * number for weight, number in zip(_WEIGHTS, numbers, strict=False)) + numbers[8] * 5 // 10
    return (10 - total % 10) % 10 == numbers[9]


def format_business_number(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 else digits
