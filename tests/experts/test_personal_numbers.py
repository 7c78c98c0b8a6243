"""What looks like a number of a person is refused; what only has as many digits is not."""

import pytest

from cooperation_portal.shared.personal_numbers import has_resident_number


@pytest.mark.parametrize(
    "text",
    [
        "800101-1234567",
        "번호:800101-8234567.",
        "800101 - 2234567",
        "800101–3234567",
        "800101－4234567",
        "앞\n800101-1234567\n뒤",
        "8001011234560",  # thirteen in a row: a date and the right check digit
    ],
)
def test_refused(text: str) -> None:
    assert has_resident_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "800101-9234567",
        "800101-0234567",
        "800101-123456",
        "800101-12345678",
        "1800101-1234567",
        "8001011234567",  # the check digit is wrong
        "8013011234567",  # no such month, though the check digit is right
        "+81-72-000-0001",
        "010-1234-5678",
        "KR 10-2015-0012345",
        "2026-03-02",
    ],
)
def test_taken(text: str) -> None:
    assert not has_resident_number(text)
