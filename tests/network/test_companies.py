"""Companies' numbers and names, and who may see which company."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cooperation_portal.network.models import Company, NameDisclosure
from cooperation_portal.network.permissions import acts_for_a_company, company_name_disclosure
from cooperation_portal.shared.identifiers import business_number_digits, format_business_number, is_business_number
from cooperation_portal.shared.masking import mask_company_name
from tests.people import make_company, make_institution


def test_right_check_digit() -> None:
    assert is_business_number(business_number_digits("124-81-00998"))


def test_of_ten_last_digits_one_is_right() -> None:
    assert [digit for digit in range(10) if is_business_number(f"124810099{digit}")] == [8]


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "124810099",
        "12481009981",
        "124-81-00998",
        "12481O0998",
        "１２４８１００９９８",
        "124810099\n",
        "1248100998\n",
    ],
)
def test_what_is_no_business_number(wrong: str) -> None:
    assert not is_business_number(wrong)


def test_digits_and_back() -> None:
    assert business_number_digits(" 124-81- 00998 ") == "1248100998"
    assert format_business_number("1248100998") == "124-81-00998"


@pytest.mark.django_db
def test_wrong_check_digit_is_refused_with_words_that_help() -> None:
    company = make_company()
    company.business_number = "1248100999"
    with pytest.raises(ValidationError) as refused:
        company.full_clean()
    assert refused.value.message_dict == {
        "business_number": ["사업자등록번호가 맞지 않습니다. 사업자등록증의 숫자 10자리를 다시 확인해 주십시오."]
    }


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("㈜동백정공", "㈜동***공"),
        ("(주)동백정공", "(주)동***공"),
        ("(주)제이엠씨", "(주)제***씨"),
        ("동백정공㈜", "동***공㈜"),
        ("동백정공(주)", "동***공(주)"),
        ("동백정공 주식회사", "동***공 주식회사"),
        ("주식회사 동백정공", "주식회사 동***공"),
        ("유한회사 동백", "유한회사 동***"),
        ("동백정공", "동***공"),
        ("동백", "동***"),
        ("동", "***"),
        ("㈜동", "㈜***"),
        ("㈜동백", "㈜동***"),
        ("  ㈜동백정공  ", "㈜동***공"),
        ("", "***"),
        ("㈜", "㈜***"),
        ("Dongbaek Co., Ltd.", "D***."),
    ],
)
def test_masking(name: str, masked: str) -> None:
    assert mask_company_name(name) == masked


def test_mask_does_not_tell_how_long_the_name_is() -> None:
    assert len(mask_company_name("㈜가나다")) == len(mask_company_name("㈜가나다라마바사아자차카타"))


@pytest.mark.django_db
def test_three_levels_of_naming() -> None:
    company = make_company("㈜동백정공")
    levels = [
        company.display_name(level) for level in (NameDisclosure.FULL, NameDisclosure.MASKED, NameDisclosure.CODE)
    ]
    assert levels == ["㈜동백정공", "㈜동***공", company.code]
    assert company.display_name("something else") == company.code


@pytest.mark.django_db
def test_who_reads_names_in_full(officer: Any, content_admin: Any, system_admin: Any, member: Any) -> None:
    people = {officer: "full", content_admin: "full", system_admin: "masked", member: "masked"}
    assert {person: company_name_disclosure(person).value for person in people} == people


@pytest.mark.django_db
def test_members_see_their_own_companies_only(
    company: Any, member: Any, outsider: Any, officer: Any, system_admin: Any
) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert list(Company.objects.visible_to(member)) == [company]
    assert company not in Company.objects.visible_to(outsider)
    assert Company.objects.visible_to(officer).count() == 2
    assert not Company.objects.visible_to(system_admin).exists()
    assert not Company.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.django_db
def test_ended_membership_ends_what_one_sees(company: Any, member: Any, demand: Any) -> None:
    from matching.demands.models import Demand

    assert acts_for_a_company(member) and list(Demand.objects.visible_to(member)) == [demand]
    member.memberships.update(ended_at=timezone.now())
    assert not acts_for_a_company(member)
    assert not Company.objects.visible_to(member).exists() and not Demand.objects.visible_to(member).exists()


@pytest.mark.django_db
def test_institution_is_named_in_the_language_of_the_page() -> None:
    from django.utils import translation

    institution = make_institution(name="Институт металлов", name_ko="금속연구소")
    with translation.override("ko"):
        assert str(institution) == "금속연구소"
    with translation.override("en"):
        assert str(institution) == "Институт металлов"
        institution.name_en = "Institute of Metals"
        assert str(institution) == "Institute of Metals"
