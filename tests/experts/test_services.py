"""What the register keeps, refuses and remembers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cooperation_portal.shared.conflicts import EditedMeanwhile
from experts import queries, services
from experts.models import Expert, ExpertField
from tests.people import make_expert

pytestmark = pytest.mark.django_db
LATER = date(2027, 3, 2)


def codes(expert: Any) -> list[str]:
    return sorted(expert.fields.values_list("code", flat=True))


def test_many_are_added_with_their_fields_in_as_few_statements_as_one(django_assert_max_num_queries: Any) -> None:
    from cooperation_portal.taxonomy.models import Country

    row = {"direction": "invited", "original_language": "ja", "country": Country.objects.get(code="JP")}
    rows = [row | {"name_ko": f"전문가 {number}", "fields": ["0201", "0103"]} for number in range(200)]
    with django_assert_max_num_queries(8):
        made = services.add_experts(rows, by=None)
    assert [expert.name_ko for expert in made] == [str(row["name_ko"]) for row in rows]
    assert ExpertField.objects.count() == 400
    assert codes(made[7]) == ["0103", "0201"]


def test_a_change_changes_what_it_names_and_nothing_else() -> None:
    expert = make_expert(phone="+81-72-000-0001", fields=["0201", "0103"])
    changed = services.change_expert(
        expert, by=None, edit_version=1, name_ko="가와니시 마사토시", fields=["0103", "0203"]
    )
    stands = Expert.objects.get(pk=expert.pk)
    assert (stands.name_ko, stands.phone, stands.edit_version) == ("가와니시 마사토시", "+81-72-000-0001", 2)
    assert codes(stands) == ["0103", "0203"]
    assert stands.changed_at > expert.changed_at
    assert changed.pk == expert.pk


def test_fields_that_are_not_named_stay() -> None:
    expert = make_expert(fields=["0201"])
    services.change_expert(expert, by=None, edit_version=1, city="사카이")
    assert codes(expert) == ["0201"]


def test_an_old_page_does_not_overwrite() -> None:
    expert = make_expert()
    services.change_expert(expert, by=None, edit_version=1, city="사카이")
    with pytest.raises(EditedMeanwhile) as conflict:
        services.change_expert(expert, by=None, edit_version=1, city="오사카")
    assert conflict.value.current.city == "사카이"
    assert Expert.objects.get(pk=expert.pk).city == "사카이"


def test_six_fields_are_too_many_and_nothing_is_kept() -> None:
    with pytest.raises(ValidationError):
        make_expert(fields=["0101", "0102", "0103", "0104", "0201", "0202"])
    assert not Expert.objects.exists()
    assert codes(make_expert(fields=["0101", "0102", "0103", "0104", "0201"])) == [
        "0101",
        "0102",
        "0103",
        "0104",
        "0201",
    ]


def test_retiring_keeps_the_person_and_restoring_brings_them_back() -> None:
    expert = make_expert()
    services.retire_expert(expert, by=None)
    Expert.objects.filter(pk=expert.pk).update(retired_on=date(2026, 1, 5))
    services.retire_expert(expert, by=None)
    assert Expert.objects.get(pk=expert.pk).retired_on == date(2026, 1, 5)
    assert not Expert.objects.current().exists()
    services.restore_expert(expert, by=None)
    assert Expert.objects.current().get() == expert


def test_retiring_writes_today() -> None:
    expert = make_expert()
    services.retire_expert(expert, by=None)
    assert Expert.objects.get(pk=expert.pk).retired_on == timezone.localdate()


# --- rules that hold whatever way a row is written --------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"direction": "sideways"},
        {"original_language": "de"},
        {"employer_kind": "club"},
        {"availability": "maybe"},
        {"languages": ["ja", "de"]},
        {"guidance_modes": ["by_post"]},
        {"name_ko": ""},
        {"career_years": 81},
        {"availability": "now", "available_from": LATER},
        {"specialities": "번호 800101-1234567"},
        {"career_summary": "800101–2234567"},
        {"phone": "800101-1234567"},
        {"source_reference": "JP-1"},
    ],
    ids=lambda wrong: ",".join(wrong),
)
def test_the_database_refuses(wrong: dict[str, Any]) -> None:
    make_expert("다른 사람", source_reference="JP-1")
    expert = make_expert()
    with pytest.raises(IntegrityError), transaction.atomic():
        Expert.objects.filter(pk=expert.pk).update(**wrong)


@pytest.mark.parametrize(
    "right",
    [
        {"career_years": 0},
        {"career_years": 80},
        {"career_years": None},
        {"availability": "now", "available_from": None},
        {"availability": "not_now", "available_from": LATER},
        {"availability": "after_talks", "available_from": LATER},
        {"languages": [], "guidance_modes": []},
        {"specialities": "도면 110111-0234567, 규격 1800101-1234567, 전화 02-1234-5678"},
        {"source_reference": ""},
    ],
    ids=str,
)
def test_the_database_takes(right: dict[str, Any]) -> None:
    make_expert("다른 사람")
    expert = make_expert()
    assert Expert.objects.filter(pk=expert.pk).update(**right) == 1


# --- who is perhaps the same person -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "is_double"),
    [
        ({"names": ["가와니시마사토"], "country": "JP"}, True),
        ({"names": ["KAWANISHI  masato"], "country": "JP"}, True),
        ({"names": ["川西　雅人"], "country": "JP"}, True),
        ({"names": ["가와니시 마사토"], "country": "CN"}, False),
        ({"names": ["가와니시 마사토시"], "country": "JP"}, False),
        ({"names": [""], "country": "JP"}, False),
        ({"names": ["모르는 이름"], "country": "CN", "email": "Kawanishi@Expert.example"}, True),
        ({"names": ["모르는 이름"], "country": "CN", "email": ""}, False),
    ],
    ids=str,
)
def test_likely_doubles(given: dict[str, Any], is_double: bool) -> None:
    from cooperation_portal.taxonomy.models import Country

    expert = make_expert(name_original="川西 雅人", name_latin="Kawanishi Masato", email="kawanishi@expert.example")
    make_expert("아무개")
    country = Country.objects.get(code=given.pop("country"))
    found = queries.likely_doubles(Expert.objects.all(), country=country, **given)
    assert found == ([expert] if is_double else [])


def test_history_tells_what_changed() -> None:
    expert = make_expert(availability="now", fields=["0201"])
    services.change_expert(
        expert, by=None, edit_version=1, city="사카이", languages=["ja", "en"], needs_interpreter=True, fields=["0103"]
    )
    told = queries.history(expert)
    changes = {
        change.field: (change.old, change.new) for entry in told for change in entry.changes if entry.kind == "update"
    }
    assert changes["거주 도시"] == ("", "사카이")
    assert changes["사용 언어"] == ("일본어", "일본어, 영어")
    assert changes["통역 필요"] == ("아니요", "예")
    assert sorted(entry.kind for entry in told if entry.subject == "전문가의 기술분야") == [
        "delete",
        "insert",
        "insert",
    ]
