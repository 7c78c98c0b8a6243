"""axe finds nothing on any page of any role: wide and narrow, in both contrasts, with data and without, with errors too.

Nor is any page wider than the narrow window. What pages there are is read from the access table of the contracts, so
that a new address is looked at as soon as it has its row there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from cooperation_portal.notices.services import keep
from cooperation_portal.work.models import Work
from tests.contracts.access_table import TABLE, Row
from tests.contracts.rows import BAD_INPUT, OK
from tests.contracts.world import (
    ANONYMOUS,
    CONTENT_ADMIN,
    MEMBER,
    NEWCOMER,
    OFFICER,
    ROLES,
    SYSTEM_ADMIN,
    World,
    build_world,
)
from tests.e2e.conftest import PASSWORD, sign_in
from tests.frontend.browser import AXE
from tests.matching.triage.conftest import cheap, judge, recommend  # noqa: F401
from tests.people import make_company, make_demand, make_institution, make_member, make_technology, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = 1440, 390
FIND = """() => axe.run(document, {resultTypes: ["violations"], preload: false}).then((result) => result.violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`)))"""
# What the server does for who has chosen it; `test_high_contrast_is_chosen_on_the_page` chooses it.
CONTRAST = "(high) => document.documentElement.toggleAttribute('data-krds-mode', high)"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

OWN_ACCOUNT = ("/", "/accounts/password/change/", "/accounts/email/", "/accounts/logout/", "/nowhere/")
QUEUE = ("/demands/?q=없는말", "/demands/?officer=evil&status=evil")

# Answers that are no pages: parts of pages, pictures, files, data.
NO_PAGES = {
    "scoring_progress", "rescoring_progress", "my_demand_progress", "import_progress", "amount_reading", "healthz", "technology_picture",
    "result_picture", "autosave",
}  # fmt: skip
ENDS_THE_SESSION = ("/accounts/logout/", "/accounts/confirm-email/")


def person(name: str, role: str | None = None) -> Any:
    found = make_user(name, role) if role else make_member(make_company("㈜동백정공"), name, "owner")
    found.set_password(PASSWORD)
    found.save()
    return found


def faults(page: Page) -> list[str]:
    """Of the page as it stands, in both widths and contrasts."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        for high in (False, True):
            page.evaluate(CONTRAST, high)
            found += [f"{width}{' high contrast' if high else ''}: {line}" for line in page.evaluate(FIND)]
        page.evaluate(CONTRAST, False)
    if (wider := page.evaluate(OVERFLOW)) > 0:
        found.append(f"{NARROW}: {wider} px wider than the window")
    return found


def everywhere(page: Page, paths: Iterable[str]) -> list[str]:
    found = []
    for path in paths:
        answer = page.goto(path)
        assert answer is not None and urlsplit(answer.url).path == urlsplit(path).path, f"{path} leads to {answer}"
        found += [f"{path} {line}" for line in faults(page)]
    return found


def told(found: list[str]) -> str:
    return "\n".join(found)


# --- every page that there is -----------------------------------------------------------------------------------------


def is_page(row: Row) -> bool:
    """Pages of Django's own site for the system administrator are as Django writes them."""
    return row.name not in NO_PAGES and not row.name.startswith("admin:")


def readers(row: Row) -> set[str]:
    """Who looks at it here: guest, member and one of the staff, as far as they may; else whoever may."""
    may = [role for role in ROLES if row.expected(role, "GET") == OK]
    staff = [role for role in (CONTENT_ADMIN, OFFICER, SYSTEM_ADMIN) if role in may]
    return {*staff[:1], *{ANONYMOUS, MEMBER}.intersection(may)} or set(may[:1])


def pages_of(role: str, world: World) -> list[str]:
    rows = [row for row in TABLE if not row.export and is_page(row) and role in readers(row)]
    paths = dict.fromkeys(reverse(row.name, kwargs=row.args(world)) for row in rows)
    return sorted(paths, key=lambda path: path.startswith(ENDS_THE_SESSION))


def signed_in(open_page: Callable[..., Page], world: World, role: str) -> Page:
    page = open_page()
    page.goto("/accounts/login/")
    if role != ANONYMOUS:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": world.sessions[role], "url": urljoin(page.url, "/")}
        page.context.add_cookies([cookie])
    return page


@pytest.mark.parametrize("role", [ANONYMOUS, NEWCOMER, MEMBER, OFFICER, CONTENT_ADMIN, SYSTEM_ADMIN])
def test_every_page(open_page: Callable[..., Page], transactional_db: None, role: str) -> None:
    world = build_world()
    page = signed_in(open_page, world, role)
    assert not (found := everywhere(page, pages_of(role, world))), told(found)


SEND = """([path, fields]) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = path;
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const [name, value] of [...fields, ["csrfmiddlewaretoken", token]]) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
}"""


@pytest.mark.parametrize("role", [NEWCOMER, MEMBER, OFFICER, CONTENT_ADMIN, SYSTEM_ADMIN])
def test_what_every_form_answers_to_wrong_input(
    open_page: Callable[..., Page], transactional_db: None, role: str
) -> None:
    """The pages with messages beside fields, and those that say that somebody else was faster."""
    world = build_world()
    page = signed_in(open_page, world, role)
    found = []
    for row in TABLE:
        if row.expected(role, "POST") != BAD_INPUT or not is_page(row):
            continue
        path, data = reverse(row.name, kwargs=row.args(world)), row.data(world)
        fields = [
            [name, str(each)]
            for name, value in data.items()
            for each in (value if isinstance(value, list) else [value])
        ]
        page.goto("/")
        with page.expect_response(lambda got: got.request.method == "POST") as answer, page.expect_event("load"):
            page.evaluate(SEND, [path, fields])
        assert answer.value.status in (409, 422), f"{row.key}: {answer.value.status}"
        found += [f"{row.key} {line}" for line in faults(page)]
    assert not found, told(found)


# --- states that the table does not have ------------------------------------------------------------------------------


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


def test_high_contrast_is_chosen_on_the_page(open_page: Callable[..., Page]) -> None:
    page = open_page(NARROW)
    page.goto("/")
    page.get_by_role("button", name="고대비 화면").click()
    page.get_by_role("button", name="기본 화면").wait_for()
    assert page.evaluate("document.documentElement.hasAttribute('data-krds-mode')")


def test_portal_without_data(open_page: Callable[..., Page]) -> None:
    """Lists that say what would stand in them."""
    for name, role, paths in (
        ("한서윤", "officer", ("/", "/demands/", "/demands/mine/", "/company/join-requests/", "/imports/", "/pages/inquiries/")),
        ("오하린", "content_admin", ("/", "/technologies/upkeep/", "/network/institutions/doubles/", "/experts/", "/projects/")),
        ("곽미래", None, ("/", "/company/", "/company/demands/", "/technologies/bookmarks/", "/projects/mine/")),
        ("배진욱", "system_admin", ("/", "/work/failed/")),
    ):  # fmt: skip
        page = open_page()
        sign_in(page, person(name, role))
        assert not (found := everywhere(page, paths)), told(found)
    guest = open_page()
    assert not (found := everywhere(guest, ("/", "/technologies/", "/pages/announcements/", "/nowhere/"))), told(found)


def test_officer_with_data(open_page: Callable[..., Page], full: dict[str, Any]) -> None:
    page = open_page()
    sign_in(page, full["officer"])
    demand = f"/demands/{full['demand'].pk}/"
    pairs = [f"{demand}technologies/{technology.pk}/" for technology in full["technologies"][:3]]
    paths = (demand, f"{demand}edit/", f"{demand}history/", f"{demand}release/", f"{demand}find/?q=질화", f"{demand}find/?q=x",
             *pairs, f"{pairs[0]}correct/", *(f"/technologies/{t.pk}/" for t in full["technologies"]))  # fmt: skip
    assert not (found := everywhere(page, (*OWN_ACCOUNT, "/technologies/", *QUEUE, *paths))), told(found)


def test_company_member_with_data(open_page: Callable[..., Page], full: dict[str, Any]) -> None:
    page = open_page()
    sign_in(page, full["member"])
    demand = f"/company/demands/{full['demand'].pk}/"
    answer = f"{demand}answers/{full['technologies'][0].pk}/"
    refused = "/demands/"
    assert (
        everywhere(page, ("/", "/company/demands/", demand, answer, "/technologies/?q=질화&stage=market", refused))
        == []
    )


def test_administrators_with_data(open_page: Callable[..., Page], full: dict[str, Any]) -> None:
    for name, role, more in (
        ("오하린", "content_admin", ("/technologies/upkeep/?missing=korean", "/demands/")),
        ("배진욱", "system_admin", ("/work/failed/", "/dev/mail/")),
    ):
        page = open_page()
        sign_in(page, person(name, role))
        assert not (found := everywhere(page, ("/", "/technologies/", *more))), told(found)


def test_forms_of_the_officer_with_errors(open_page: Callable[..., Page], full: dict[str, Any]) -> None:
    page = open_page()
    sign_in(page, full["officer"])
    demand = f"/demands/{full['demand'].pk}/"
    for path, button in (("/demands/new/", "접수"), (f"{demand}technologies/{full['technologies'][3].pk}/", "저장하고 다음으로"),
                         (demand, "판단할 내용 확인")):  # fmt: skip
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(path)
        if path == demand:
            page.get_by_role("checkbox", name="선택").first.check()
        page.get_by_role("main").get_by_role("button", name=button).first.click()
        page.get_by_role("heading", name="입력한 내용을 확인해 주십시오.").first.wait_for()
        assert not (found := faults(page)), f"{path}: {told(found)}"


def test_sign_up_with_errors(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/accounts/signup/")
    page.get_by_role("button", name="가입", exact=True).click()
    page.get_by_role("heading", name="입력한 내용을 확인해 주십시오.").first.wait_for()
    assert not (found := faults(page)), told(found)
    assert not (found := everywhere(page, ("/technologies/?year_from=2030&year_to=19",))), told(found)
