from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.contracts.listings import Listing
from tests.contracts.rows import (
    BAD_INPUT,
    FORM,
    HIDDEN,
    ITS_COMPANY,
    MEMBERS_ONLY,
    OFFICERS_ONLY,
    OK,
    POSTS,
    READS,
    REDIRECT,
    REFUSES_INPUT,
    SIGNED_IN,
    Making,
    Row,
)
from tests.contracts.world import MEMBER, OUTSIDER, TOKENS, rank
from tests.people import make_company, make_demand, make_member, make_technology, make_user

if TYPE_CHECKING:
    from tests.contracts.world import World


def build(world: World) -> SimpleNamespace:
    """A draft of each company, and what each says to the technology that was recommended to it."""
    from matching.triage.services import answer

    draft = make_demand(
        world.company, f"분말 야금 {TOKENS['draft']}", submit=False, by=world.people[MEMBER], prompted_by=world.public
    )
    rival_draft = make_demand(world.rival, "막 분리 공정 기술", submit=False, by=world.people[OUTSIDER])
    declined = {"interest": "not_interested", "reason": "terms", "words": TOKENS["answer"], "seen_version": 0}
    given = answer(world.released, by=world.people[MEMBER], **declined)
    other = world.rival_demand.decisions.get(technology=world.public)
    answer(other, interest="interested", reason="", words="", seen_version=0, by=world.people[OUTSIDER])
    third = make_company("㈜셋째기업")  # neither the member nor the outsider acts for it
    strange_draft = make_demand(third, "세라믹 접합 기술", submit=False)
    strange_demand = make_demand(third, "진공 단열 기술")
    return SimpleNamespace(
        draft=draft,
        rival_draft=rival_draft,
        answer=given,
        strange_draft=strange_draft,
        strange_demand=strange_demand,
    )


def _draft(world: World) -> dict[str, Any]:
    return {"pk": world.areas["company_demands"].draft.pk}


def _strange_draft(world: World) -> dict[str, Any]:
    return {"pk": world.areas["company_demands"].strange_draft.pk}


def _demand(world: World) -> dict[str, Any]:
    return {"pk": world.demand.pk}


def _strange_demand(world: World) -> dict[str, Any]:
    return {"pk": world.areas["company_demands"].strange_demand.pk}


def _step(of: Making, step: str = "what") -> Making:
    return lambda world: {**of(world), "step": step}


def _pair(technology: str, demand: str = "demand") -> Making:
    return lambda world: {"pk": getattr(world, demand).pk, "technology_pk": getattr(world, technology).pk}


def _what(demand: Making | None = None, **changed: Any) -> Making:
    """The first step, of a new demand or of one that is there."""

    def make(world: World) -> dict[str, Any]:
        from matching.demands.models import Demand

        written = {"kind": "demand", "purpose": "use_technology", "language": "ko", "title": "고온 합금의 정밀 주조"}
        if demand is not None:
            written["edit_version"] = str(Demand.objects.get(**demand(world)).edit_version)
        return written | changed

    return make


def _seen(world: World) -> dict[str, Any]:
    return {"edit_version": world.areas["company_demands"].draft.edit_version}


def _answer(**changed: Any) -> Making:
    def make(world: World) -> dict[str, Any]:
        version = world.areas["company_demands"].answer.version
        return {"interest": "interested", "reason": "", "words": "", "seen_version": version} | changed

    return make


ROWS: tuple[Row, ...] = (
    # Filing
    Row("new_demand", MEMBERS_ONLY, FORM, data=_what(), writes=True),
    Row("new_demand", MEMBERS_ONLY, READS | REFUSES_INPUT, data=_what(title="가" * 201), case="too long"),
    Row("demand_step", ITS_COMPANY, FORM, _step(_draft), _what(_draft), writes=True, foreign=_step(_strange_draft)),
    Row("demand_step", ITS_COMPANY, READS | REFUSES_INPUT, _step(_draft), _what(edit_version=0), case="old page"),
    Row("demand_step", ITS_COMPANY, FORM, _step(_demand), _what(_demand), writes=True, case="what was filed"),
    Row("demand_step", ITS_COMPANY, READS | {"POST": OK}, _step(_draft, "confirm"), case="confirm"),
    Row("submit_demand", ITS_COMPANY, POSTS, _draft, _seen, writes=True, foreign=_strange_draft),
    Row("submit_demand", ITS_COMPANY, REFUSES_INPUT, _draft, lambda w: {"edit_version": 0}, case="old page"),
    Row("discard_demand", ITS_COMPANY, FORM, _draft, writes=True, foreign=_strange_draft),
    # Following
    Row("my_demands", MEMBERS_ONLY, READS, personal_data=True),
    Row("my_demand", ITS_COMPANY, READS, _demand, foreign=_strange_demand, personal_data=True),
    Row("my_demand", ITS_COMPANY, READS, _draft, foreign=_strange_draft, case="draft"),
    Row("my_demand_progress", ITS_COMPANY, READS, _demand, foreign=_strange_demand),
    Row(
        "withdraw_demand",
        ITS_COMPANY,
        FORM,
        _demand,
        lambda w: {"reason": "다른 방법을 찾았습니다."},
        writes=True,
        foreign=_strange_demand,
    ),
    Row("withdraw_demand", ITS_COMPANY, READS | REFUSES_INPUT, _demand, case="empty"),
    # Answering
    Row(
        "answer_recommendation",
        ITS_COMPANY,
        FORM,
        _pair("public"),
        _answer(),
        writes=True,
        foreign=lambda world: {**_strange_demand(world), "technology_pk": world.public.pk},
        personal_data=True,
    ),
    Row(
        "answer_recommendation",
        ITS_COMPANY,
        READS | REFUSES_INPUT,
        _pair("public"),
        _answer(interest="not_interested"),
        case="without a reason",
    ),
    Row(
        "answer_recommendation",
        ITS_COMPANY,
        READS | REFUSES_INPUT,
        _pair("public"),
        _answer(seen_version=0),
        case="old page",
    ),
    Row(
        "answer_recommendation",
        ITS_COMPANY,
        {"GET": HIDDEN, "POST": HIDDEN},
        _pair("members_only"),
        _answer(),
        case="not released",
    ),
    # The office
    Row("demand_export", OFFICERS_ONLY, READS, export=True, personal_data=True),
    # What is kept while it is typed
    Row(
        "autosave",
        SIGNED_IN,
        {"POST": OK},
        data=lambda w: {"path": reverse("new_demand"), "body": "title=%EC%A7%88%ED%99%94"},
        writes=True,
    ),
    Row("autosave", SIGNED_IN, {"POST": REDIRECT}, data=lambda w: {"path": "/", "forget": "1"}, case="thrown away"),
    Row("autosave", SIGNED_IN, {"POST": BAD_INPUT}, data=lambda w: {"path": "//evil.example/"}, case="elsewhere"),
)


def _recommended(count: int, company: Any) -> Any:
    """A demand with as many recommendations, each with a score, every other one answered."""
    from matching.triage.services import answer, assign, decide, release

    officer, demand = make_user(role="officer"), make_demand(company, fields=["0103", "0104"])
    technologies = [make_technology(f"Технология {number}") for number in range(count)]
    rank(demand, technologies)
    assign(demand, officer=officer, by=officer)
    for technology in technologies:
        decide(demand, technology, verdict="suitable", reason="solves", words="", seen_version=0, by=officer)
    made = release(demand, message="", seen=dict(demand.decisions.values_list("pk", "version")), by=officer)
    for decision in list(made.decisions.all())[::2]:
        answer(decision, interest="interested", reason="", words="", seen_version=0, by=officer)
    return demand


def my_demand(count: int) -> tuple[Any, str]:
    company = make_company()
    return make_member(company), reverse("my_demand", kwargs={"pk": _recommended(count, company).pk})


def my_demands(count: int) -> tuple[Any, str]:
    company = make_company()
    for _number in range(count):
        _recommended(2, company)
    return make_member(company), reverse("my_demands")


def demand_export(count: int) -> tuple[Any, str]:
    for _number in range(count):
        make_demand(fields=["0103", "0104"])
    return make_user(role="officer"), reverse("demand_export")


LISTINGS: tuple[Listing, ...] = (Listing(my_demand, 18), Listing(my_demands, 11), Listing(demand_export, 10))
