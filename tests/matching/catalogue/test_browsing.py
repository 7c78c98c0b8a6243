"""The list as people browse it: conditions with numbers, words that are marked, what is hidden stays unasked."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory
from django.urls import reverse

from matching.catalogue import presenters
from matching.catalogue.filters import TechnologyFilter
from matching.catalogue.models import HideableField, Technology
from matching.catalogue.search import Search
from tests.people import make_company, make_institution, make_member, make_technology

pytestmark = pytest.mark.django_db


def page(client: Any, query: str = "") -> Any:
    answer = client.get(f"/technologies/{query}")
    assert answer.status_code == 200
    return answer


def listed(client: Any, query: str = "") -> list[Any]:
    return [card.technology for card in page(client, query).context["cards"]]


def options(client: Any, name: str, query: str = "") -> dict[str, int]:
    """What can be chosen, with its number; parts of a field stand beside the fields."""
    facets = {facet.name: facet for facet in page(client, query).context["facets"]}
    shown = facets[name].options if name in facets else ()
    return {each.value: each.count for option in shown for each in (option, *option.children)}


@pytest.fixture
def three(db: None) -> list[Any]:
    """Public technologies that differ in everything."""
    return [
        make_technology(
            disclosure="public", stage="market", ipr_status="granted", year=2012,
            cooperation=["license", "joint_development"], field="0103",
        ),
        make_technology(
            "低温プラズマ窒化処理", "歯車の表面硬度を高める。", "ja", ("저온 플라즈마 질화", "기어 표면을 단단하게 합니다."),
            country="JP", disclosure="public", stage="demonstration", ipr_status="applied", year=2020,
            cooperation=["license"], field="0104",
        ),
        make_technology(
            "폐수의 비소 제거", "지하수의 비소를 없앱니다.", "ko", None, country="KR", direction="outbound",
            disclosure="public", field="0501", owner=make_institution("KR", "ko", "물연구원"),
        ),
    ]  # fmt: skip


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_everybody_may_browse_what_is_public(client: Any, member: Any, three: list[Any]) -> None:
    make_technology("Для членов", disclosure="members")
    make_technology("Внутреннее", disclosure="staff")
    assert len(listed(client)) == 3
    assert options(client, "country") == {"KR": 1, "RU": 1, "JP": 1}
    client.force_login(member)
    assert len(listed(client)) == 4
    assert options(client, "country")["RU"] == 2


def test_conditions_of_the_staff_do_not_exist_for_others(client: Any, officer: Any, three: list[Any]) -> None:
    make_technology(status="draft", disclosure="public")
    assert len(listed(client, "?status=draft")) == 3
    assert {facet.name for facet in page(client).context["facets"]}.isdisjoint({"status", "disclosure", "korean"})
    client.force_login(officer)
    assert len(listed(client, "?status=draft")) == 1
    assert options(client, "status") == {"published": 3, "draft": 1}
    assert [t.original_language for t in listed(client, "?korean=korean")] == []


def test_staff_find_what_has_no_korean_or_an_old_one(client: Any, content_admin: Any) -> None:
    without, stale, _fine = make_technology(korean=None), make_technology(), make_technology()
    stale.texts.filter(language="ko").update(is_stale=True)
    client.force_login(content_admin)
    assert listed(client, "?korean=korean") == [without]
    assert listed(client, "?korean=stale") == [stale]


# --- conditions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?country=RU", [0]), ("?country=RU&country=JP", [1, 0]), ("?original_language=ja", [1]), ("?field=01", [1, 0]),
        ("?field=0103", [0]), ("?field=05", [2]), ("?stage=market", [0]), ("?stage=market&stage=demonstration", [1, 0]),
        ("?ipr_status=applied", [1]), ("?cooperation=license", [1, 0]), ("?cooperation=joint_development", [0]),
        ("?direction=outbound", [2]), ("?year_from=2015", [1]), ("?year_to=2015", [0]),
        ("?year_from=2012&year_to=2020", [1, 0]), ("?q=질화", [1, 0]), ("?q=질화&country=JP", [1]), ("?q=없는말", []),
        ("?country=JP&stage=market", []),
    ],
)  # fmt: skip
def test_conditions_narrow_the_list(client: Any, three: list[Any], query: str, found: list[int]) -> None:
    answer = page(client, query)
    assert {card.technology for card in answer.context["cards"]} == {three[number] for number in found}
    assert answer.context["page_obj"].paginator.count == len(found)


@pytest.mark.parametrize(
    "query",
    [
        "?country=ZZ", "?country=ru", "?stage=evil", "?year_from=abc", "?year_to=99999", "?field=9999", "?sort=evil",
        "?q=%00", "?page=77", "?page=x", "?direction=', 1", "?year_from=2020&year_to=%00",
    ],
)  # fmt: skip
def test_a_faulty_address_is_read_as_far_as_it_goes(client: Any, three: list[Any], query: str) -> None:
    client.get(f"/technologies/{query}")
    answer = client.get(f"/technologies/{query}&country=JP&country=KR&country=RU", follow=True)
    assert answer.status_code == 200


def test_what_is_wrong_is_said_and_the_rest_holds(client: Any, three: list[Any]) -> None:
    answer = page(client, "?country=ZZ&stage=market")
    assert [card.technology for card in answer.context["cards"]] == [three[0]]
    assert "쓸 수 없는 조건은 빼고 찾았습니다." in answer.content.decode()
    answer = page(client, "?year_from=2020&year_to=2010&country=JP")
    assert "끝 연도를 시작 연도와 같거나 늦게 적어 주십시오." in answer.content.decode()
    assert [card.technology for card in answer.context["cards"]] == [three[1]]


def test_an_address_without_empty_fields_is_made(client: Any) -> None:
    answer = client.get("/technologies/?q=&country=RU&field=&year_from=&country=")
    assert (answer.status_code, answer["Location"]) == (302, "/technologies/?country=RU")
    assert client.get("/technologies/?q=")["Location"] == "/technologies/"


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_options_tell_what_they_would_leave(client: Any, three: list[Any]) -> None:
    assert options(client, "cooperation") == {"license": 2, "joint_development": 1}
    assert options(client, "field") == {"01": 2, "05": 1}
    assert options(client, "field", "?field=01") == {"01": 2, "0103": 1, "0104": 1, "05": 1}
    assert options(client, "country", "?stage=market") == {"RU": 1}
    assert options(client, "stage", "?stage=market") == {
        "demonstration": 1,
        "market": 1,
    }  # its own condition is left out
    assert options(client, "stage", "?stage=market&country=JP") == {"demonstration": 1, "market": 0}
    assert options(client, "country", "?q=질화") == {"RU": 1, "JP": 1}


def test_every_number_is_what_choosing_the_option_finds(client: Any, three: list[Any]) -> None:
    for query in ("?", "?stage=market&", "?q=질화&", "?year_from=2000&cooperation=license&"):
        for name in ("country", "original_language", "field", "stage", "ipr_status", "direction", "cooperation"):
            for value, count in options(client, name, query.rstrip("&?")).items():
                kept = "&".join(part for part in query.strip("?&").split("&") if not part.startswith(f"{name}="))
                assert len(listed(client, f"?{kept}&{name}={value}".replace("?&", "?"))) == count, (query, name, value)


def test_as_many_questions_whatever_is_chosen(
    client: Any, three: list[Any], django_assert_max_num_queries: Any
) -> None:
    for query in (
        "",
        "?q=질화",
        "?country=RU&country=JP&field=0103&stage=market&year_from=2000&q=질화&cooperation=license",
    ):
        with django_assert_max_num_queries(12):
            page(client, query)


# --- what a partner keeps to itself -----------------------------------------------------------------------------------

SECRETS = {"stage": ("stage", "market"), "ipr_status": ("ipr_status", "granted"), "year": ("year_from", "2012")}


@pytest.mark.parametrize("hidden", SECRETS)
def test_no_question_finds_out_what_is_hidden(
    client: Any, member: Any, officer: Any, three: list[Any], hidden: str
) -> None:
    secret = three[0]
    name, value = SECRETS[hidden]
    secret.hidden = [hidden]
    secret.save()
    for reader in (None, member):
        if reader:
            client.force_login(reader)
        assert secret not in listed(client, f"?{name}={value}")
        assert value not in options(client, name)
        if hidden == "year":
            assert listed(client, "?sort=year").index(secret) == 2, "sorted among those without a year"
            assert secret not in listed(client, "?year_to=2012")
    client.force_login(officer)
    assert secret in listed(client, f"?{name}={value}")


def test_hidden_values_are_not_on_a_card(client: Any, three: list[Any]) -> None:
    Technology.objects.filter(pk=three[0].pk).update(hidden=HideableField.values)
    card = re.search(r"<article.*?</article>", page(client, "?country=RU").content.decode(), re.S)
    assert card and not {"시장 출시", "2012년", "등록"} & {
        word for word in ("시장 출시", "2012년", "등록") if word in card[0]
    }


def test_hidden_text_is_not_shown_where_words_were_found(client: Any) -> None:
    technology = make_technology("Ковка", "Ковка слитков", korean=None, disclosure="public", hidden=["specification"])
    technology.texts.update(specification="ковка при 1350 градусах")
    technology = Technology.objects.with_texts().get(pk=technology.pk)
    assert presenters.card(technology, Search("1350")).elsewhere == []


# --- order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "order"),
    [("", [2, 1, 0]), ("newest", [2, 1, 0]), ("title", [0, 1, 2]), ("year", [1, 0, 2]), ("country", [2, 0, 1])],
)
def test_order(client: Any, three: list[Any], sort: str, order: list[int]) -> None:
    assert listed(client, f"?sort={sort}" if sort else "") == [three[number] for number in order]


def test_who_searches_sees_the_best_first_unless_told_otherwise(client: Any) -> None:
    in_title = make_technology("Ковка", "Текст", korean=None, disclosure="public")
    in_text = make_technology("Сталь", "Это ковка", korean=None, disclosure="public")
    assert listed(client, "?q=ковка") == [in_title, in_text]
    assert listed(client, "?q=ковка&sort=newest") == [in_text, in_title]
    labels = [(sort["label"], sort["current"]) for sort in page(client, "?q=ковка").context["sorts"]]
    assert labels[0] == ("정확도순", True) and not any(current for _label, current in labels[1:])


def test_of_very_many_hits_the_newest_come_first(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.catalogue.filters.MOST_RANKED", 1)
    in_title = make_technology("Ковка", "Текст", korean=None, disclosure="public")
    in_text = make_technology("Сталь", "Это ковка", korean=None, disclosure="public")
    assert listed(client, "?q=ковка") == [in_text, in_title]


# --- links ------------------------------------------------------------------------------------------------------------


def test_each_condition_can_be_taken_away(client: Any, three: list[Any]) -> None:
    answer = page(client, "?q=질화&country=RU&country=JP&field=0103&year_from=2000&page=3&sort=title")
    chips = {chip.label: parse_qs(urlsplit(chip.query).query) for chip in answer.context["chips"]}
    assert set(chips) == {"러시아", "일본", "열처리·표면경화", "2000년부터"}
    assert chips["러시아"] == {
        "q": ["질화"],
        "country": ["JP"],
        "field": ["0103"],
        "year_from": ["2000"],
        "sort": ["title"],
    }
    assert chips["2000년부터"]["country"] == ["RU", "JP"] and "year_from" not in chips["2000년부터"]


def test_pages_keep_the_conditions(client: Any) -> None:
    for number in range(21):
        make_technology(f"Ковка {number}", korean=None, disclosure="public")
    answer = page(client, "?country=RU&q=ковка")
    assert len(answer.context["cards"]) == 20
    assert "?country=RU&amp;q=%D0%BA%D0%BE%D0%B2%D0%BA%D0%B0&amp;page=2" in answer.content.decode()
    assert len(listed(client, "?country=RU&q=ковка&page=2")) == 1


# --- cards ------------------------------------------------------------------------------------------------------------


def test_words_are_marked_and_nothing_else(client: Any, three: list[Any]) -> None:
    html = page(client, "?q=질화").content.decode()
    assert "강의 플라즈마 <mark>질화</mark>" in html
    assert html.count("<mark>") == len(re.findall(r"<mark>질화</mark>", html))


def test_what_is_typed_and_what_is_written_is_escaped(client: Any) -> None:
    make_technology("<b>Ковка</b>", "<script>ковка</script>", korean=None, disclosure="public")
    html = page(client, "?q=<b>ковка").content.decode()
    assert "<b>" not in html and "<script>ковка" not in html
    assert "&lt;<mark>b&gt;Ковка</mark>" in html or "<mark>Ковка</mark>" in html


def test_where_only_the_original_has_the_word_it_is_shown(client: Any, three: list[Any]) -> None:
    assert '<span lang="ru">' in page(client, "?q=твёрдость").content.decode()
    card = page(client, "?q=твердость").context["cards"][0]
    assert ("твёрдость", True) in card.elsewhere


@pytest.mark.parametrize(
    ("text", "words", "parts"),
    [
        ("저온 플라즈마 질화", "질화", [("저온 플라즈마 ", False), ("질화", True)]),
        ("Плазменное Азотирование", "азотирования", [("Плазменное ", False), ("Азотирование", True)]),
        ("경도 １１００ＨＶ 이상", "1100hv", [("경도 ", False), ("１１００ＨＶ", True), (" 이상", False)]),
        ("500 ℃에서", "c에서", [("500 ", False), ("℃에서", True)]),
        ("pre-nitriding", "nitrid", [("pre-", False), ("nitriding", True)]),
        ("denitriding", "nitrid", [("denitriding", False)]),
        ("3D 프린팅", "3d프린팅", [("3D 프린팅", True)]),
        ("가나다", "", [("가나다", False)]),
        ("", "가나", []),
    ],
)
def test_marks(text: str, words: str, parts: list[tuple[str, bool]]) -> None:
    assert presenters.marked(text, Search(words).pattern) == parts


def test_a_long_summary_is_cut_where_the_word_is() -> None:
    text = "앞말 " * 100 + "질화 처리" + " 뒷말" * 100
    beginning = presenters.excerpt(text, None)
    assert beginning == [(text[:140], False), ("…", False)]
    parts = presenters.excerpt(text, Search("질화").pattern)
    assert parts[0] == ("… ", False) and ("질화", True) in parts and parts[-1] == ("…", False)
    assert sum(len(part) for part, _hit in parts) < 150


def test_owner_companies_are_masked_for_all_but_staff_and_themselves(client: Any, officer: Any, outsider: Any) -> None:
    company = make_company("㈜새벽기계")
    technology = make_technology(owner_company=company, disclosure="public", direction="outbound")
    addresses = ("/technologies/", f"/technologies/{technology.pk}/")

    def shown() -> set[str]:
        html = [client.get(address).content.decode() for address in addresses]
        return {name for name in ("㈜새벽기계", "㈜새***계") if all(name in each for each in html)}

    assert shown() == {"㈜새***계"}
    client.force_login(outsider)
    assert shown() == {"㈜새***계"}
    client.force_login(make_member(company))
    assert "㈜새벽기계" in shown()
    client.force_login(officer)
    assert "㈜새벽기계" in shown()


def test_what_is_no_longer_valid_is_marked(client: Any) -> None:
    make_technology(disclosure="public", valid_until=date(2020, 1, 1))
    assert "유효기간 지남" in page(client).content.decode()


# --- the same for exports ---------------------------------------------------------------------------------------------


def test_the_filter_gives_an_export_the_same_rows_in_the_same_order(three: list[Any], officer: Any) -> None:
    request = RequestFactory().get("/technologies/?q=질화&sort=year")
    request.user = officer
    filtered = TechnologyFilter(request.GET, Technology.objects.visible_to(officer), request=request)
    assert list(filtered.qs) == [three[1], three[0]]


# --- nothing found ----------------------------------------------------------------------------------------------------


def test_who_finds_nothing_is_led_to_file_a_demand(client: Any, three: list[Any]) -> None:
    answer = page(client, "?q=없는낱말")
    assert reverse("new_demand") in answer.content.decode()


def test_the_office_is_not_asked_to_file_a_demand_of_its_own(client: Any, three: list[Any], officer: Any) -> None:
    client.force_login(officer)
    assert reverse("new_demand") not in page(client, "?q=없는낱말").content.decode()
