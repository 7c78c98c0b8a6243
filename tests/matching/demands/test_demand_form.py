"""Writing a demand down and changing it: what is stored, what is refused with which words, and what is kept."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from matching.demands.models import Demand
from matching.demands.services import change_demand
from tests.people import make_company, make_demand, make_institution

pytestmark = pytest.mark.django_db

PROBLEM = "기어 표면의 경도를 높이기 위해 500 ℃ 이하에서 변형 없이 질화하는 기술이 필요합니다."


@pytest.fixture
def client(client: Any, officer: Any) -> Any:
    client.force_login(officer)
    return client


def rows(*metrics: dict[str, str], total: int | None = None) -> dict[str, Any]:
    filled = {f"metrics-{n}-{name}": text for n, metric in enumerate(metrics) for name, text in metric.items()}
    count = len(metrics) if total is None else total
    return {"metrics-TOTAL_FORMS": str(count), "metrics-INITIAL_FORMS": "0", **filled}


@pytest.fixture
def filled(company: Any) -> dict[str, Any]:
    values = {
        "company": company.pk,
        "institution": "",
        "kind": "demand",
        "purpose": "use_technology",
        "language": "ko",
        "title": "저온 질화 기술",
        "problem": PROBLEM,
        "target_product": "감속기",
        "wanted_stage": "market",
        "confidentiality": "normal",
    }
    return values | rows({"name": "두께", "qualifier": "at_most", "value": "0.05", "unit": "mm"})


def send(client: Any, values: dict[str, Any], path: str = "/demands/new/") -> Any:
    """As a browser sends it."""
    return client.post(path, urlencode(values, doseq=True), content_type="application/x-www-form-urlencoded")


def test_demand_is_stored_as_it_was_written(client: Any, filled: dict[str, Any], company: Any, officer: Any) -> None:
    response = send(client, filled)
    demand = Demand.objects.get()
    assert response.url == f"/demands/{demand.pk}/"
    assert (demand.company, demand.title, demand.problem, demand.status) == (
        company,
        "저온 질화 기술",
        PROBLEM,
        "submitted",
    )
    assert (demand.direction, demand.created_by, demand.wanted_stage) == ("inbound", officer, "market")
    assert [metric.in_words for metric in demand.metrics.all()] == ["두께 0.05 mm 이하"]


def test_demand_of_an_institution_abroad_is_outbound(client: Any, filled: dict[str, Any]) -> None:
    abroad = make_institution("KZ", "ru", "Завод")
    send(client, filled | {"company": "", "institution": abroad.pk, "language": "ru"})
    demand = Demand.objects.get()
    assert (demand.institution, demand.company, demand.direction) == (abroad, None, "outbound")


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"title": "질화법"}, "title", "네 글자 이상 적어 주십시오."),
        ({"title": ""}, "title", "찾는 기술을 한 줄로 적어 주십시오."),
        ({"title": "   \t  "}, "title", "찾는 기술을 한 줄로 적어 주십시오."),
        ({"title": "가" * 201}, "title", "200"),
        ({"title": "질화\x00기술"}, "title", "읽을 수 없는 제어 문자가 들어 있습니다."),
        ({"problem": "짧은 문제입니다."}, "problem", "20자 이상 적어 주십시오."),
        ({"problem": "가" * 200_000}, "problem", "20000"),
        ({"problem": PROBLEM + "\x00"}, "problem", "읽을 수 없는 제어 문자가 들어 있습니다."),
        ({"problem": PROBLEM + "\x1b[31m"}, "problem", "읽을 수 없는 제어 문자가 들어 있습니다."),
        ({"target_product": "가\x08"}, "target_product", "읽을 수 없는 제어 문자가 들어 있습니다."),
        ({"company": ""}, "company", "수요기업을 골라 주십시오."),
        ({"company": "999999999"}, "company", ""),
        ({"company": "\x00"}, "company", ""),
        ({"kind": "evil"}, "kind", "evil"),
        ({"language": "xx"}, "language", "xx"),
        ({"wanted_stage": "never"}, "wanted_stage", "never"),
        ({"fields_wanted": ["999999"]}, "fields_wanted", ""),
        ({"fields_wanted": ["abc"]}, "fields_wanted", ""),
    ],
)  # fmt: skip
def test_wrong_input_is_told_beside_its_field_and_nothing_is_lost(
    client: Any, filled: dict[str, Any], change: dict[str, Any], field: str, message: str
) -> None:
    response = send(client, filled | change)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert any(message in error for error in response.context["form"].errors[field])
    assert not Demand.objects.exists()
    html = unescape(response.content.decode())
    kept = filled | change
    for name in ("title", "problem", "target_product"):
        if "\x00" not in kept[name] and kept[name].strip():
            assert kept[name] in html
    assert 'value="0.05"' in html


def test_company_and_institution_together_are_refused(client: Any, filled: dict[str, Any]) -> None:
    response = send(client, filled | {"institution": make_institution().pk})
    assert response.context["form"].errors == {"company": ["수요기업과 해외 수요기관 가운데 하나만 골라 주십시오."]}


def test_three_fields_are_refused(client: Any, filled: dict[str, Any]) -> None:
    from cooperation_portal.taxonomy.models import TechnologyField

    three = list(TechnologyField.objects.filter(parent__isnull=False).values_list("pk", flat=True)[:3])
    response = send(client, filled | {"fields_wanted": three})
    assert response.context["form"].errors == {"fields_wanted": ["기술분야는 둘까지만 골라 주십시오."]}
    assert send(client, filled | {"fields_wanted": three[:2]}).status_code == 302
    assert Demand.objects.get().fields.count() == 2


def test_emoji_are_welcome(client: Any, filled: dict[str, Any]) -> None:
    send(client, filled | {"title": "열처리 🔥 기술 👩‍🔬"})
    assert Demand.objects.get().title == "열처리 🔥 기술 👩‍🔬"


def test_text_is_stored_in_one_form_of_unicode(client: Any, filled: dict[str, Any]) -> None:
    decomposed = unicodedata.normalize("NFD", "저온 질화 기술")
    send(client, filled | {"title": decomposed, "problem": unicodedata.normalize("NFD", PROBLEM)})
    demand = Demand.objects.get()
    assert (demand.title, demand.problem) == ("저온 질화 기술", PROBLEM)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "{{7*7}}{% now 'Y' %}${7*7}", "<img src=x onerror=alert(1)>", "\"'><b>굵게</b>"],
)
def test_markup_is_stored_and_shown_as_it_was_typed(client: Any, filled: dict[str, Any], text: str) -> None:
    from django.utils.html import escape

    send(client, filled | {"title": text, "problem": f"{PROBLEM} {text}", "target_product": text})
    demand = Demand.objects.get()
    assert (demand.title, demand.target_product) == (text, text)
    for path in (
        "/",
        "/demands/",
        f"/demands/{demand.pk}/",
        f"/demands/{demand.pk}/edit/",
        f"/demands/{demand.pk}/history/",
    ):
        html = client.get(path).content.decode()
        assert escape(text) in html
        if "<" in text:
            assert text not in html


@pytest.mark.parametrize(
    ("metric", "field", "message"),
    [
        ({"name": "", "value": "5"}, "name", "무엇의 값인지 항목을 적어 주십시오."),
        ({"name": "", "value": "", "unit": "mm"}, "name", "무엇의 값인지 항목을 적어 주십시오."),
        ({"name": "두께", "value": ""}, "value", "값을 적어 주십시오."),
        ({"name": "두께", "value": "abc"}, "value", "숫자만 적어 주십시오."),
        ({"name": "두께", "value": "0.05 mm"}, "value", "숫자만 적어 주십시오."),
        ({"name": "두께", "value": "1e400"}, "value", "1조보다 작고"),
        ({"name": "두께", "value": "1e999999999"}, "value", "1조보다 작고"),
        ({"name": "두께", "value": "1e-999999999"}, "value", "여섯 자리까지인"),
        ({"name": "두께", "value": "0.0000001"}, "value", "여섯 자리까지인"),
        ({"name": "두께", "value": "1000000000000"}, "value", "1조보다 작고"),
        ({"name": "두께", "value": "NaN"}, "value", "1조보다 작고"),
        ({"name": "두께", "value": "-Infinity"}, "value", "1조보다 작고"),
        ({"name": "두께", "value": "sNaN"}, "value", "1조보다 작고"),
        ({"name": "두께", "value": "5\x00"}, "value", "제어 문자"),
        ({"name": "가" * 81, "value": "5"}, "name", "80"),
        ({"name": "두께", "value": "5", "qualifier": "evil"}, "qualifier", "evil"),
    ],
)  # fmt: skip
def test_wrong_figures_are_told_beside_their_field(
    client: Any, filled: dict[str, Any], metric: dict[str, str], field: str, message: str
) -> None:
    response = send(client, filled | rows({"qualifier": "exact", "unit": ""} | metric))
    assert response.status_code == 422
    [row] = response.context["metrics"]
    assert any(message in error for error in row.errors[field])
    assert not Demand.objects.exists()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1,250.5", "1250.5"),
        ("-40", "-40"),
        ("0", "0"),
        ("999999999999.999999", "999999999999.999999"),
        ("1e3", "1000"),
    ],
)
def test_figures_that_are_accepted(client: Any, filled: dict[str, Any], typed: str, stored: str) -> None:
    send(client, filled | rows({"name": "값", "qualifier": "exact", "value": typed, "unit": ""}))
    assert Demand.objects.get().metrics.get().value == Decimal(stored)


def test_empty_rows_are_left_out(client: Any, filled: dict[str, Any]) -> None:
    empty = {"name": "", "qualifier": "exact", "value": "", "unit": ""}
    send(client, filled | rows(empty, {"name": "수명", "qualifier": "at_least", "value": "3", "unit": "년"}, empty))
    assert [metric.name for metric in Demand.objects.get().metrics.all()] == ["수명"]


@pytest.mark.parametrize("total", ["21", "99999999", "abc", None, ""])
def test_tampered_number_of_rows_is_refused_without_an_error_page(
    client: Any, filled: dict[str, Any], total: str | None
) -> None:
    values = {name: text for name, text in filled.items() if not name.startswith("metrics-")}
    extra = {f"metrics-{n}-name": "항목" for n in range(25)} | {f"metrics-{n}-value": "1" for n in range(25)}
    counted = {} if total is None else {"metrics-TOTAL_FORMS": total, "metrics-INITIAL_FORMS": "0"}
    response = send(client, values | extra | counted)
    assert response.status_code == 422
    assert response.context["metrics"].non_form_errors()
    assert not Demand.objects.exists()


def test_more_than_a_request_may_hold_is_answered_with_a_page(client: Any, filled: dict[str, Any]) -> None:
    client.raise_request_exception = False
    response = send(client, filled | {"problem": "가" * 400_000})
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


# --- changing ---------------------------------------------------------------------------------------------------------


def typed_form(client: Any, path: str) -> dict[str, Any]:
    """Everything that the page's form would send if nothing were changed."""
    context = client.get(path).context
    form, metrics = context["form"], context["metrics"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    values["fields_wanted"] = form["fields_wanted"].value() or []
    values |= {f"{metrics.prefix}-{name}": str(field.value()) for name, field in
               ((n, metrics.management_form[n]) for n in metrics.management_form.fields)}  # fmt: skip
    for row in metrics:
        values |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    return {name: getattr(value, "pk", value) for name, value in values.items()}


def edit(demand: Any) -> str:
    return f"/demands/{demand.pk}/edit/"


def test_saving_without_a_change_asks_for_no_new_score(client: Any) -> None:
    demand = make_demand(metrics=[{"name": "두께", "qualifier": "at_most", "value": Decimal("0.05"), "unit": "mm"}])
    before = Demand.objects.get().content_version
    assert send(client, typed_form(client, edit(demand)), edit(demand)).status_code == 302
    after = Demand.objects.get()
    assert after.content_version == before
    assert [metric.in_words for metric in after.metrics.all()] == ["두께 0.05 mm 이하"]


def test_change_is_stored_and_scored_again(client: Any, demand: Any) -> None:
    before = Demand.objects.get().content_version
    send(client, typed_form(client, edit(demand)) | {"problem": PROBLEM + " 변형이 없어야 합니다."}, edit(demand))
    after = Demand.objects.get()
    assert after.problem.endswith("변형이 없어야 합니다.") and after.content_version == before + 1


def test_stale_change_shows_both_texts_and_may_be_saved_knowingly(client: Any, demand: Any, colleague: Any) -> None:
    mine = typed_form(client, edit(demand)) | {"title": "내가 고친 제목", "problem": PROBLEM + " 내가 적은 말."}
    change_demand(
        demand, by=colleague, edit_version=demand.edit_version, fields=[], metrics=[],
        title="동료가 고친 제목", problem=PROBLEM + " 동료가 적은 말.",
    )  # fmt: skip

    page = send(client, mine, edit(demand))

    html = unescape(page.content.decode())
    assert page.status_code == 409
    assert "그사이 다른 사람이 이 수요를 고쳤습니다." in html
    for text in ("동료가 고친 제목", "동료가 적은 말.", "내가 고친 제목", "내가 적은 말."):
        assert text in html
    assert Demand.objects.get().title == "동료가 고친 제목"

    [version] = re.findall(r'name="edit_version" value="(\d+)"', html)
    assert send(client, mine | {"edit_version": version}, edit(demand)).status_code == 302
    assert Demand.objects.get().title == "내가 고친 제목"


def test_form_sent_twice_changes_once(client: Any, demand: Any) -> None:
    values = typed_form(client, edit(demand)) | {"title": "한 번만 고친 제목"}
    assert send(client, values, edit(demand)).status_code == 302
    assert send(client, values, edit(demand)).status_code == 409
    assert Demand.objects.get().edit_version == demand.edit_version + 1


@pytest.mark.parametrize("version", ["", "0", "abc", "-1", "99999999999999999999"])
def test_change_with_a_broken_version_is_not_saved(client: Any, demand: Any, version: str) -> None:
    response = send(
        client, typed_form(client, edit(demand)) | {"title": "다른 제목", "edit_version": version}, edit(demand)
    )
    assert response.status_code in (409, 422)
    assert Demand.objects.get().title == demand.title


def test_demand_may_move_to_another_company_only_among_those_that_exist(client: Any, demand: Any) -> None:
    other = make_company("㈜다른회사")
    send(client, typed_form(client, edit(demand)) | {"company": other.pk}, edit(demand))
    assert Demand.objects.get().company == other
