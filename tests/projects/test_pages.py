"""Pages of projects and results: what they show to whom, what they store, and what they say of bad input."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from projects.funded.models import Project
from projects.funded.services import change_project, retire_project
from projects.results.models import ResultFigure, ResultPicture, ResultSheet
from projects.results.services import add_picture, save_result
from tests.people import (
    make_company,
    make_figure,
    make_institution,
    make_member,
    make_project,
    make_result,
    make_technology,
)

pytestmark = pytest.mark.django_db


def said(response: Any) -> str:
    """The page as a reader has it: tags away, white space in one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


@pytest.fixture
def admin(client: Any, content_admin: Any) -> Any:
    client.force_login(content_admin)
    return client


def management(**counts: int) -> dict[str, Any]:
    return {f"{prefix}-{name}": count for prefix, n in counts.items() for name, count in
            (("TOTAL_FORMS", n), ("INITIAL_FORMS", 0))}  # fmt: skip


@pytest.fixture
def filled(company: Any) -> dict[str, Any]:
    from cooperation_portal.taxonomy.models import Country, Programme, TechnologyField

    return {
        "programme": Programme.objects.get(code="P-RU").pk,
        "year": "2025",
        "serial": "단기형-②",
        "title": "중주파 자극 신호 설계",
        "company": company.pk,
        "partner_country": Country.objects.get(code="RU").pk,
        "field": TechnologyField.objects.get(code="0901").pk,
        "project_type": "field_support",
        "case": "1",
        "origin": "new",
        "starts_on": "2025-05-01",
        "budget_krw": "7,000만",
        "status": "running",
        "name_disclosure": "masked",
    } | management(parties=0, titles=0)


# --- projects ---------------------------------------------------------------------------------------------------------


def test_project_is_stored_as_it_was_written(admin: Any, filled: dict[str, Any], company: Any) -> None:
    institution = make_institution("RU", name_ko="오르비타 연구소")
    technology = make_technology()
    parts = management(parties=3, titles=1) | {
        "parties-0-role": "lead",
        "parties-0-party": f"오르비타 연구소 [I-{institution.pk:05d}]",
        "parties-1-role": "participant",
        "parties-1-party": company.name,
        "parties-1-amount_krw": "500만",
        "parties-2-role": "commissioned",
        "parties-2-party": "ТОО Завод",
        "parties-2-country": "KZ",
        "titles-0-title": "EMS 신호 설계",
        "titles-0-found_in": "보고서 본문",
    }
    response = admin.post(url("add_project"), filled | parts | {"technology_number": technology.number})
    project = Project.objects.get()
    assert response.headers["Location"] == url("project_detail", project.pk)
    assert (project.serial, project.months, str(project.ends_on)) == ("단기형-②", 6, "2025-10-31")
    assert (project.budget_krw, project.technology, project.direction) == (70_000_000, technology, "러→한")
    assert [(p.role, p.name, p.country.code, p.amount_krw) for p in project.participations.order_by("pk")] == [
        ("lead", "오르비타 연구소", "RU", None),
        ("participant", company.name, "KR", 5_000_000),
        ("commissioned", "ТОО Завод", "KZ", None),
    ]
    assert [str(title) for title in project.titles.all()] == ["EMS 신호 설계"]
    page = said(admin.get(response.headers["Location"]))
    for words in (
        "7,000만원 (70,000,000원)",
        "Case 1 (러→한)",
        "EMS 신호 설계 (보고서 본문)",
        company.name,
        "ТОО Завод",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"title": ""}, "title", "과제명을 적어 주십시오."),
        ({"year": "25"}, "year", "1980년에서 2100년 사이"),
        ({"year": "이천"}, "year", "네 자리 숫자로"),
        ({"company": ""}, "company", "대표 기업을 골라"),
        ({"months": "0"}, "months", "1개월에서 120개월 사이"),
        ({"starts_on": "2025-05-01", "ends_on": "2025-04-01"}, "ends_on", "두 날짜가 바뀌지 않았는지"),
        ({"starts_on": "2025-05-01", "ends_on": "2052-04-30"}, "ends_on", "두 날짜의 연도를 확인해"),
        ({"starts_on": "어제"}, "starts_on", "2026-03-02처럼"),
        ({"budget_krw": "팔억"}, "budget_krw", "8억, 1억 2,000만처럼"),
        ({"budget_krw": "0.5"}, "budget_krw", "1원보다 작은 단위 없이"),
        ({"status": "stopped"}, "stop_reason", "그 사유를 적어"),
        ({"technology_number": "T-99999"}, "technology_number", "그 번호의 원천기술이 없습니다."),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(
    admin: Any, filled: dict[str, Any], change: dict[str, str], field: str, message: str
) -> None:
    response = admin.post(url("add_project"), filled | change)
    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert message in said(response)
    kept = "값은 그대로" if "title" in change else "중주파 자극 신호 설계"
    assert ("title" in change) or kept in response.content.decode()
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ({"role": "", "party": "㈜동백정공"}, "role", "역할을 골라"),
        ({"role": "lead", "party": "모르는 곳"}, "country", "등록되지 않은 곳이 맞으면 국가를"),
        ({"role": "lead", "party": "아무 곳 [C-999]"}, "party", "‘C-999’ 번호의 기업이나 기관이 없습니다."),
        ({"role": "lead", "party": "", "note": "시험"}, "party", "누구인지 적어"),
        ({"role": "lead", "party": "㈜동백정공", "amount_krw": "조금"}, "amount_krw", "금액으로 읽을 수 없습니다."),
    ],
)
def test_bad_party_is_said_beside_its_row(
    admin: Any, filled: dict[str, Any], row: dict[str, str], field: str, message: str
) -> None:
    sent = management(parties=1, titles=0) | {f"parties-0-{name}": value for name, value in row.items()}
    response = admin.post(url("add_project"), filled | sent)
    assert response.status_code == 422
    assert message in " ".join(response.context["parties"].forms[0].errors[field])
    assert message in said(response)


def test_two_leads_and_one_party_twice_are_refused(admin: Any, filled: dict[str, Any], company: Any) -> None:
    other = make_company("㈜가람정밀")
    for roles, parties, message in (
        (("lead", "lead"), (company.name, other.name), "주관은 한 곳만"),
        (("participant", "participant"), (company.name, company.name), "같은 역할로 두 번"),
    ):
        sent = management(parties=2, titles=0)
        for number in (0, 1):
            sent |= {f"parties-{number}-role": roles[number], f"parties-{number}-party": parties[number]}
        response = admin.post(url("add_project"), filled | sent)
        assert (response.status_code, message in said(response)) == (422, True)


def test_serial_and_reference_that_are_taken_are_said(admin: Any, filled: dict[str, Any]) -> None:
    make_project(serial="단기형-②", source_reference="R-1")
    response = admin.post(url("add_project"), filled | {"source_reference": "R-1"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"serial", "source_reference"}


def test_form_that_is_sent_twice_makes_one_project(admin: Any, filled: dict[str, Any]) -> None:
    once = {"submission": "7c1fb1f0-7d1c-4f0e-9b0c-0d7e1d1e0001"}
    first, second = (admin.post(url("add_project"), filled | once) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Project.objects.count() == 1


def edited(project: Project, **changes: Any) -> dict[str, Any]:
    return (
        {
            "programme": project.programme_id,
            "year": project.year,
            "title": project.title,
            "company": project.company_id,
            "partner_country": project.partner_country_id,
            "project_type": project.project_type,
            "origin": project.origin,
            "status": project.status,
            "name_disclosure": project.name_disclosure,
            "edit_version": project.edit_version,
        }
        | management(parties=0, titles=0)
        | changes
    )


def test_second_editor_sees_what_stands_and_may_replace_it(admin: Any) -> None:
    project = make_project(title="처음 이름")
    change_project(project, by=None, edit_version=1, title="동료가 고친 이름")
    response = admin.post(url("edit_project", project.pk), edited(project, title="내가 고친 이름"))
    assert response.status_code == 409
    assert "동료가 고친 이름" in said(response)
    assert 'value="내가 고친 이름"' in response.content.decode()
    assert 'name="edit_version" value="2"' in response.content.decode()
    again = admin.post(url("edit_project", project.pk), edited(project, title="내가 고친 이름", edit_version=2))
    assert again.status_code == 302
    assert Project.objects.get().title == "내가 고친 이름"


def test_months_left_empty_follow_the_new_type(admin: Any) -> None:
    project = make_project(starts_on=date(2025, 5, 1))
    sent = edited(project, project_type="source", months="", starts_on="2025-05-01", ends_on="")
    admin.post(url("edit_project", project.pk), sent)
    project.refresh_from_db()
    assert (project.months, str(project.ends_on)) == (24, "2027-04-30")


def test_amount_is_read_while_it_is_typed(admin: Any) -> None:
    assert "읽은 값: 70,000,000 (7,000만)" in said(admin.get(url("amount_reading"), {"budget_krw": "7천만"}))
    assert said(admin.get(url("amount_reading"), {"parties-0-amount_krw": "칠천만"})) == ""


def test_retired_project_leaves_the_list_and_comes_back(admin: Any) -> None:
    project = make_project(title="거두어들일 과제")
    admin.post(url("retire_project", project.pk))
    assert "거두어들일 과제" not in said(admin.get(url("project_list")))
    assert "거두어들일 과제" in said(admin.get(url("project_list"), {"retired": "only"}))
    assert admin.get(url("edit_project", project.pk)).status_code == 404
    admin.post(url("restore_project", project.pk))
    assert "거두어들일 과제" in said(admin.get(url("project_list")))


# --- list -------------------------------------------------------------------------------------------------------------


def titles(response: Any) -> list[str]:
    return [row.project.title for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"가", "나", "다"}),
        ({"q": "둘째 이름"}, {"나"}),
        ({"q": "현지화형-⑨"}, {"다"}),
        ({"q": "동백"}, {"가"}),
        ({"q": "오르비타"}, {"가"}),
        ({"year": "2024"}, {"나"}),
        ({"project_type": "source"}, {"다"}),
        ({"case": "2"}, {"나"}),
        ({"status": "stopped"}, {"다"}),
        ({"field": "02"}, {"다"}),
        ({"country": "UA"}, {"다"}),
        ({"q": "없는 말"}, set()),
    ],
)
def test_list_is_narrowed_by_words_and_facts(admin: Any, company: Any, query: dict[str, str], found: set[str]) -> None:
    institution = make_institution("RU", name_ko="오르비타 연구소")
    make_project(company, title="가", parties={"lead": [{"institution_id": institution.pk}]})
    make_project(title="나", titles=[{"title": "둘째 이름"}], year=2024, case="2")
    make_project(
        title="다", serial="현지화형-⑨", project_type="source", country="UA", field="0201", status="stopped",
        stop_reason="기업 사정",
    )  # fmt: skip
    assert set(titles(admin.get(url("project_list"), query))) == found


def test_list_is_sorted_by_its_heads(admin: Any) -> None:
    for title, budget in (("나", 2), ("가", 3), ("다", 1)):
        make_project(title=title, budget_krw=budget)
    assert titles(admin.get(url("project_list"), {"sort": "title"})) == ["가", "나", "다"]
    assert titles(admin.get(url("project_list"), {"sort": "-budget"})) == ["가", "나", "다"]


def test_list_shows_sums_and_counts(client: Any, officer: Any) -> None:
    client.force_login(officer)
    for _ in range(2):
        make_figure(make_project(), 330_000)
    make_figure(make_project(), 6_600_000_000, disputed=True, dispute_note="66만불일 수 있음")
    page = said(client.get(url("project_list")))
    assert "2억 1,000만원 210,000,000원 · 과제 3건" in page
    assert "해외 매출 66만 달러 USD 660,000 · 수치 2건" in page
    assert "예상이거나 확인이 필요한 금액 1건은 더하지 않았습니다." in page
    assert "과제 등록" not in page


def test_export_holds_the_filtered_rows(client: Any, officer: Any) -> None:
    client.force_login(officer)
    make_project(title="찾는 과제", serial="007")
    make_project(title="남의 일")
    answer = client.get(url("project_export"), {"format": "csv", "q": "찾는"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "찾는 과제" in text and "남의 일" not in text and "007" in text


def test_company_and_institution_lead_to_their_projects(admin: Any, company: Any, content_admin: Any) -> None:
    from cooperation_portal.network.related import belongings, hindrances

    institution = make_institution()
    led = make_project(company, title="이끄는 과제", parties={"lead": [{"institution_id": institution.pk}]})
    make_project(title="참여하는 과제", status="completed", parties={"participant": [{"company_id": company.pk}]})
    make_project(title="남의 과제")
    for record, found in ((company, {"이끄는 과제", "참여하는 과제"}), (institution, {"이끄는 과제"})):
        told = [one for one in belongings(record, content_admin) if "/projects/" in one.url]
        assert told[0].count == len(found)
        assert set(titles(admin.get(told[0].url))) == found
    assert [(one.label, one.count) for one in hindrances(company, content_admin) if "/projects/" in one.url] == [
        ("진행 중인 과제", 1)
    ]
    change_project(led, by=None, edit_version=1, status="completed")
    assert not [one for one in hindrances(company, content_admin) if "/projects/" in one.url]


# --- results ----------------------------------------------------------------------------------------------------------


def figure(**changes: Any) -> dict[str, Any]:
    return {
        "as_quoted": "국내 매출 8억",
        "source": "성과보고서 12쪽",
        "kind": "sales_domestic",
        "qualifier": "about",
        "amount": "8억",
        "currency": "KRW",
        "as_of": "2025-11",
        "effect": "realised",
    } | changes


def result(**changes: Any) -> dict[str, Any]:
    return {"content": "시작품을 만들었다.", "outcome": "ongoing", "edit_version": 0} | management(steps=0) | changes


def test_result_is_entered_and_made_final(admin: Any, company: Any) -> None:
    project = make_project(company)
    steps = management(steps=2) | {
        "steps-0-country": "JP", "steps-0-stage": "agreed", "steps-0-note": "현지 법인",
        "steps-1-area": "유럽", "steps-1-stage": "in_talks",
    }  # fmt: skip
    sent = admin.post(url("edit_result", project.pk), result(figures="1", **steps))
    assert sent.headers["Location"] == url("add_figure", project.pk)
    admin.post(url("add_figure", project.pk), figure())
    sheet = ResultSheet.objects.get()
    assert [str(step) for step in sheet.market_steps.all()] == ["일본 합의", "유럽 협의 중"]
    page = said(admin.get(url("project_detail", project.pk)))
    for words in ("국내 매출 8억", "약 8억원", "800,000,000원", "2025-11", "성과보고서 12쪽", "시작품을 만들었다."):
        assert words in page
    admin.post(url("finalise_result", project.pk), {"edit_version": sheet.edit_version})
    sheet.refresh_from_db()
    assert sheet.is_final


def test_amount_is_told_back_as_it_was_read(admin: Any) -> None:
    response = admin.post(url("add_figure", make_project().pk), figure(), follow=True)
    assert "‘국내 매출 8억’을(를) 800,000,000원(으)로 읽었습니다." in said(response)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"as_quoted": ""}, "as_quoted", "출처에 적힌 말을 그대로"),
        ({"source": ""}, "source", "출처를 적어"),
        ({"amount": ""}, "amount", "발생 여부를 ‘미발생’으로"),
        ({"amount": "많이"}, "amount", "금액으로 읽을 수 없습니다."),
        ({"amount": "66만불"}, "currency", "값에는 미국 달러로 적혀 있는데 통화는 원입니다."),
        ({"currency": ""}, "currency", "금액이면 통화를 고르고"),
        ({"unit": "건"}, "unit", "하나만 적어"),
        ({"kind": "other"}, "label", "무엇의 수치인지 이름을"),
        ({"label": "생산량"}, "label", "종류가 ‘기타’일 때만"),
        ({"as_of": "작년"}, "as_of", "2025-06-30처럼"),
        ({"as_of": "2099"}, "as_of", "오늘보다 뒤입니다."),
        ({"period_from": "2025-06-01", "period_to": "2025-05-01"}, "period_to", "두 날짜가 바뀌지"),
        ({"disputed": "on"}, "dispute_note", "무엇을 확인해야"),
    ],
)
def test_bad_figure_is_said_beside_the_field_and_nothing_is_lost(
    admin: Any, change: dict[str, str], field: str, message: str
) -> None:
    project = make_project()
    response = admin.post(url("add_figure", project.pk), figure(**change))
    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert message in said(response)
    kept = figure(**change)["source"] or "국내 매출 8억"
    assert f'value="{kept}"' in response.content.decode()
    assert not ResultFigure.objects.exists()


def test_failed_project_says_why(admin: Any) -> None:
    response = admin.post(url("edit_result", make_project().pk), result(outcome="failure"))
    assert (response.status_code, "왜 실패했는지" in said(response)) == (422, True)
    assert "시작품을 만들었다." in said(response)


def test_market_step_needs_one_place_and_a_stage(admin: Any) -> None:
    for row, message in (
        ({"country": "JP", "area": "유럽", "stage": "agreed"}, "하나만 적어"),
        ({"stage": "agreed"}, "어느 시장인지"),
        ({"country": "JP"}, "어느 단계까지"),
    ):
        sent = management(steps=1) | {f"steps-0-{name}": value for name, value in row.items()}
        response = admin.post(url("edit_result", make_project().pk), result(**sent))
        assert (response.status_code, message in said(response)) == (422, True)


def test_second_editor_of_a_result_sees_what_stands(admin: Any) -> None:
    project = make_project()
    make_result(project, content="동료가 적은 내용")
    response = admin.post(url("edit_result", project.pk), result(content="내가 적은 내용"))
    assert response.status_code == 409
    assert "동료가 적은 내용" in said(response) and "내가 적은 내용" in said(response)
    assert (
        admin.post(url("edit_result", project.pk), result(content="내가 적은 내용", edit_version=1)).status_code == 302
    )
    assert ResultSheet.objects.get().content == "내가 적은 내용"


def test_second_editor_of_a_figure_sees_what_stands(admin: Any) -> None:
    project = make_project()
    standing = make_figure(project)
    admin.post(url("edit_figure", project.pk, standing.pk), figure(edit_version=1, as_quoted="동료의 8억"))
    response = admin.post(url("edit_figure", project.pk, standing.pk), figure(edit_version=1, as_quoted="나의 9억"))
    assert response.status_code == 409
    assert "동료의 8억" in said(response) and 'value="나의 9억"' in response.content.decode()


def test_disputed_pair_is_shown_with_its_mark(admin: Any, company: Any) -> None:
    project = make_project(company)
    make_figure(project)
    make_figure(
        project, 6_600_000_000, as_quoted="해외 매출 66억불", disputed=True, dispute_note="합계 66만불보다 클 수 없음"
    )
    page = said(admin.get(url("project_detail", project.pk)))
    assert "해외 매출 66만불" in page
    assert (
        "해외 매출 확인 필요 해외 매출 66억불 확인할 점: 합계 66만불보다 클 수 없음 66억 달러 USD 6,600,000,000" in page
    )


def picture_file(name: str = "그림.png", size: tuple[int, int] = (8, 6)) -> io.BytesIO:
    content = io.BytesIO()
    Image.new("RGB", size, "navy").save(content, "PNG")
    content.seek(0)
    content.name = name
    return content


def test_picture_is_added_shown_and_removed(admin: Any) -> None:
    project = make_project()
    admin.post(url("add_result_picture", project.pk), {"picture": picture_file(), "caption": "시험용 자극기"})
    picture = ResultPicture.objects.get()
    shown = admin.get(url("result_picture", project.pk, picture.pk))
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(b"".join(shown.streaming_content))).size == (8, 6)
    assert 'alt="그림: 시험용 자극기"' in admin.get(url("project_detail", project.pk)).content.decode()
    admin.post(url("remove_result_picture", project.pk, picture.pk))
    assert not ResultPicture.objects.exists()
    history = said(admin.get(url("project_history", project.pk)))
    assert "성과 그림 추가" in history and "성과 그림 삭제" in history


def test_what_is_no_picture_is_refused(admin: Any) -> None:
    fake = io.BytesIO(b"MZ\x90\x00 no picture")
    fake.name = "그림.png"
    response = admin.post(url("add_result_picture", make_project().pk), {"picture": fake, "caption": "그림"})
    assert (response.status_code, "PNG, JPG, WEBP" in said(response)) == (422, True)
    assert not ResultPicture.objects.exists()


# --- the company's own place ------------------------------------------------------------------------------------------


def test_company_sees_its_projects_and_the_final_results(client: Any, company: Any, member: Any) -> None:
    led = make_project(company, title="우리가 이끄는 과제", issue_notes="내부 메모")
    make_figure(led)
    make_project(title="남의 과제")
    client.force_login(member)
    assert titles(client.get(url("my_projects"))) == ["우리가 이끄는 과제"]
    before = said(client.get(url("my_project", led.pk)))
    assert "성과를 정리하고 있습니다." in before and "66만" not in before
    save_result(led, by=None, edit_version=1, steps=[], content="시작품을 만들었다.", outcome="success")
    from projects.results.services import finalise

    finalise(led.result, by=member, edit_version=2)
    after = said(client.get(url("my_project", led.pk)))
    for words in ("해외 매출 66만불", "시작품을 만들었다.", "7,000만원 (70,000,000원)", company.name):
        assert words in after
    assert "내부 메모" not in after


def test_participant_reads_the_leader_as_the_record_says_and_no_amounts(client: Any) -> None:
    lead, partner = make_company("㈜동백정공"), make_company("㈜가람정밀")
    for disclosure, shown in (("masked", "㈜동***공"), ("full", "㈜동백정공"), ("code", lead.code)):
        project = make_project(lead, name_disclosure=disclosure, parties={"participant": [{"company_id": partner.pk}]})
        client.force_login(make_member(partner))
        page = said(client.get(url("my_project", project.pk)))
        assert f"대표 기업 {shown} " in page
        assert "㈜가람정밀" in page
        assert "70,000,000" not in page


def test_stranger_finds_neither_project_nor_picture(client: Any, company: Any, outsider: Any) -> None:
    project = make_project(company)
    make_result(project)
    picture = add_picture(project, by=None, file=picture_file(), name="그림.png", caption="그림")
    client.force_login(outsider)
    assert client.get(url("my_project", project.pk)).status_code == 404
    assert client.get(url("result_picture", project.pk, picture.pk)).status_code == 404
    assert titles(client.get(url("my_projects"))) == []


def test_picture_of_a_draft_is_not_for_the_company_yet(client: Any, company: Any, member: Any) -> None:
    project = make_project(company)
    make_result(project)
    picture = add_picture(project, by=None, file=picture_file(), name="그림.png", caption="그림")
    client.force_login(member)
    assert client.get(url("result_picture", project.pk, picture.pk)).status_code == 404


def test_preview_is_what_the_company_will_read(admin: Any, company: Any) -> None:
    project = make_project(company, issue_notes="내부 메모")
    make_result(project, content="시작품을 만들었다.")
    page = said(admin.get(url("result_preview", project.pk)))
    assert "시작품을 만들었다." in page and "내부 메모" not in page


def test_retired_project_is_hidden_from_the_company(client: Any, company: Any, member: Any) -> None:
    project = make_project(company)
    retire_project(project, by=None)
    client.force_login(member)
    assert client.get(url("my_project", project.pk)).status_code == 404
