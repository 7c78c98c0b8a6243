"""What a content administrator does in a year, and the little that a system administrator does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from cooperation_portal.exchange.models import Import
from cooperation_portal.network.models import Company, Institution
from cooperation_portal.pages.models import PageVersion
from experts.models import Expert
from matching.catalogue.models import Technology
from matching.demands.models import Demand
from projects.funded.models import Project
from tests.e2e.conftest import PASSWORD, press, sign_in, tab_to
from tests.e2e.office_files import COMPANIES, INSTITUTIONS, OFFICE, TECHNOLOGIES, column_of, filled
from tests.people import make_company, make_institution, make_member, make_project, make_technology, make_user
from tests.running import Worker, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def person(name: str = "오하린", role: str = "content_admin") -> Any:
    found = make_user(name, role)
    found.set_password(PASSWORD)
    found.save()
    return found


def menu(page: Page, *names: str) -> None:
    """Through the main menu, opening the headings on the way."""
    *headings, last = names
    main = page.get_by_role("navigation", name="주 메뉴")
    for heading in headings:
        main.get_by_text(heading, exact=True).click()
    main.get_by_role("link", name=last, exact=True).click()


def downloaded(page: Page, link: Locator, to: Path) -> Path:
    with page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(to)
    return to


# --- everything that an office has, in one import ---------------------------------------------------------------------


def templates(page: Page, folder: Path) -> dict[str, Path]:
    return {
        name: downloaded(
            page, page.get_by_role("link", name=re.compile(rf"^엑셀 양식\s*: {name}$")), folder / f"{at}.xlsx"
        )
        for at, name in enumerate(OFFICE)
    }


def upload(page: Page, **files: Path) -> None:
    menu(page, "가져오기")
    press(page, "n")
    expect(page.get_by_role("heading", name="파일 올리기")).to_be_visible()
    for name, path in files.items():
        page.get_by_label(name, exact=True).set_input_files(path)
    page.get_by_role("button", name="올리고 미리보기").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("확인 대기"))).to_be_visible(timeout=60_000)


def spoil(sheet: Any) -> None:
    """What goes wrong in spreadsheets: a code became a number, a country is misspelt, a year is not reached yet."""
    sheet.cell(3, column_of(sheet, "출처 번호")).value = 7003005
    sheet.cell(4, column_of(sheet, "국가")).value = "일분"
    sheet.cell(4, column_of(sheet, "개발 연도")).value = 2999


def counted(page: Page, name: str) -> str:
    """What the page says of one file: how many rows are new, changed, same or wrong."""
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=re.compile(rf"^{name}\s")))
    return re.sub(r"\s+", " ", card.first.inner_text())


def test_an_office_brings_what_it_has_in_one_import(
    open_page: Callable[..., Page], worker: Worker, tmp_path: Path
) -> None:
    worker.start()
    page = open_page()
    sign_in(page, person())
    menu(page, "가져오기")
    page.get_by_role("main").get_by_role("link", name="파일 올리기").first.click()
    page.get_by_role("button", name="올리고 미리보기").click()
    expect(page.get_by_text("올릴 파일을 하나 이상 골라 주십시오.").first).to_be_visible()
    empty = templates(page, tmp_path)

    # --- six files at once, one of them with wrong rows ---------------------------------------------------------------
    office = {
        name: filled(empty[name], lines, tmp_path / f"{name}.xlsx", spoil if name == "원천기술" else None)
        for name, lines in OFFICE.items()
    }
    upload(page, **office)
    for name, lines in OFFICE.items():
        if name != "원천기술":
            assert f"새로 등록 {len(lines)}행" in counted(page, name)
    assert "오류 2행" in counted(page, "원천기술") and "새로 등록 1행" in counted(page, "원천기술")
    rows = page.get_by_role("region", name=re.compile("오류"))
    expect(rows.get_by_text(re.compile(r"3행 · A열 ‘출처 번호’"))).to_be_visible()
    expect(rows.get_by_text(re.compile(r"4행 · \w열 ‘국가’"))).to_be_visible()
    expect(rows.get_by_text("일분", exact=True)).to_be_visible()
    assert not Institution.objects.exists() and not Technology.objects.exists()

    # --- the wrong rows come back as a workbook -----------------------------------------------------------------------
    wrong = downloaded(page, page.get_by_role("link", name="오류 행을 엑셀로 내려받기"), tmp_path / "wrong.xlsx")
    page.get_by_role("button", name="맞는 행만 저장").click()
    expect(page.get_by_text(re.compile("에 저장을 마쳤습니다."))).to_be_visible(timeout=60_000)
    stored = [model.objects.count() for model in (Institution, Company, Technology, Expert, Demand, Project)]
    assert stored == [2, 2, 1, 1, 1, 1]
    assert Technology.objects.get().source_reference == "07003004"

    book = load_workbook(wrong)
    sheet: Any = book.worksheets[0]
    assert sheet.max_row == 3 and "오류" in [cell.value for cell in sheet[1]]
    for row, line in zip((2, 3), TECHNOLOGIES[1:], strict=True):
        for heading in ("출처 번호", "국가", "개발 연도"):
            sheet.cell(row, column_of(sheet, heading)).value = line[heading]
    book.save(tmp_path / "corrected.xlsx")
    upload(page, 원천기술=tmp_path / "corrected.xlsx")
    expect(page.get_by_text("오류가 없습니다. 2행을 한꺼번에 저장합니다.")).to_be_visible()
    page.get_by_role("button", name="모두 저장").click()
    expect(page.get_by_text(re.compile("에 저장을 마쳤습니다."))).to_be_visible(timeout=60_000)
    assert set(Technology.objects.values_list("source_reference", flat=True)) == {"07003004", "07003005", "07003006"}

    # --- the same files again: recognised, and nothing to store -------------------------------------------------------
    again = {name: path for name, path in office.items() if name != "원천기술"}
    upload(page, **again)
    expect(page.get_by_text(re.compile("같은 파일을 .* 오하린 님이 가져왔습니다")).first).to_be_visible()
    for name in again:
        assert f"같음 {len(OFFICE[name])}행" in counted(page, name)
    expect(page.get_by_text("모든 행이 이미 등록된 자료와 같습니다. 저장할 것이 없습니다.")).to_be_visible()

    # --- a change is shown as old and new before it is stored ---------------------------------------------------------
    changed = [COMPANIES[0] | {"주요 제품": "감속기와 기어"}, *COMPANIES[1:]]
    upload(page, 기업=filled(empty["기업"], changed, tmp_path / "changed.xlsx"))
    assert "변경 1행" in counted(page, "기업") and "같음 1행" in counted(page, "기업")
    expect(page.get_by_role("row", name=re.compile("주요 제품.*감속기.*감속기와 기어"))).to_be_visible()
    page.get_by_role("button", name="모두 저장").click()
    page.get_by_role("link", name="기업 목록 보기").click()
    expect(page.get_by_role("heading", name="기업", level=1)).to_be_visible()
    assert Company.objects.get(name="㈜동백정공").products == "감속기와 기어"


def test_a_worker_killed_in_the_middle_of_an_import(
    open_page: Callable[..., Page], worker: Worker, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    worker.start(FAULT_POINT="store_import.rows", FAULT_MARKER=str(marker))
    page = open_page()
    sign_in(page, person())
    menu(page, "가져오기")
    press(page, "n")
    empty = templates(page, tmp_path)
    upload(
        page,
        기관=filled(empty["기관"], INSTITUTIONS, tmp_path / "기관.xlsx"),
        기업=filled(empty["기업"], COMPANIES, tmp_path / "기업.xlsx"),
    )
    page.get_by_role("button", name="모두 저장").click()
    wait_until(marker.exists, "the institutions are written and not yet the companies")
    worker.kill()
    assert not Institution.objects.exists() and not Company.objects.exists()
    page.reload()
    expect(page.get_by_text(re.compile("저장하고 있습니다|차례를 기다리고 있습니다")).first).to_be_visible()

    worker.start()
    expect(page.get_by_text(re.compile("에 저장을 마쳤습니다."))).to_be_visible(timeout=120_000)
    assert (Institution.objects.count(), Company.objects.count()) == (2, 2)
    assert Import.objects.get().state == "done"


# --- a technology by form ---------------------------------------------------------------------------------------------


def test_a_technology_from_the_draft_to_the_shelf_and_back(open_page: Callable[..., Page], tmp_path: Path) -> None:
    make_institution(name_ko="예니세이 야금공정연구소")
    admin = person()
    page = open_page()
    sign_in(page, admin)
    menu(page, "원천기술 관리")
    press(page, "n")
    expect(page.get_by_role("heading", name="원천기술 등록")).to_be_visible()

    # --- a draft may lack much, but is told what ----------------------------------------------------------------------
    page.get_by_label("원문 언어").select_option("러시아어")
    page.get_by_role("button", name="작성 중으로 저장").click()
    expect(page.get_by_label("보유기관", exact=True)).to_have_accessible_description(re.compile("보유기관을 골라"))
    expect(page.get_by_label("기술분야")).to_have_accessible_description(re.compile("기술분야를 골라"))
    expect(page.get_by_label("원문 언어")).to_have_value("ru")
    page.get_by_label("보유기관", exact=True).select_option(label="예니세이 야금공정연구소 (러시아)")
    page.get_by_label("기술분야").select_option(index=1)
    text_in(page, "러시아어", "기술명").fill("Плазменное азотирование стали")
    page.get_by_role("button", name="작성 중으로 저장").click()
    missing = page.get_by_role("region", name="빠진 내용")
    for lack in ("원문 내용(40자 이상)", "국문 요약", "개발 단계"):
        expect(missing.get_by_text(lack)).to_be_visible()
    technology = Technology.objects.get()
    page.get_by_role("button", name="저장하고 등록").click()
    expect(page.get_by_text("저장했지만 등록하지는 못했습니다.")).to_be_visible()

    # --- filled in, with a picture, and looked at as companies will see it --------------------------------------------
    body = "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV при температуре 500 °C."
    text_in(page, "러시아어", "내용").fill(body)
    text_in(page, "한국어", "기술명").fill("강의 플라즈마 질화")
    text_in(page, "한국어", "내용").fill("강 표면 경도를 1100 HV까지 높이는 질화 공정입니다.")
    page.get_by_role("combobox", name="개발 단계").select_option("시장 출시(상용화)")
    page.get_by_label("공개 범위").select_option("공개")
    page.get_by_role("button", name="작성 중으로 저장").click()
    expect(missing.get_by_text("국문 요약")).to_have_count(0)
    no_picture = tmp_path / "furnace.png"
    no_picture.write_text("그림이 아닙니다.", encoding="utf-8")
    add_picture(page, no_picture)
    expect(page.get_by_label("그림 파일")).to_have_attribute("aria-invalid", "true")
    Image.new("RGB", (320, 200), "#7088a0").save(tmp_path / "furnace.png")
    add_picture(page, tmp_path / "furnace.png")
    expect(page.get_by_text("그림을 더했습니다.")).to_be_visible()
    page.get_by_role("link", name="미리보기", exact=True).click()
    expect(page.get_by_text("공개 범위 ‘공개’에서 기업이 보게 될 화면입니다.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="강의 플라즈마 질화")).to_be_visible()
    expect(page.get_by_role("img", name="질화로와 시험편")).to_be_visible()
    guest = open_page(390)
    guest.goto(f"/technologies/{technology.pk}/")
    expect(guest.get_by_role("heading", name="페이지를 찾을 수 없습니다.")).to_be_visible()
    page.get_by_role("button", name="등록", exact=True).click()
    expect(page.get_by_text(f"{technology.number}을(를) 등록했습니다.")).to_be_visible()
    guest.reload()
    expect(guest.get_by_role("heading", level=1, name="강의 플라즈마 질화")).to_be_visible()

    # --- two people at once: nobody's words are lost ------------------------------------------------------------------
    other = open_page()
    sign_in(other, person("문가온"))
    other.goto(f"/technologies/{technology.pk}/edit/")
    other.get_by_role("textbox", name="찾는 협력 상대").fill("기어를 만드는 기업")
    other.get_by_role("button", name="저장", exact=True).click()
    expect(other.get_by_text(f"{technology.number}을(를) 저장했습니다.")).to_be_visible()
    page.get_by_role("textbox", name="찾는 협력 상대").fill("감속기를 만드는 기업")
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("그사이 다른 사람이 이 기술을 고쳤습니다.")).to_be_visible()
    expect(page.get_by_text("기어를 만드는 기업")).to_be_visible()
    expect(page.get_by_role("textbox", name="찾는 협력 상대")).to_have_value("감속기를 만드는 기업")
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text(f"{technology.number}을(를) 저장했습니다.")).to_be_visible()

    # --- history; taking it off the shelf and putting it back ---------------------------------------------------------
    page.get_by_role("link", name="이력").click()
    history = page.get_by_role("main")
    for line in ("상태: 작성 중 → 등록", "기어를 만드는 기업 → 감속기를 만드는 기업", "문가온"):
        expect(history.get_by_text(line).first).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="사용 중지").click()
    page.get_by_role("button", name="사용 중지").click()
    expect(page.get_by_text(f"{technology.number}을(를) 사용 중지했습니다.")).to_be_visible()
    guest.reload()
    expect(guest.get_by_role("heading", name="페이지를 찾을 수 없습니다.")).to_be_visible()
    page.get_by_role("link", name="강의 플라즈마 질화").click()
    page.get_by_role("button", name="다시 사용").click()
    expect(page.get_by_text("작성 중으로 되돌렸습니다.")).to_be_visible()
    page.get_by_role("button", name="저장하고 등록").click()
    expect(page.get_by_role("heading", level=1, name="강의 플라즈마 질화")).to_be_visible()
    assert Technology.objects.get().status == "published"


def text_in(page: Page, language: str, part: str) -> Locator:
    """The field of one language; its part of the form is opened first if it is closed."""
    section = page.get_by_role("group").filter(has_text=re.compile(rf"^\s*{language}"))
    field = section.get_by_label(part, exact=True)
    if not field.is_visible():
        section.get_by_text(language).first.click()
    return field


def add_picture(page: Page, file: Path) -> None:
    page.get_by_label("그림 파일").set_input_files(file)
    page.get_by_label("그림 설명").fill("질화로와 시험편")
    page.get_by_role("button", name="그림 더하기").click()


# --- doubles ----------------------------------------------------------------------------------------------------------


def test_two_records_of_one_institution_become_one(open_page: Callable[..., Page]) -> None:
    kept = make_institution(
        name_ko="시험 금속연구소", name="Институт металлов", source_reference="RU-0001", city_ko="모스크바"
    )
    double = make_institution(name_ko="시험금속 연구소", name="ИНСТИТУТ МЕТАЛЛОВ", website="https://imet.example/")
    technology = make_technology(owner=double)
    page = open_page()
    sign_in(page, person())
    menu(page, "자료", "기관")
    page.get_by_role("link", name="중복 찾기").click()
    row = page.get_by_role("row", name=re.compile("이름이 같음"))
    row.get_by_role("link", name="견주어 보기").click()
    page.get_by_role("radio", name=re.compile(r"^이쪽이 남습니다\s*: 시험 금속연구소 I-")).check()
    page.get_by_role("radio", name=re.compile(r"^기관명\s*: 시험 금속연구소$")).check()
    expect(page.get_by_role("row", name=re.compile("딸린 자료"))).to_contain_text("원천기술 1건")
    page.get_by_role("button", name="다음: 확인").click()
    merging = f"‘시험금속 연구소 {double.number}’을(를) ‘시험 금속연구소 {kept.number}’(으)로 합칩니다."
    expect(page.get_by_text(merging)).to_be_visible()
    page.get_by_role("button", name="합치기", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="시험 금속연구소")).to_be_visible()
    expect(page.get_by_role("region", name="여기에 합친 것").get_by_text("시험금속 연구소")).to_be_visible()
    expect(page.get_by_text("https://imet.example/")).to_be_visible()
    technology.refresh_from_db()
    assert technology.owner_id == kept.pk
    page.goto(f"/network/institutions/{double.pk}/")
    expect(page.get_by_role("heading", level=1, name="시험 금속연구소")).to_be_visible()
    page.get_by_role("link", name="이력").click()
    menu(page, "자료", "기관")
    expect(page.get_by_role("caption", name="기관 1곳").or_(page.get_by_text("기관 1곳")).first).to_be_visible()


def test_an_institution_is_entered_by_keys_alone(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, person())
    page.goto("/network/institutions/")
    press(page, "?")
    keys = page.get_by_role("dialog", name="단축키")
    expect(keys.get_by_text("기관 등록", exact=True)).to_be_visible()
    press(page, "Escape")
    press(page, "n")
    expect(page.get_by_role("heading", level=1, name="기관 등록")).to_be_visible()
    tab_to(page, "기관명")
    page.keyboard.type("오비 촉매연구소")
    tab_to(page, "기관명(원어)")
    page.keyboard.insert_text("Обский институт катализа")
    for words, first in (("원어", "러시아어"), ("기관 유형", "연구기관"), ("국가", "러시아")):
        tab_to(page, words)
        choose_by_keys(page, first)
    press(page, "Enter")
    tab_to(page, "등록")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1, name="오비 촉매연구소")).to_be_visible()
    one = Institution.objects.get()
    assert (one.country.code, one.original_language, one.kind) == ("RU", "ru", "research_institute")


def choose_by_keys(page: Page, label: str) -> None:
    """Down through the list that the keyboard is on, as far as the wanted line."""
    shown = "document.activeElement.selectedOptions[0].textContent.trim()"
    for _line in range(60):
        if page.evaluate(shown) == label:
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"‘{label}’ is not in the list")


# --- what came of a project -------------------------------------------------------------------------------------------


def test_results_of_a_project_as_they_were_quoted(open_page: Callable[..., Page]) -> None:
    company = make_company("㈜동백정공")
    member = make_member(company, "곽미래", "owner")
    member.set_password(PASSWORD)
    member.save()
    project = make_project(company, "다이캐스팅 공정 실증", serial="단기형-②")
    page, theirs = open_page(), open_page(390)
    sign_in(theirs, member)
    theirs.get_by_role("link", name="우리 회사 과제").click()
    theirs.get_by_role("link", name=project.title).click()
    expect(theirs.get_by_text("성과를 정리하고 있습니다. 확정되면 여기에 나타납니다.")).to_be_visible()

    sign_in(page, person())
    menu(page, "자료", "과제")
    page.get_by_role("link", name=project.title).click()
    page.get_by_role("link", name="성과 입력").click()
    page.get_by_label("연구내용").fill("결함을 예측하는 모형을 만들어 시험했다.")
    page.get_by_label("사업화 결과").select_option("진행")
    page.get_by_role("button", name="저장하고 수치 더하기").click()

    # --- an amount that cannot be read costs nothing else -------------------------------------------------------------
    page.get_by_label("원문 표현").fill("국내 매출 8억")
    page.get_by_label("출처").fill("2025년 성과보고서 12쪽")
    page.get_by_label("기준일").fill("2025-12")
    page.get_by_label("종류").select_option("국내 매출")
    page.get_by_label("통화").select_option("원")
    amount = page.get_by_label("값", exact=True)
    amount.fill("여덟 개쯤")
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_label("값", exact=True)).to_have_accessible_description(re.compile("금액으로 읽을 수 없습니다"))
    expect(page.get_by_label("원문 표현")).to_have_value("국내 매출 8억")
    expect(page.get_by_label("기준일")).to_have_value("2025-12")
    amount.fill("")
    amount.press_sequentially("8억")
    expect(page.get_by_text("읽은 값: 800,000,000 (8억)")).to_be_visible()
    page.get_by_role("button", name="저장", exact=True).click()
    figures = page.get_by_role("table", name="성과 수치")
    expect(figures.get_by_role("row", name=re.compile("국내 매출"))).to_contain_text("8억원")

    # --- seen as the company will see it, then made final -------------------------------------------------------------
    page.get_by_role("link", name="미리보기").click()
    expect(page.get_by_text("국내 매출 8억").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="확정").click()
    page.get_by_role("dialog").get_by_role("button", name="확정").click()
    expect(page.get_by_text("성과를 확정했습니다. 이제 기업이 볼 수 있습니다.")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_text("결함을 예측하는 모형을 만들어 시험했다.")).to_be_visible()
    quoted = theirs.get_by_role("table", name="성과 수치")
    for words in ("국내 매출 8억", "8억원", "2025-12", "2025년 성과보고서 12쪽"):
        expect(quoted).to_contain_text(words)


# --- texts ------------------------------------------------------------------------------------------------------------


def test_terms_of_use_are_changed_and_published(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, person())
    menu(page, "안내 글")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="이용약관", exact=True))
    row.get_by_role("link", name=re.compile("고치기.*한국어")).click()
    body = page.get_by_label("내용")
    sentence = "관심기술은 담은 사람만 봅니다."
    body.fill(f"{body.input_value()}\n\n## 제12조 (관심기술)\n\n{sentence}\n")
    page.get_by_role("button", name="미리보기").click()
    preview = page.get_by_role("region", name="미리보기")
    expect(preview.get_by_role("heading", name="제12조 (관심기술)")).to_be_visible()
    guest = open_page(390)
    guest.goto("/")
    guest.get_by_role("contentinfo").get_by_role("link", name="이용약관").click()
    expect(guest.get_by_role("heading", name="제1조 (목적)")).to_be_visible()
    expect(guest.get_by_text(sentence)).to_have_count(0)

    page.get_by_role("button", name="초안 저장").click()
    expect(page.get_by_role("heading", level=1, name="게시하기 전에 확인")).to_be_visible()
    expect(page.get_by_role("region", name="지금 글과 다른 곳").get_by_text(sentence)).to_be_visible()
    page.get_by_label("시행일").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="게시", exact=True).click()
    expect(page.get_by_label("무엇이 바뀌었는지")).to_have_accessible_description(re.compile("적어 주십시오"))
    expect(page.get_by_label("시행일")).to_have_accessible_description(re.compile("지난 날"))
    page.get_by_label("무엇이 바뀌었는지").fill("관심기술 조항을 더했습니다.")
    page.get_by_label("시행일").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="게시", exact=True).click()
    expect(page.get_by_text("게시했습니다.")).to_be_visible()

    page.get_by_role("link", name="이용약관", exact=True).first.click()
    versions = page.get_by_role("region", name="판", exact=True)
    expect(versions.get_by_text("관심기술 조항을 더했습니다.")).to_be_visible()
    expect(versions.get_by_text("처음부터 있던 글")).to_be_visible()
    expect(page.get_by_role("region", name=re.compile("다른 곳")).get_by_text(sentence)).to_be_visible()
    guest.reload()
    expect(guest.get_by_text(sentence)).to_be_visible()
    expect(guest.get_by_role("region", name="지난 글과 예고된 글").get_by_role("listitem")).to_have_count(2)
    assert PageVersion.objects.filter(page__slug="terms", language="ko").count() == 2


# --- taking lists away ------------------------------------------------------------------------------------------------


def test_a_filtered_list_as_files(open_page: Callable[..., Page], tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://elsewhere.example","보기")'
    make_company("㈜동백정공", products=formula, business_number="1248100998")
    make_company("㈜서린기어")
    page = open_page()
    sign_in(page, person())
    menu(page, "자료", "기업")
    page.get_by_label("찾는 말").fill("동백")
    page.get_by_role("button", name="검색", exact=True).click()
    expect(page.get_by_text("기업 1곳").first).to_be_visible()

    book = downloaded(page, page.get_by_role("link", name="엑셀로 내려받기"), tmp_path / "companies.xlsx")
    sheet: Any = load_workbook(book).worksheets[0]
    assert sheet.max_row == 2
    cells = {heading.value: cell for heading, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["기업명"].value, cells["주요 제품"].value) == ("㈜동백정공", formula)
    assert cells["주요 제품"].data_type == "s" and cells["사업자등록번호"].data_type == "s"
    assert cells["사업자등록번호"].number_format == "@"

    text = downloaded(page, page.get_by_role("link", name="CSV로 내려받기"), tmp_path / "companies.csv").read_bytes()
    headings, *lines = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    assert len(lines) == 1
    line = dict(zip(headings, lines[0], strict=True))
    assert line["기업명"] == "㈜동백정공" and not line["주요 제품"].startswith("=")


# --- the system administrator -----------------------------------------------------------------------------------------


def test_system_administrator_has_accounts_vocabularies_and_settings_only(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, person("배진욱", "system_admin"))
    menu(page, "계정·기준 정보")
    main = page.get_by_role("main")
    for name in ("사용자", "권한", "기술분야", "국가", "기관 정보"):
        expect(main.get_by_role("link", name=name, exact=True)).to_be_visible()
    for name in ("원천기술", "수요기술", "기업", "전문가", "과제"):
        expect(main.get_by_role("link", name=name, exact=True)).to_have_count(0)
    main.get_by_role("link", name="기술분야", exact=True).click()
    expect(page.get_by_role("link", name="0103")).to_be_visible()

    admin = open_page()
    sign_in(admin, person())
    expect(admin.get_by_role("link", name="계정·기준 정보")).to_have_count(0)
    admin.goto("/django-admin/")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("권한이 없습니다")
