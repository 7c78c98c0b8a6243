"""The register in the browser: finding, adding, changing, retiring."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cooperation_portal.taxonomy.models import Country
from experts import services
from experts.models import Expert
from tests.people import make_expert, make_institution

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def written(**changed: Any) -> dict[str, Any]:
    form = {
        "direction": "invited",
        "name_ko": "가와니시 마사토",
        "original_language": "ja",
        "country": Country.objects.get(code="JP").pk,
        "availability": "after_talks",
    }
    return {name: value for name, value in (form | changed).items() if value is not None}


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return dict(response.context["form"].errors)


@pytest.fixture
def keeper(client: Any, content_admin: Any) -> Any:
    client.force_login(content_admin)
    return client


# --- adding -----------------------------------------------------------------------------------------------------------


def test_everything_that_is_typed_is_stored(keeper: Any) -> None:
    institution = make_institution("JP", "ja", "堺金型研究所")
    typed = {
        "name_original": "川西 雅人", "name_latin": "Kawanishi Masato", "city": "사카이", "institution": institution.pk,
        "employer_name": "금형 제조업체", "employer_kind": "company", "position": "생산기술부장", "career_years": 41,
        "technology_fields": ["0103", "0201"], "specialities": "사출 금형의 변형", "career_summary": "41년",
        "languages": ["ja", "en"], "needs_interpreter": "on", "guidance_modes": ["on_site", "remote"],
        "availability": "not_now", "available_from": "2027-03-02", "availability_note": "겨울은 어렵습니다.",
        "email": "kawanishi@expert.example", "phone": "+81-72-000-0001", "consented_on": "2026-04-01",
        "source_network": "명부", "source_reference": "0031",
    }  # fmt: skip
    response = keeper.post("/experts/new/", written(**typed))
    expert = Expert.objects.get()
    assert response.headers["Location"] == f"/experts/{expert.pk}/"
    assert sorted(expert.fields.values_list("code", flat=True)) == ["0103", "0201"]
    assert expert.institution == institution
    assert (str(expert.available_from), str(expert.consented_on)) == ("2027-03-02", "2026-04-01")
    stored = {name: getattr(expert, name) for name in typed if name not in {"technology_fields", "institution"}}
    stored |= {"available_from": str(expert.available_from), "consented_on": str(expert.consented_on)}
    expected = {name: value for name, value in typed.items() if name in stored} | {"needs_interpreter": True}
    assert stored == expected


def test_little_is_enough_and_the_page_says_what_is_missing(keeper: Any) -> None:
    page = keeper.post("/experts/new/", written(), follow=True).content.decode()
    missing = page.split('id="missing"')[1].split("</section>")[0]
    for label in (
        "개인정보 동의일",
        "해결할 수 있는 문제",
        "기술분야",
        "경력 연수",
        "사용 언어",
        "연락처",
        "이름(원어)",
    ):
        assert label in missing


def test_a_korean_has_no_other_original_name_to_miss(keeper: Any) -> None:
    korea = Country.objects.get(code="KR").pk
    typed = written(direction="dispatched", original_language="ko", country=korea, name_ko="표영택")
    page = keeper.post("/experts/new/", typed, follow=True).content.decode()
    assert "이름(원어)" not in page.split('id="missing"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"name_ko": ""}, "name_ko", "이름을 한글로 적어 주십시오."),
        ({"direction": None}, "direction", "유치와 파견 가운데 하나를 골라 주십시오."),
        ({"country": ""}, "country", "지금 사는 나라를 골라 주십시오."),
        ({"original_language": ""}, "original_language", "어느 나라 말인지"),
        ({"career_years": "81"}, "career_years", "0년에서 80년"),
        ({"career_years": "-1"}, "career_years", "0년에서 80년"),
        ({"career_years": "마흔"}, "career_years", "숫자만"),
        ({"direction": "dispatched"}, "country", "국내에 있는 전문가만 파견합니다."),
        ({"availability": "now", "available_from": "2027-03-02"}, "available_from", "가능 시작일을 비워"),
        ({"available_from": "2027-02-30"}, "available_from", "2027-03-02처럼"),
        ({"consented_on": "2099-01-01"}, "consented_on", "오늘보다 늦은 날짜"),
        ({"email": "가와니시"}, "email", "이메일 주소가 맞지 않습니다."),
        ({"phone": "없음"}, "phone", "전화번호가 맞지 않습니다."),
        ({"phone": "123"}, "phone", "전화번호가 맞지 않습니다."),
        ({"technology_fields": ["0101", "0102", "0103", "0104", "0201", "0202"]}, "technology_fields", "5개까지"),
        ({"technology_fields": ["01"]}, "technology_fields", "01"),
        ({"specialities": "번호는 800101-1234567"}, "specialities", "주민등록번호"),
        ({"career_summary": "800101–2234567"}, "career_summary", "주민등록번호"),
        ({"source_network": "800101 - 5234567"}, "source_network", "주민등록번호"),
        ({"name_latin": "800101-1234567"}, "name_latin", "주민등록번호"),
        ({"specialities": "손상된 \x07 글"}, "specialities", "제어 문자"),
        ({"specialities": "가" * 4001}, "specialities", "4000"),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else None,
)
def test_what_is_wrong_is_said_beside_its_field(keeper: Any, wrong: dict[str, Any], field: str, words: str) -> None:
    response = keeper.post("/experts/new/", written(**wrong))
    found = errors(response)
    assert list(found) == [field]
    assert words in str(found[field])
    assert not Expert.objects.exists()


def test_a_resident_number_is_not_repeated_in_the_message(keeper: Any) -> None:
    found = errors(keeper.post("/experts/new/", written(specialities="번호는 800101-1234567")))
    assert "1234567" not in str(found)


def test_an_invited_expert_does_not_live_in_korea(keeper: Any) -> None:
    korea = Country.objects.get(code="KR").pk
    assert list(errors(keeper.post("/experts/new/", written(country=korea)))) == ["country"]


def test_a_reference_is_given_once(keeper: Any) -> None:
    make_expert("다른 사람", source_reference="JP-1")
    found = errors(keeper.post("/experts/new/", written(source_reference="JP-1")))
    assert "같은 출처 번호의 전문가가 이미 있습니다." in str(found)


def test_what_was_typed_is_still_there_after_a_mistake(keeper: Any) -> None:
    typed = written(name_ko="", specialities="사출 금형의 변형", technology_fields=["0201"], languages=["ja"])
    page = keeper.post("/experts/new/", typed).content.decode()
    assert "사출 금형의 변형" in page
    assert re.search(r'value="0201"[^>]*checked', page)
    assert re.search(r'name="languages"[^>]*value="ja"[^>]*checked', page)


def test_who_may_be_in_the_register_already_is_shown_and_asked_about(keeper: Any) -> None:
    known = make_expert(name_original="川西 雅人")
    response = keeper.post("/experts/new/", written(name_ko="가와니시마사토"))
    assert response.status_code == 409
    assert [one.pk for one in response.context["alike"]] == [known.pk]
    assert f"/experts/{known.pk}/" in response.content.decode()
    assert Expert.objects.count() == 1
    again = keeper.post("/experts/new/", written(name_ko="가와니시마사토"))
    assert again.status_code == 409
    assert keeper.post("/experts/new/", written(name_ko="가와니시마사토", is_another="on")).status_code == 302
    assert Expert.objects.count() == 2


def test_a_form_sent_twice_makes_one_expert(keeper: Any) -> None:
    assert [keeper.post("/experts/new/", written()).status_code for _time in range(2)] == [302, 409]
    assert Expert.objects.count() == 1


# --- changing ---------------------------------------------------------------------------------------------------------


def form_of(keeper: Any, expert: Any) -> dict[str, Any]:
    """The fields as the page gives them back."""
    form = keeper.get(f"/experts/{expert.pk}/edit/").context["form"]
    values = {bound.name: bound.value() for bound in form if bound.value() not in (None, "", False)}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def test_saving_unchanged_changes_nothing(keeper: Any) -> None:
    day = TODAY() - timedelta(days=3)
    expert = make_expert(
        fields=["0103", "0201"],
        languages=["ja", "en"],
        consented_on=day,
        institution=make_institution(),
        career_years=0,
    )
    before = Expert.objects.filter(pk=expert.pk).values().get()
    typed = form_of(keeper, expert) | {"career_years": 0}
    assert keeper.post(f"/experts/{expert.pk}/edit/", typed).status_code == 302
    after = Expert.objects.filter(pk=expert.pk).values().get()
    silent = {"edit_version", "changed_at"}
    assert {k: v for k, v in after.items() if k not in silent} == {k: v for k, v in before.items() if k not in silent}
    assert sorted(expert.fields.values_list("code", flat=True)) == ["0103", "0201"]


def test_emptied_fields_become_empty(keeper: Any) -> None:
    expert = make_expert(city="사카이", phone="+81-72-000-0001")
    typed = form_of(keeper, expert)
    for name in ("city", "phone", "career_years", "technology_fields", "languages"):
        typed.pop(name)
    keeper.post(f"/experts/{expert.pk}/edit/", typed)
    stands = Expert.objects.get(pk=expert.pk)
    assert (stands.city, stands.phone, stands.career_years, stands.languages) == ("", "", None, [])
    assert not stands.fields.exists()


def test_a_second_editor_sees_what_stands_and_may_then_replace_it(keeper: Any) -> None:
    expert = make_expert()
    old = form_of(keeper, expert) | {"city": "오사카"}
    keeper.post(f"/experts/{expert.pk}/edit/", form_of(keeper, expert) | {"city": "사카이"})
    response = keeper.post(f"/experts/{expert.pk}/edit/", old)
    page = response.content.decode()
    assert response.status_code == 409
    assert "사카이" in page and 'value="오사카"' in page
    assert Expert.objects.get(pk=expert.pk).city == "사카이"
    again = old | {"edit_version": response.context["form"].data["edit_version"]}
    assert keeper.post(f"/experts/{expert.pk}/edit/", again).status_code == 302
    assert Expert.objects.get(pk=expert.pk).city == "오사카"


def test_what_was_retired_since_stays_chosen(keeper: Any) -> None:
    institution = make_institution()
    expert = make_expert(institution=institution)
    institution.retired_on = TODAY()
    institution.save()
    keeper.post(f"/experts/{expert.pk}/edit/", form_of(keeper, expert))
    assert Expert.objects.get(pk=expert.pk).institution == institution
    refused = errors(keeper.post("/experts/new/", written(institution=institution.pk)))
    assert list(refused) == ["institution"]


def test_retired_experts_leave_the_list_and_come_back(keeper: Any) -> None:
    expert = make_expert()

    def listed(query: str = "") -> list[int]:
        return [row.pk for row in keeper.get(f"/experts/{query}").context["page_obj"]]

    page = keeper.post(f"/experts/{expert.pk}/retire/", follow=True).content.decode()
    assert "사용 중지" in page and "다시 사용" in page
    assert (listed(), listed("?state=retired"), listed("?state=all")) == ([], [expert.pk], [expert.pk])
    keeper.post(f"/experts/{expert.pk}/restore/")
    assert (listed(), listed("?state=retired"), listed("?state=all")) == ([expert.pk], [], [expert.pk])


# --- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["member", "outsider", "system_admin", "newcomer"])
def test_others_see_no_expert(client: Any, request: Any, reader: str) -> None:
    from tests.people import make_user

    expert = make_expert()
    person = make_user("무소속") if reader == "newcomer" else request.getfixturevalue(reader)
    client.force_login(person)
    paths = ("", "new/", f"{expert.pk}/", f"{expert.pk}/edit/", f"{expert.pk}/history/")
    assert {client.get(f"/experts/{path}").status_code for path in paths} == {403}
    assert client.get("/experts/999999/").status_code == 403
    assert not Expert.objects.visible_to(person).exists()


def test_officers_read_and_do_not_write(client: Any, officer: Any) -> None:
    expert = make_expert()
    client.force_login(officer)
    answers = {
        path: client.get(f"/experts/{path}").status_code for path in ("", f"{expert.pk}/", f"{expert.pk}/history/")
    }
    assert set(answers.values()) == {200}
    assert client.get("/experts/new/").status_code == client.get(f"/experts/{expert.pk}/edit/").status_code == 403
    for path in ("new/", f"{expert.pk}/edit/", f"{expert.pk}/retire/", f"{expert.pk}/restore/"):
        assert client.post(f"/experts/{path}", written()).status_code == 403
    assert Expert.objects.get().retired_on is None
    page = client.get(f"/experts/{expert.pk}/").content.decode()
    assert "고치기" not in page and "빠진 내용" not in page


@pytest.mark.parametrize("reader", ["officer", "content_admin"])
def test_contacts_are_on_the_page_of_the_expert_and_nowhere_else(client: Any, request: Any, reader: str) -> None:
    expert = make_expert(email="kawanishi@expert.example", phone="+81-72-000-0001")
    client.force_login(request.getfixturevalue(reader))
    detail = client.get(f"/experts/{expert.pk}/").content.decode()
    assert "kawanishi@expert.example" in detail and "+81-72-000-0001" in detail
    services.change_expert(expert, by=None, edit_version=1, phone="+81-72-000-0002")
    history = client.get(f"/experts/{expert.pk}/history/").content.decode()
    assert "전화번호: (가림) → (가림)" in history
    for path in ("", "?q=가와니시", f"{expert.pk}/history/"):
        page = client.get(f"/experts/{path}").content.decode()
        assert "kawanishi@expert" not in page and "+81-72-000-000" not in page


def test_a_search_for_an_address_finds_nobody(client: Any, officer: Any) -> None:
    """Else the list would tell whose address it is, one guess at a time."""
    make_expert(email="kawanishi@expert.example", phone="+81-72-000-0001")
    client.force_login(officer)
    for words in ("kawanishi@expert.example", "+81-72-000-0001"):
        assert not list(client.get("/experts/", {"q": words}).context["page_obj"])


def test_consent_that_is_not_there_is_marked(keeper: Any) -> None:
    make_expert("동의한 사람", consented_on=TODAY())
    assert "동의 없음" not in keeper.get("/experts/").content.decode()
    make_expert("동의하지 않은 사람")
    assert keeper.get("/experts/").content.decode().count("동의 없음") == 1


def test_a_day_that_has_passed_is_to_be_asked_about(keeper: Any) -> None:
    expert = make_expert(availability="not_now", available_from=TODAY() - timedelta(days=1))
    assert "지난 가능 시작일의 확인" in keeper.get(f"/experts/{expert.pk}/").content.decode()
    other = make_expert("다른 사람", availability="not_now", available_from=TODAY() + timedelta(days=1))
    assert "지난 가능 시작일의 확인" not in keeper.get(f"/experts/{other.pk}/").content.decode()


def test_history_shows_who_changed_what(keeper: Any, content_admin: Any) -> None:
    expert = make_expert()
    keeper.post(f"/experts/{expert.pk}/edit/", form_of(keeper, expert) | {"city": "사카이", "languages": ["ja", "en"]})
    page = keeper.get(f"/experts/{expert.pk}/history/").content.decode()
    assert content_admin.name in page
    assert "거주 도시: 없음 → 사카이" in page and "사용 언어: 일본어 → 일본어, 영어" in page


def test_a_form_is_kept_through_a_sign_in(client: Any, content_admin: Any) -> None:
    client.force_login(content_admin)
    client.get("/experts/new/")
    client.session.flush()
    del client.cookies["session"]
    client.post("/experts/new/", written(specialities="사출 금형의 변형", technology_fields=["0201"]))
    client.force_login(content_admin)
    page = client.get("/experts/new/").content.decode()
    assert "사출 금형의 변형" in page
    assert re.search(r'value="0201"[^>]*checked', page)
    assert not Expert.objects.exists()
