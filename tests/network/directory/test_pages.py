"""Pages of the directory, as people use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cooperation_portal.network import related
from cooperation_portal.network.models import Company, Institution, InstitutionAlias, InstitutionNotDouble
from cooperation_portal.network.related import Related
from cooperation_portal.shared.identifiers import format_business_number
from cooperation_portal.taxonomy.models import Country
from matching.catalogue.models import Technology
from tests.people import make_company, make_institution, make_member, make_technology, valid_business_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, content_admin: Any) -> Client:
    client.force_login(content_admin)
    return client


@pytest.fixture
def reader(client: Client, officer: Any) -> Client:
    client.force_login(officer)
    return client


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def listed(client: Client, name: str, **query: Any) -> list[str]:
    response = client.get(reverse(name), query)
    return [row["record"].name for row in response.context["rows"]]  # type: ignore[index]


def choices(client: Client, name: str, field: str, **query: Any) -> dict[str, str]:
    form = client.get(reverse(name), query).context["filter"].form  # type: ignore[index]
    return {str(code): str(label) for code, label in form.fields[field].choices}


def institution_form(**changed: Any) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name_ko": "볼호프 비정질합금",
        "name_original": "Волховские аморфные сплавы",
        "original_language": "ru",
        "kind": "company",
        "country": Country.objects.get(code="RU").pk,
        "edit_version": 1,
        "aliases-TOTAL_FORMS": 2,
        "aliases-INITIAL_FORMS": 0,
    }
    return written | changed


def company_form(**changed: Any) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": "들꽃기계",
        "business_number": format_business_number(valid_business_number(650_001)),
        "site_country": Country.objects.get(code="KR").pk,
        "company_class": "sme",
        "size": "small",
        "edit_version": 1,
    }
    return written | changed


# --- lists ------------------------------------------------------------------------------------------------------------


def test_an_institution_is_found_by_whatever_it_is_called(reader: Client) -> None:
    institution = make_institution(name="Енисейский НИИ", name_ko="예니세이 야금공정연구소", name_en="Yenisei Research")
    Institution.objects.filter(pk=institution.pk).update(city_ko="크라스노야르스크", source_reference="RU-0042")
    InstitutionAlias.objects.create(institution=institution, kind="former", name="제강설비분소", language="ko")
    make_institution(name="Другой институт", name_ko="다른 기관")
    for words in ("예니", "Енисейский", "yenisei", "설비", "RU-0042", "크라스", "예니세이 설비", "㈜예니세이"):
        assert listed(reader, "institution_list", q=words) == ["예니세이 야금공정연구소"], words
    assert listed(reader, "institution_list", q="예니세이 없는말") == []


def test_a_company_is_found_by_name_and_number(reader: Client) -> None:
    company = make_company("㈜동백정공", name_en="Camellia", products="감속기")
    make_company("들꽃")
    number = company.business_number
    for words in (
        "동백",
        "주식회사 동백정공",
        "camellia",
        number,
        format_business_number(number),
        "감속",
        company.code,
    ):
        assert listed(reader, "company_list", q=words) == ["㈜동백정공"], words


def test_choices_say_how_many_rows_they_leave(reader: Client) -> None:
    make_institution(name="А", name_ko="가")
    make_institution(name="Б", name_ko="나")
    make_institution(country="JP", language="ja", name="研究所", name_ko="다")
    Institution.objects.filter(name_ko="나").update(kind="university")
    assert choices(reader, "institution_list", "country") == {"": "전체", "RU": "러시아 (2)", "JP": "일본 (1)"}
    assert choices(reader, "institution_list", "country", kind="university") == {"": "전체", "RU": "러시아 (1)"}
    assert choices(reader, "institution_list", "kind", country="JP") == {
        "": "전체",
        "research_institute": "연구기관 (1)",
    }
    # What was chosen stays to be seen, also where nothing is left of it.
    assert choices(reader, "institution_list", "kind", kind="company", country="JP")["company"] == "기업 (0)"


def test_what_is_out_of_use_is_shown_to_who_asks(reader: Client) -> None:
    current, retired, merged = (make_institution(name=name, name_ko=name) for name in ("가", "나", "다"))
    Institution.objects.filter(pk=retired.pk).update(retired_on="2026-01-02")
    Institution.objects.filter(pk=merged.pk).update(retired_on="2026-01-02", merged_into=current)
    assert listed(reader, "institution_list") == ["가"]
    assert listed(reader, "institution_list", state="retired") == ["나"]
    assert listed(reader, "institution_list", state="merged") == ["다"]
    assert listed(reader, "institution_list", state="all") == ["가", "나", "다"]
    labels = {"": "사용 중", "retired": "사용 중지 (1)", "merged": "다른 곳과 합침 (1)", "all": "전체 (3)"}
    assert choices(reader, "institution_list", "state") == labels
    assert choices(reader, "institution_list", "country") == {"": "전체", "RU": "러시아 (1)"}  # of those in use


def test_records_that_lack_something_are_found(reader: Client) -> None:
    full = make_institution(name="А", name_ko="가", name_en="A", city_ko="페름", website="https://a.example")
    Institution.objects.filter(pk=full.pk).update(source_reference="R-1")
    make_institution(name="Б", name_ko="나", name_en="B", city_ko="페름")
    assert listed(reader, "institution_list", missing="website") == ["나"]
    assert listed(reader, "institution_list", missing="any") == ["나"]
    assert listed(reader, "institution_list", missing="name_en") == []
    assert choices(reader, "institution_list", "missing") == {
        "": "전체",
        "any": "하나라도 빠진 것 (1)",
        "website": "누리집 (1)",
        "source_reference": "출처 번호 (1)",
    }
    page = text_of(reader.get(reverse("institution_list"), {"missing": "any"}))
    assert "누리집, 출처 번호" in page


def test_a_company_lacks_what_is_empty(reader: Client) -> None:
    make_company("가", products="감속기", established=2004)
    make_company("나", established=None)
    assert listed(reader, "company_list", missing="established") == ["나"]
    assert listed(reader, "company_list", missing="products") == ["나"]
    assert listed(reader, "company_list", missing="industry") == ["가", "나"]


def test_a_list_is_sorted_and_shared_by_its_address(reader: Client) -> None:
    for name in ("나", "다", "가"):
        make_company(name)
    assert listed(reader, "company_list", sort="-name") == ["다", "나", "가"]
    assert listed(reader, "company_list", sort="name", size="small", q="가") == ["가"]
    response = reader.get(reverse("company_list"), {"size": "nonsense", "page": "x", "sort": "; drop"})
    assert response.status_code == 200


def test_officers_read_and_do_not_write(reader: Client) -> None:
    institution = make_institution()
    page = text_of(reader.get(reverse("institution_list")))
    assert reverse("add_institution") not in page and reverse("institution_doubles") not in page
    page = text_of(reader.get(reverse("institution_detail", kwargs={"pk": institution.pk})))
    assert reverse("edit_institution", kwargs={"pk": institution.pk}) not in page


def test_an_export_holds_the_rows_of_the_page(reader: Client) -> None:
    make_company("㈜동백정공")
    make_company("들꽃")
    response = reader.get(reverse("company_export"), {"q": "동백", "format": "csv"})
    rows = b"".join(response).decode("utf-8-sig").splitlines()  # type: ignore[call-overload]
    assert len(rows) == 2 and "㈜동백정공" in rows[1]


def test_an_export_names_no_person(reader: Client) -> None:
    company = make_company("㈜동백정공")
    person = make_member(company, "곽미래")
    response = reader.get(reverse("company_export"), {"format": "csv"})
    text = b"".join(response).decode()  # type: ignore[call-overload]
    assert "곽미래" not in text and person.email not in text


# --- one record -------------------------------------------------------------------------------------------------------


def test_a_page_tells_what_belongs_to_the_record(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    institution = make_institution()
    make_technology(owner=institution)
    technologies = Related(
        "보유 원천기술",
        lambda record, user: Technology.objects.visible_to(user).filter(owner=record).count(),
        lambda record, user: f"/technologies/?owner={record.pk}",
    )
    monkeypatch.setattr(related, "_RELATED", related.defaultdict(list))
    related.register(Institution, technologies)
    page = text_of(reader.get(reverse("institution_detail", kwargs={"pk": institution.pk})))
    assert f'<a class="cp-link" href="/technologies/?owner={institution.pk}">1건</a>' in page


def test_a_company_page_counts_its_people_and_names_none(reader: Client) -> None:
    company = make_company()
    make_member(company, "곽미래", "owner")
    make_member(company, "박도윤")
    page = text_of(reader.get(reverse("company_detail", kwargs={"pk": company.pk})))
    assert "대표 담당자 1명, 담당자 1명" in page and "곽미래" not in page


def test_what_was_merged_leads_to_the_one_that_is_left(admin: Client) -> None:
    survivor, other = make_institution(name="А"), make_institution(name="Б")
    Institution.objects.filter(pk=other.pk).update(retired_on="2026-01-02", merged_into=survivor)
    target = reverse("institution_detail", kwargs={"pk": survivor.pk})
    for name in ("institution_detail", "edit_institution"):
        assert admin.get(reverse(name, kwargs={"pk": other.pk})).headers["Location"] == target
    history = text_of(admin.get(reverse("institution_history", kwargs={"pk": other.pk})))
    assert f'href="{target}"' in history
    assert reverse("institution_history", kwargs={"pk": other.pk}) in text_of(admin.get(target))


def test_what_hinders_is_said_before_and_after(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    company = make_company()
    demands = Related("접수된 수요", lambda record, user: 3, lambda record, user: "/demands/", hinders=True)
    monkeypatch.setattr(related, "_RELATED", {Company: [demands]})
    url = reverse("retire_company", kwargs={"pk": company.pk})
    page = text_of(admin.get(url))
    assert '<a class="cp-link" href="/demands/">접수된 수요</a> 3건' in page and "danger" not in page
    page = text_of(admin.post(url, follow=True))
    assert "아직 접수된 수요 3건이 남아 있어" in page


def test_retiring_and_coming_back(admin: Client) -> None:
    company = make_company("들꽃")
    page = admin.post(reverse("retire_company", kwargs={"pk": company.pk}), follow=True)
    assert "‘들꽃’의 사용을 중지했습니다." in text_of(page)
    page = admin.post(reverse("restore_company", kwargs={"pk": company.pk}), follow=True)
    assert "‘들꽃’을(를) 다시 사용합니다." in text_of(page)
    assert Company.objects.current().filter(pk=company.pk).exists()


# --- forms ------------------------------------------------------------------------------------------------------------


def test_an_institution_is_added_with_its_other_names(admin: Client) -> None:
    form = institution_form(
        **{
            "website": "volkhov.example",
            "aliases-0-name": "ВАС",
            "aliases-0-kind": "abbreviation",
            "aliases-0-language": "",
            "aliases-1-name": "",
        }
    )
    response = admin.post(reverse("add_institution"), form)
    made = Institution.objects.get(name_ko="볼호프 비정질합금")
    assert response.headers["Location"] == reverse("institution_detail", kwargs={"pk": made.pk})
    assert made.website == "https://volkhov.example"
    assert list(made.aliases.values_list("kind", "name", "language")) == [("abbreviation", "ВАС", "ru")]


ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"name_ko": ""}, "국문 기관명을 적어 주십시오."),
    ({"name_original": " "}, "기관이 스스로 쓰는 이름을 적어 주십시오."),
    ({"original_language": ""}, "기관명(원어)이 어느 언어인지 골라 주십시오."),
    ({"kind": ""}, "기관 유형을 골라 주십시오."),
    ({"country": ""}, "국가를 골라 주십시오."),
    ({"website": "not an address"}, "누리집 주소를 확인해 주십시오."),
    ({"source_reference": "R-1"}, "‘쓰는 기관’이(가) 이미 쓰는 번호입니다."),
    ({"name_en": "a\x07b"}, "읽을 수 없는 제어 문자가 들어 있습니다."),
]


@pytest.mark.parametrize(("changed", "said"), ERRORS, ids=lambda value: next(iter(value), "") if value else "")
def test_each_error_of_an_institution_says_what_to_do(admin: Client, changed: dict[str, Any], said: str) -> None:
    make_institution(name="Кто-то", name_ko="쓰는 기관", source_reference="R-1")
    response = admin.post(reverse("add_institution"), institution_form(**changed))
    assert response.status_code == 422
    assert said in text_of(response)
    assert "Волховские аморфные сплавы" in text_of(response) or "name_original" in changed  # nothing else is lost
    assert Institution.objects.count() == 1


def test_one_name_twice_is_said_beside_the_row(admin: Client) -> None:
    twice = {"aliases-0-name": "ВАС", "aliases-1-name": "ВАС"}
    response = admin.post(reverse("add_institution"), institution_form(**twice))
    assert response.status_code == 422 and "같은 이름이 위에 있습니다." in text_of(response)


COMPANY_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "기업명을 적어 주십시오."),
    ({"business_number": "124-81-00999"}, "사업자등록번호가 맞지 않습니다."),
    ({"business_number": "12481"}, "사업자등록번호가 맞지 않습니다."),
    ({"business_number": ""}, "국내 기업은 사업자등록번호를 적어 주십시오."),
    ({"site_country": ""}, "사업장이 있는 국가를 골라 주십시오."),
    ({"company_class": ""}, "기업 구분을 골라 주십시오."),
    ({"size": ""}, "기업 규모를 골라 주십시오."),
    ({"established": "2999"}, "설립 연도가 올해보다 뒤입니다."),
    ({"established": "열"}, "설립 연도를 2004처럼 네 자리 숫자로 적어 주십시오."),
    ({"website": "http://"}, "누리집 주소를 확인해 주십시오."),
]


@pytest.mark.parametrize(("changed", "said"), COMPANY_ERRORS, ids=lambda value: str(value)[:40])
def test_each_error_of_a_company_says_what_to_do(admin: Client, changed: dict[str, Any], said: str) -> None:
    response = admin.post(reverse("add_company"), company_form(**changed))
    assert response.status_code == 422 and said in text_of(response)
    assert not Company.objects.exists()


def test_numbers_that_others_have_are_named(admin: Client) -> None:
    vietnam = Country.objects.get(code="VN")
    home = make_company("㈜나루")
    abroad = make_company("노을", business_number="", site_country=vietnam, local_registration_number="771")
    response = admin.post(reverse("add_company"), company_form(business_number=home.business_number))
    assert "‘㈜나루’이(가) 이미 쓰는 번호입니다." in text_of(response)
    local = {"business_number": "", "site_country": vietnam.pk, "local_registration_number": "771"}
    assert "‘노을’이(가) 이미 쓰는 번호입니다." in text_of(admin.post(reverse("add_company"), company_form(**local)))
    response = admin.post(reverse("add_company"), company_form(**local | {"local_registration_number": ""}))
    assert "사업자등록번호가 없으면 현지 등록번호를 적어 주십시오." in text_of(response)
    assert Company.objects.filter(pk__in=(home.pk, abroad.pk)).count() == Company.objects.count()


def test_a_number_of_what_was_merged_may_be_used_again(admin: Client) -> None:
    survivor, other = make_company("㈜나루"), make_company("나루")
    Company.objects.filter(pk=other.pk).update(merged_into=survivor, retired_on="2026-01-02")
    form = company_form(business_number=other.business_number)
    assert admin.post(reverse("add_company"), form).status_code == 302


@pytest.mark.parametrize("kind", ["institution", "company"])
def test_a_likely_double_is_shown_once_before_saving(admin: Client, kind: str) -> None:
    there: Any
    if kind == "institution":
        there = make_institution(name="ООО «Волховские аморфные сплавы»", name_ko="볼호프")
        form, url = institution_form(), reverse("add_institution")
    else:
        there, form, url = make_company("㈜들꽃기계"), company_form(), reverse("add_company")
    response = admin.post(url, form)
    assert response.status_code == 422 and type(there).objects.count() == 1
    page = text_of(response)
    assert "일 수 있습니다." in page and reverse(f"{kind}_detail", kwargs={"pk": there.pk}) in page
    seen = response.context["form"].data["seen_doubles"]  # type: ignore[index]
    assert seen == str(there.pk)
    assert admin.post(url, form | {"seen_doubles": seen}).status_code == 302
    assert type(there).objects.count() == 2


def test_a_double_that_came_meanwhile_is_shown_too(admin: Client) -> None:
    one = make_company("㈜들꽃기계")
    make_company("들꽃기계㈜")
    assert admin.post(reverse("add_company"), company_form(seen_doubles=str(one.pk))).status_code == 422


def test_who_changes_no_name_is_not_asked_about_doubles(admin: Client) -> None:
    company = make_company("들꽃기계")
    make_company("㈜들꽃기계")
    url = reverse("edit_company", kwargs={"pk": company.pk})
    form = company_form(business_number=company.business_number, city="창원")
    assert admin.post(url, form).status_code == 302
    assert admin.post(url, form | {"name": "들꽃 기계", "edit_version": 2}).status_code == 422


def test_an_old_page_is_shown_with_what_stands_now(admin: Client) -> None:
    institution = make_institution(name="Волховские аморфные сплавы", name_ko="볼호프 비정질합금")
    url = reverse("edit_institution", kwargs={"pk": institution.pk})
    assert admin.post(url, institution_form(city_ko="페름")).status_code == 302
    response = admin.post(url, institution_form(city_ko="카잔"))
    page = text_of(response)
    assert response.status_code == 409 and "페름" in page and "카잔" in page
    again = response.context["form"].data  # type: ignore[index]
    assert admin.post(url, institution_form(city_ko="카잔", edit_version=again["edit_version"])).status_code == 302
    institution.refresh_from_db()
    assert institution.city_ko == "카잔"


def test_a_former_name_is_kept_unless_it_was_a_slip(admin: Client) -> None:
    institution = make_institution(name="Старое имя", name_ko="볼호프 비정질합금")
    url = reverse("edit_institution", kwargs={"pk": institution.pk})
    assert "keep_former" in text_of(admin.get(url)) and "keep_former" not in text_of(
        admin.get(reverse("add_institution"))
    )
    admin.post(url, institution_form(keep_former="on"))
    assert [(alias.kind, alias.name) for alias in institution.aliases.all()] == [("former", "Старое имя")]
    forms = {"aliases-0-name": "Старое имя", "aliases-0-kind": "former", "aliases-0-language": "ru"}
    forms |= {"aliases-INITIAL_FORMS": "1"}
    admin.post(url, institution_form(name_original="Волховские сплавы", edit_version=2, **forms))
    assert [alias.name for alias in institution.aliases.all()] == ["Старое имя"]


def test_a_retired_country_stays_where_it_was_chosen(admin: Client) -> None:
    institution = make_institution()
    Country.objects.filter(code="RU").update(retired_on="2026-01-02")
    page = text_of(admin.get(reverse("edit_institution", kwargs={"pk": institution.pk})))
    assert "selected>러시아" in page
    assert ">러시아<" not in text_of(admin.get(reverse("add_institution")))


# --- doubles and merging ----------------------------------------------------------------------------------------------


def merge_url(one: Any, other: Any) -> str:
    name = "merge_institutions" if isinstance(one, Institution) else "merge_companies"
    return reverse(name, kwargs={"pk": one.pk, "other_pk": other.pk})


@pytest.fixture
def twins() -> tuple[Any, Any]:
    one = make_institution(name="Институт металлов", name_ko="금속연구소", name_en="Institute of Metals")
    other = make_institution(name="ООО Институт металлов", name_ko="금속 연구소", city_ko="페름")
    return one, other


def test_doubles_are_offered_and_called_different(admin: Client, twins: Any) -> None:
    one, other = twins
    url = reverse("institution_doubles")
    page = text_of(admin.get(url))
    assert merge_url(one, other) in page and "이름이 같음" in page
    page = text_of(admin.post(url, {"first": other.pk, "second": one.pk}, follow=True))
    assert "서로 다른 곳으로 표시했습니다." in page and "같은 곳으로 보이는 쌍이 없습니다." in page
    assert InstitutionNotDouble.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"first": "x", "second": "1"}, {"first": "9" * 30, "second": "1"}])
def test_a_pair_that_is_none_is_not_marked(admin: Client, sent: dict[str, str]) -> None:
    assert admin.post(reverse("institution_doubles"), sent).status_code == 404


def test_nothing_is_different_from_itself(admin: Client) -> None:
    one = make_institution()
    assert admin.post(reverse("institution_doubles"), {"first": one.pk, "second": one.pk}).status_code == 404
    assert admin.get(merge_url(one, one)).status_code == 404


def test_any_other_is_found_to_merge_with(admin: Client, twins: Any) -> None:
    one, other = twins
    third = make_institution(name="Совсем другой", name_ko="전혀 다른 기관")
    response = admin.get(reverse("institution_doubles"), {"record": one.pk, "q": "전혀"})
    page = text_of(response)
    assert merge_url(one, other) in page and merge_url(one, third) in page and merge_url(one, one) not in page
    assert admin.get(reverse("institution_doubles"), {"record": "abc"}).status_code == 404


def test_the_one_that_more_belongs_to_is_proposed(admin: Client, twins: Any) -> None:
    one, other = twins
    make_technology(owner=other)
    form = admin.get(merge_url(one, other)).context["form"]  # type: ignore[index]
    assert form.initial["survivor"] == str(other.pk)
    assert form["name_ko"].initial == "second"
    assert form["name_en"].initial == "first"  # the survivor has none
    assert "kind" not in form.fields  # both say the same


def chosen(**changed: Any) -> dict[str, Any]:
    made = {"first_version": 1, "second_version": 1, "name_ko": "first", "name_original": "first", "name_en": "first"}
    return made | {"city_ko": "second", "reason": "같은 기관"} | changed


def test_merging_asks_and_then_merges(admin: Client, twins: Any) -> None:
    one, other = twins
    technology = make_technology(owner=other)
    sent = chosen(survivor=one.pk)
    page = text_of(admin.post(merge_url(one, other), sent))
    assert "원천기술 1건" in page and "합친 것은 다시 나눌 수 없습니다." in page and "페름" in page
    assert Technology.objects.get(pk=technology.pk).owner == other
    page = text_of(admin.post(merge_url(one, other), sent | {"confirm": "1"}, follow=True))
    assert f"‘금속 연구소 {other.number}’을(를) ‘금속연구소 {one.number}’(으)로 합쳤습니다." in page
    one.refresh_from_db()
    assert (one.city_ko, Technology.objects.get(pk=technology.pk).owner) == ("페름", one)


def test_two_of_one_name_are_told_apart(admin: Client) -> None:
    one, other = make_institution(name="А", name_ko="같은 이름"), make_institution(name="Б", name_ko="같은 이름")
    page = text_of(admin.get(merge_url(one, other)))
    for record in (one, other):
        assert f"같은 이름 {record.number}" in page
    sent = {"survivor": one.pk, "first_version": 1, "second_version": 1, "name_original": "first", "reason": "같은 곳"}
    page = text_of(admin.post(merge_url(one, other), sent))
    assert f"‘같은 이름 {other.number}’을(를) ‘같은 이름 {one.number}’(으)로 합칩니다." in page


def test_companies_are_sorted_by_the_name_and_not_by_its_form(reader: Client) -> None:
    names = ["가람㈜", "(주)나래", "㈜다솜", "라온 주식회사"]
    for name in (names[2], names[3], names[1], names[0]):
        make_company(name)
    for query, wanted in (({}, names), ({"sort": "-name"}, names[::-1])):
        page = reader.get(reverse("company_list"), query).context["page_obj"]  # type: ignore[index]
        assert [company.name for company in page] == wanted


def test_an_institution_is_found_by_its_number(reader: Client) -> None:
    wanted = make_institution(name="А", name_ko="찾는 곳")
    make_institution(name="Б", name_ko="다른 곳")
    page = text_of(reader.get(reverse("institution_list"), {"q": wanted.number}))
    assert "찾는 곳" in page and "다른 곳" not in page


def test_the_second_of_two_admins_is_led_to_the_result(admin: Client, twins: Any) -> None:
    one, other = twins
    sent = chosen(survivor=one.pk, confirm="1")
    admin.post(merge_url(one, other), sent)
    for answer in (
        admin.post(merge_url(one, other), sent, follow=True),
        admin.get(merge_url(other, one), follow=True),
    ):
        assert "‘금속 연구소’은(는) 이미 ‘금속연구소’(으)로 합쳐졌습니다." in text_of(answer)
        assert answer.redirect_chain[-1][0] == reverse("institution_detail", kwargs={"pk": one.pk})


def test_what_changed_since_the_page_was_opened_is_shown_anew(admin: Client, twins: Any) -> None:
    one, other = twins
    Institution.objects.filter(pk=other.pk).update(city_ko="카잔", edit_version=2)
    page = text_of(admin.post(merge_url(one, other), chosen(survivor=one.pk, confirm="1"), follow=True))
    assert "그사이 다른 사람이 둘 가운데 하나를 고쳤습니다." in page and "카잔" in page
    assert not Institution.objects.filter(merged_into__isnull=False).exists()


MERGES: list[tuple[Callable[[Any, Any], dict[str, Any]], str]] = [
    (lambda one, other: {"survivor": ""}, "필수"),
    (lambda one, other: {"survivor": "999"}, "999"),
    (lambda one, other: {"survivor": one.pk, "reason": ""}, "같은 기업으로 보는 사유를 적어 주십시오."),
    (lambda one, other: {"survivor": one.pk, "first_version": ""}, "필수"),
]


@pytest.mark.parametrize(("changed", "said"), MERGES, ids=["none", "neither", "no reason", "no version"])
def test_what_a_merge_of_companies_needs(admin: Client, changed: Any, said: str) -> None:
    one, other = make_company("동백정공"), make_company("㈜동백정공")
    facts = {
        "name": "first",
        "business_number": "first",
        "first_version": 1,
        "second_version": 1,
        "reason": "법인 전환",
    }
    response = admin.post(merge_url(one, other), facts | changed(one, other))
    assert response.status_code == 422 and said in text_of(response)
    assert admin.post(merge_url(one, other), facts | {"survivor": one.pk}).status_code == 200


def test_merging_companies_warns_that_people_will_see_more(admin: Client) -> None:
    one, other = make_company("동백정공"), make_company("㈜동백정공")
    facts = {
        "name": "first",
        "business_number": "second",
        "first_version": 1,
        "second_version": 1,
        "reason": "법인 전환",
    }
    page = text_of(admin.post(merge_url(one, other), facts | {"survivor": one.pk}))
    assert "서로의 수요와 추천 결과를 모두 보게 됩니다." in page
    admin.post(merge_url(one, other), facts | {"survivor": one.pk, "confirm": "1"})
    one.refresh_from_db()
    assert one.business_number == other.business_number


def test_history_is_told(admin: Client) -> None:
    institution = make_institution(name="Волховские аморфные сплавы", name_ko="볼호프 비정질합금")
    url = reverse("edit_institution", kwargs={"pk": institution.pk})
    admin.post(url, institution_form(city_ko="페름", **{"aliases-0-name": "ВАС", "aliases-0-kind": "abbreviation"}))
    page = text_of(admin.get(reverse("institution_history", kwargs={"pk": institution.pk})))
    assert "도시: 없음 → 페름" in page and "ВАС" in page and "오하린" in page
