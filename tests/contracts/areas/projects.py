from __future__ import annotations

import io
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from PIL import Image

from tests.contracts.listings import Listing
from tests.contracts.rows import (
    CONTENT_ADMINS_ONLY,
    FORM,
    HIDDEN,
    MEMBERS_ONLY,
    POSTS,
    READS,
    REFUSES_INPUT,
    Making,
    Policy,
    Row,
)
from tests.contracts.world import CONTENT_ADMIN, MEMBER, OFFICER, OUTSIDER
from tests.people import make_company, make_figure, make_member, make_project, make_result, make_user

if TYPE_CHECKING:
    from tests.contracts.world import World

STAFF_ONLY = Policy(
    "Officers and content administrators read all projects; companies have a place of their own for theirs.",
    frozenset({OFFICER, CONTENT_ADMIN}),
)
ITS_COMPANY_AND_STAFF = Policy(
    "People of the project's own companies once the result is final, and the staff; to others it does not exist.",
    frozenset({MEMBER, OFFICER, CONTENT_ADMIN}),
    otherwise=HIDDEN,
)
NOT_YET_THE_COMPANY = Policy(
    "While a result is a draft its pictures are the staff's; to others they do not exist.",
    frozenset({OFFICER, CONTENT_ADMIN}),
    otherwise=HIDDEN,
)


def build(world: World) -> SimpleNamespace:
    """Company A leads one project with a final result and one with a draft, B one of its own; one they have together."""
    from projects.funded.services import retire_project
    from tests.contracts.world import TOKENS

    final = _project(world, world.company, f"과제 {TOKENS['project']}", TOKENS["project_alias"])
    figure = Decimal(TOKENS["sales"])
    _fill(final, figure=figure, text=TOKENS["project_result"], final=True)
    draft = _project(world, world.company, f"둘째 과제 {TOKENS['project']}", f"또 다른 이름 {TOKENS['project_alias']}")
    _fill(draft, figure=figure, text=TOKENS["project_result"], final=False)
    rival = _project(world, world.rival, "경쟁사의 과제", "경쟁사 과제의 다른 이름")
    _fill(rival, figure=Decimal(1000), text="경쟁사의 성과", final=True)
    shared = make_project(
        world.company,
        "두 기업이 함께하는 과제",
        serial="공동-①",
        parties={"participant": [{"company_id": world.rival.pk}]},
    )
    retired = make_project(world.rival, "잘못 넣은 과제", serial="단기형-⑨")
    retire_project(retired, by=None)
    return SimpleNamespace(final=final, draft=draft, rival=rival, shared=shared, retired=retired)


def _project(world: World, company: Any, title: str, alias: str) -> Any:
    from projects.funded.models import PartyRole

    return make_project(
        company,
        title,
        serial=alias,
        issue_notes="내부 메모",
        titles=[{"title": alias, "found_in": "본문"}],
        parties={role: [] for role in PartyRole.values} | {"lead": [{"company_id": company.pk, "note": "총괄"}]},
    )


def _fill(project: Any, *, figure: Decimal, text: str, final: bool) -> None:
    from cooperation_portal.taxonomy.models import Country
    from projects.results.services import add_picture, finalise, save_result

    step = {"country_id": Country.objects.get(code="JP").pk, "area": "", "stage": "agreed", "note": text}
    make_figure(project, figure, as_quoted=f"해외 매출 {figure}불", source=text)
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    picture.seek(0)
    add_picture(project, by=None, file=picture, name="그림.png", caption=f"그림 {text}")
    result = save_result(project, by=None, edit_version=1, steps=[step], content=text, outcome="success")
    if final:
        finalise(result, by=make_user(), edit_version=result.edit_version)


def _at(name: str) -> Making:
    return lambda world: {"pk": getattr(world.areas["projects"], name).pk}


def _figure_at(project: str, figure_of: str = "") -> Making:
    def make(world: World) -> dict[str, Any]:
        area = world.areas["projects"]
        figure = getattr(area, figure_of or project).result.figures.earliest("pk")
        return {"pk": getattr(area, project).pk, "figure_pk": figure.pk}

    return make


def _picture_at(project: str, picture_of: str = "") -> Making:
    def make(world: World) -> dict[str, Any]:
        area = world.areas["projects"]
        picture = getattr(area, picture_of or project).result.pictures.earliest("pk")
        return {"pk": getattr(area, project).pk, "picture_pk": picture.pk}

    return make


def _project_form(**changed: Any) -> Making:
    def make(world: World) -> dict[str, Any]:
        project = world.areas["projects"].draft
        written = {
            "programme": project.programme_id,
            "year": 2025,
            "title": "새로 적은 과제명",
            "company": project.company_id,
            "partner_country": project.partner_country_id,
            "project_type": "field_support",
            "origin": "new",
            "status": "running",
            "name_disclosure": "masked",
            "edit_version": project.edit_version,
            **{f"{prefix}-{name}": 0 for prefix in ("parties", "titles") for name in ("TOTAL_FORMS", "INITIAL_FORMS")},
        }
        return written | changed

    return make


def _stands(result: Any) -> int:
    """The version now: pictures that were added to it have raised it."""
    result.refresh_from_db()
    return int(result.edit_version)


def _result_form(**changed: Any) -> Making:
    def make(world: World) -> dict[str, Any]:
        written = {
            "content": "새로 적은 연구내용",
            "outcome": "ongoing",
            "edit_version": _stands(world.areas["projects"].draft.result),
            "steps-TOTAL_FORMS": 0,
            "steps-INITIAL_FORMS": 0,
        }
        return written | changed

    return make


def _figure_form(**changed: Any) -> Making:
    written = {
        "as_quoted": "국내 매출 8억",
        "source": "성과보고서",
        "kind": "sales_domestic",
        "qualifier": "exact",
        "amount": "8억",
        "currency": "KRW",
        "as_of": "2025",
        "effect": "realised",
        "edit_version": 1,
    }
    return lambda world: written | changed


def _picture_form(world: World) -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    content.seek(0)
    content.name = "그림.png"
    return {"picture": content, "caption": "새 그림"}


def _seen(world: World) -> dict[str, Any]:
    return {"edit_version": _stands(world.areas["projects"].draft.result)}


_RETIRED = _at("retired")  # cannot be changed before it is brought back

ROWS: tuple[Row, ...] = (
    # The register
    Row("project_list", STAFF_ONLY, READS, personal_data=True),
    Row("project_export", STAFF_ONLY, READS, export=True),
    Row("project_detail", STAFF_ONLY, READS, _at("draft"), personal_data=True),
    Row("project_detail", STAFF_ONLY, READS, _RETIRED, case="retired"),
    Row("project_history", STAFF_ONLY, READS, _at("draft"), personal_data=True),
    # Keeping projects
    Row("add_project", CONTENT_ADMINS_ONLY, FORM, data=_project_form(), writes=True),
    Row(
        "add_project", CONTENT_ADMINS_ONLY, READS | REFUSES_INPUT, data=_project_form(title=""), case="without a title"
    ),
    Row("edit_project", CONTENT_ADMINS_ONLY, FORM, _at("draft"), _project_form(), writes=True, foreign=_RETIRED),
    Row(
        "edit_project",
        CONTENT_ADMINS_ONLY,
        READS | REFUSES_INPUT,
        _at("draft"),
        _project_form(edit_version=0),
        case="old page",
    ),
    Row("retire_project", CONTENT_ADMINS_ONLY, POSTS, _at("draft"), writes=True, foreign=_RETIRED),
    Row("restore_project", CONTENT_ADMINS_ONLY, POSTS, _RETIRED, writes=True, foreign=_at("draft")),
    Row("amount_reading", CONTENT_ADMINS_ONLY, READS),
    # Entering results
    Row("edit_result", CONTENT_ADMINS_ONLY, FORM, _at("draft"), _result_form(), writes=True, foreign=_RETIRED),
    Row(
        "edit_result",
        CONTENT_ADMINS_ONLY,
        READS | REFUSES_INPUT,
        _at("draft"),
        _result_form(edit_version=0),
        case="old page",
    ),
    Row("edit_result", CONTENT_ADMINS_ONLY, READS | REFUSES_INPUT, _at("final"), _result_form(), case="final"),
    Row("result_preview", CONTENT_ADMINS_ONLY, READS, _at("draft"), foreign=_RETIRED),
    Row("finalise_result", CONTENT_ADMINS_ONLY, POSTS, _at("draft"), _seen, writes=True, foreign=_RETIRED),
    Row("finalise_result", CONTENT_ADMINS_ONLY, POSTS, _at("draft"), case="old page"),
    Row("reopen_result", CONTENT_ADMINS_ONLY, POSTS, _at("final"), writes=True, foreign=_RETIRED),
    Row("add_figure", CONTENT_ADMINS_ONLY, FORM, _at("draft"), _figure_form(), writes=True, foreign=_RETIRED),
    Row("add_figure", CONTENT_ADMINS_ONLY, READS | REFUSES_INPUT, _at("draft"), _figure_form(amount=""), case="empty"),
    Row(
        "edit_figure",
        CONTENT_ADMINS_ONLY,
        FORM,
        _figure_at("draft"),
        _figure_form(),
        writes=True,
        foreign=_figure_at("draft", "rival"),
    ),
    Row(
        "edit_figure",
        CONTENT_ADMINS_ONLY,
        READS | REFUSES_INPUT,
        _figure_at("draft"),
        _figure_form(edit_version=0),
        case="old page",
    ),
    Row(
        "remove_figure",
        CONTENT_ADMINS_ONLY,
        POSTS,
        _figure_at("draft"),
        writes=True,
        foreign=_figure_at("draft", "rival"),
    ),
    Row("add_result_picture", CONTENT_ADMINS_ONLY, FORM, _at("draft"), _picture_form, writes=True, foreign=_RETIRED),
    Row(
        "remove_result_picture",
        CONTENT_ADMINS_ONLY,
        POSTS,
        _picture_at("draft"),
        writes=True,
        foreign=_picture_at("draft", "rival"),
    ),
    Row("result_picture", ITS_COMPANY_AND_STAFF, READS, _picture_at("final"), foreign=_picture_at("final", "rival")),
    Row("result_picture", NOT_YET_THE_COMPANY, READS, _picture_at("draft"), case="draft"),
    # The company's own
    Row("my_projects", MEMBERS_ONLY, READS, personal_data=True),
    Row("my_project", MEMBERS_ONLY, READS, _at("shared"), foreign=_RETIRED, personal_data=True),
    Row(
        "my_project",
        MEMBERS_ONLY,
        READS,
        _at("final"),
        case="of company A",
        exceptions={(OUTSIDER, "GET"): HIDDEN, (OUTSIDER, "HEAD"): HIDDEN},
    ),
)


def project_list(count: int) -> tuple[Any, str]:
    for number in range(count):
        project = make_project(title=f"과제 {number}", parties={"lead": [{"company_id": make_company().pk}]})
        make_figure(project)
    return make_user(role="officer"), reverse("project_list")


def project_detail(count: int) -> tuple[Any, str]:
    """A project with as many participants, figures, market steps and other titles."""
    from cooperation_portal.taxonomy.models import Country

    project = make_project(
        titles=[{"title": f"이름 {number}"} for number in range(count)],
        parties={"participant": [{"company_id": make_company().pk} for _ in range(count)]},
    )
    japan = Country.objects.get(code="JP").pk
    step = {"country_id": japan, "area": "", "stage": "agreed"}
    make_result(project, steps=[step | {"note": str(number)} for number in range(count)])
    for number in range(count):
        make_figure(project, number)
    return make_user(role="content_admin"), reverse("project_detail", args=[project.pk])


def project_export(count: int) -> tuple[Any, str]:
    reader, _url = project_list(count)
    return reader, reverse("project_export")


def my_projects(count: int) -> tuple[Any, str]:
    company = make_company()
    for number in range(count):
        make_project(company, title=f"과제 {number}")
    return make_member(company), reverse("my_projects")


LISTINGS: tuple[Listing, ...] = (
    Listing(project_list, 17),
    Listing(project_detail, 11),
    Listing(project_export, 14),
    Listing(my_projects, 10),
)
