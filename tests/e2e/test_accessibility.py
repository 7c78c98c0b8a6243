"""axe finds nothing on any page of any role: wide and narrow, light and high contrast, with data and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from cooperation_portal.notices.services import keep
from cooperation_portal.work.models import Work
from tests.e2e.conftest import PASSWORD, sign_in
from tests.frontend.browser import AXE
from tests.matching.triage.conftest import cheap, judge, recommend  # noqa: F401
from tests.people import make_company, make_demand, make_institution, make_member, make_technology, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 390)
FIND = """() => axe.run(document, {resultTypes: ["violations"], preload: false}).then((result) => result.violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`)))"""

EVERYONE = ("/", "/accounts/password/change/", "/accounts/email/", "/accounts/logout/", "/technologies/", "/nowhere/")
GUEST = ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/",
         "/accounts/inactive/", "/dev/mail/", "/nowhere/")  # fmt: skip
OFFICER = ("/demands/", "/demands/mine/", "/demands/new/", "/demands/?q=없는말", "/demands/?officer=evil&status=evil")
REFUSED = ("/demands/",)


def person(name: str, role: str | None = None) -> Any:
    found = make_user(name, role) if role else make_member(make_company("㈜동백정공"), name, "owner")
    found.set_password(PASSWORD)
    found.save()
    return found


def violations(page: Page, paths: tuple[str, ...]) -> list[str]:
    source = AXE.read_text(encoding="utf-8")
    found = []
    for path in paths:
        page.goto(path)
        page.evaluate(source)
        found += [f"{path}: {line}" for line in page.evaluate(FIND)]
    return found


def everywhere(page: Page, paths: tuple[str, ...]) -> list[str]:
    """Both widths as the page is, then the narrow one in high contrast."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} {line}" for line in violations(page, paths)]
    page.goto(paths[0])
    page.get_by_role("button", name="고대비 화면").click()
    page.get_by_role("button", name="기본 화면").wait_for()
    return found + [f"high contrast {line}" for line in violations(page, paths)]


@pytest.fixture
def full(cheap: Any, scored: Callable[[], int]) -> dict[str, Any]:  # noqa: F811
    """A portal in use: a demand in every state, a list with reasons, work that failed, mail."""
    officer = person("한서윤", "officer")
    member = person("곽미래")
    company = member.memberships.get().company
    technologies = [
        make_technology(
            stage="market", ipr_status="granted", year=2020, hidden=["advantages"], cooperation=["license"]
        ),
        make_technology("プラズマ窒化", "鋼の表面を硬くするプラズマ窒化処理。500 °C", "ja", korean=None, country="JP"),
        make_technology(
            "离子渗氮", "钢表面离子渗氮处理,500 °C。", "zh", korean=("이온 질화", "이온 질화 공정입니다."), country="CN"
        ),
        make_technology(
            "오래된 기술", "사용을 멈춘 기술입니다.", "ko", status="retired", owner=make_institution("KR", "ko")
        ),
    ]
    demand = make_demand(company, wanted_stage="market", target_product="감속기", confidentiality="confidential")
    make_demand(company, title="두 번째 수요")
    make_demand(company, title="작성 중인 수요", submit=False)
    scored()
    judge(demand, technologies[0], officer, words="담당자가 적은 말")
    recommend(demand, officer, "먼저 이 기술을 살펴보십시오.")
    judge(demand, technologies[1], officer)
    judge(demand, technologies[2], officer, "on_hold")
    Work.objects.create(kind="send_mail", subject="999", state="failed", cause="ConnectionRefusedError")
    keep(recipient="a@b.example", subject="제목", text="본문 http://localhost:8000/")
    return {"officer": officer, "member": member, "demand": demand, "technologies": technologies}


def test_guest(open_page: Callable[..., Page]) -> None:
    assert everywhere(open_page(), GUEST) == []


def test_officer_without_data(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, person("한서윤", "officer"))
    assert everywhere(page, EVERYONE + OFFICER) == []


def test_officer_with_data(open_page: Callable[..., Page], full: dict[str, Any]) -> None:
    page = open_page()
    sign_in(page, full["officer"])
    demand = f"/demands/{full['demand'].pk}/"
    pairs = [f"{demand}technologies/{technology.pk}/" for technology in full["technologies"][:3]]
    paths = (demand, f"{demand}edit/", f"{demand}history/", f"{demand}release/", f"{demand}find/?q=질화", f"{demand}find/?q=x",
             *pairs, f"{pairs[0]}correct/", *(f"/technologies/{t.pk}/" for t in full["technologies"]))  # fmt: skip
    assert everywhere(page, ("/", "/technologies/", *OFFICER, *paths)) == []


def test_company_member(open_page: Callable[..., Page], full: dict[str, Any]) -> None:
    page = open_page()
    sign_in(page, full["member"])
    assert everywhere(page, (*EVERYONE, *REFUSED)) == []


def test_company_member_without_data(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, person("곽미래"))
    assert everywhere(page, ("/",)) == []


def test_administrators(open_page: Callable[..., Page], full: dict[str, Any]) -> None:
    for name, role, more in (
        ("오하린", "content_admin", REFUSED),
        ("배진욱", "system_admin", ("/work/failed/", "/dev/mail/")),
    ):
        page = open_page()
        sign_in(page, person(name, role))
        assert everywhere(page, ("/", "/technologies/", *more)) == []


def test_forms_with_errors(open_page: Callable[..., Page], full: dict[str, Any]) -> None:
    page = open_page()
    sign_in(page, full["officer"])
    source = AXE.read_text(encoding="utf-8")
    demand = f"/demands/{full['demand'].pk}/"
    for path, button in (("/demands/new/", "접수"), (f"{demand}technologies/{full['technologies'][3].pk}/", "저장하고 다음으로"),
                         (demand, "판단할 내용 확인")):  # fmt: skip
        page.goto(path)
        if path == demand:
            page.get_by_role("checkbox", name="선택").first.check()
        page.get_by_role("main").get_by_role("button", name=button).first.click()
        page.get_by_role("heading", name="입력한 내용을 확인해 주십시오.").first.wait_for()
        page.evaluate(source)
        assert [f"{path}: {line}" for line in page.evaluate(FIND)] == []
