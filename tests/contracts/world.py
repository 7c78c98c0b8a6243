"""Two companies, the staff and what lies between them: what every contract is tried on.

Everything of company A carries a token that occurs nowhere else, so that a leak can be searched for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from tests.people import make_company, make_demand, make_member, make_technology, make_user, valid_business_number

ANONYMOUS, MEMBER, OUTSIDER, NEWCOMER = "anonymous", "member", "outsider", "newcomer"
OFFICER, CONTENT_ADMIN, SYSTEM_ADMIN = "officer", "content_admin", "system_admin"
ROLES = (ANONYMOUS, MEMBER, OUTSIDER, NEWCOMER, OFFICER, CONTENT_ADMIN, SYSTEM_ADMIN)

PASSWORD = "네 낱말로 된 긴 암호 1"
TOKENS = {
    "title": "ZQATITLE",
    "problem": "ZQAPROBLEM",
    "metric": "ZQAMETRIC",
    "figure": "7919.31",
    "product": "ZQAPRODUCT",
    "company": "ZQACOMPANY",
    "company_en": "ZQAENGLISH",
    "business_number": valid_business_number(799_121),
    "person": "ZQAPERSON",
    "address": "zqa-address",
    "decision": "ZQADECISION",
    "release": "ZQARELEASE",
    "answer": "ZQAANSWER",
    "draft": "ZQAUNFILED",
    "staff_technology": "ZQASTAFF",
    "draft_technology": "ZQADRAFT",
    "project": "ZQAPROJECT",
    "project_alias": "ZQAPALIAS",
    "project_result": "ZQARESULT",
    "sales": "6428153",
    "expert": "ZQAEXPERT",
    "expert_contact": "zqa-contact",
    "applicant": "ZQAAPPLICANT",
    "applicant_address": "zqa-applicant",
    "join_note": "ZQAJOINNOTE",
    "invited_address": "zqa-invited",
    "inquiry": "ZQAINQUIRY",
}


@dataclass
class World:
    people: dict[str, Any]  # by role; nobody for anonymous
    sessions: dict[str, str]
    colleague: Any
    company: Any
    rival: Any
    demand: Any  # of company A: decided, released and still open
    rival_demand: Any
    draft: Any  # written by the colleague, not filed
    public: Any
    members_only: Any
    staff_only: Any
    unpublished: Any
    retired: Any
    released: Any
    unreleased: Any
    failed_work: Any
    mail: Any
    confirm_key: str
    reset_key: dict[str, str]
    areas: dict[str, SimpleNamespace] = field(default_factory=dict)  # what each module of `areas` made

    def client(self, role: str, enforce_csrf_checks: bool = False) -> Client:
        """A browser of its own, signed in; what one test does to its cookies does not reach the next."""
        client = Client(raise_request_exception=False)
        client.handler = _handler(enforce_csrf_checks)
        if role != ANONYMOUS:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


@cache
def _handler(enforce_csrf_checks: bool) -> ClientHandler:
    """Shared by all browsers: to load the middleware for each request would take longer than the request."""
    return ClientHandler(enforce_csrf_checks)


def build_world() -> World:
    from allauth.account.forms import default_token_generator
    from allauth.account.models import EmailAddress, EmailConfirmationHMAC
    from allauth.account.utils import user_pk_to_url_str

    from cooperation_portal.accounts.models import User
    from cooperation_portal.network.models import InstitutionAlias
    from cooperation_portal.notices.models import Mail
    from cooperation_portal.work.models import Heartbeat, Queue, Work
    from matching.triage import services

    company = make_company(
        f"㈜{TOKENS['company']}", name_en=TOKENS["company_en"], business_number=TOKENS["business_number"]
    )
    rival = make_company("(주)남해화학")
    people = {
        ANONYMOUS: None,
        MEMBER: make_member(company, TOKENS["person"], "owner"),
        OUTSIDER: make_member(rival, "서지안"),
        NEWCOMER: make_user("유아람"),
        OFFICER: make_user("한서윤", OFFICER),
        CONTENT_ADMIN: make_user("오하린", CONTENT_ADMIN),
        SYSTEM_ADMIN: make_user("배진욱", SYSTEM_ADMIN),
    }
    colleague = make_user("문태호", OFFICER)
    User.objects.get_queryset().update(password=make_password(PASSWORD))
    address = f"{TOKENS['address']}@portal.example"
    User.objects.get_queryset().filter(pk=people[MEMBER].pk).update(email=address)
    EmailAddress.objects.filter(user=people[MEMBER]).update(email=address)
    for person in people.values():
        if person is not None:
            person.refresh_from_db()

    public = make_technology(disclosure="public")
    members_only = make_technology("Лазерная наплавка", korean=("레이저 클래딩", "마모된 축을 되살립니다."))
    staff_only = make_technology(
        f"Криогенная ковка {TOKENS['staff_technology']}", korean=None, disclosure="staff", owner_company=company
    )
    unpublished = make_technology(f"Черновик {TOKENS['draft_technology']}", korean=None, status="draft")
    retired = make_technology("Старая технология", korean=None, status="retired")
    for name in ("ИМ", "Институт"):
        InstitutionAlias.objects.create(institution=public.owner, kind="other", name=name, language="ru")

    demand = make_demand(
        company,
        f"저온 질화 {TOKENS['title']}",
        f"기어 표면의 경도를 높이려고 변형 없는 질화 공정을 찾습니다. {TOKENS['problem']}",
        target_product=TOKENS["product"],
        fields=["0103", "0104"],
        by=people[OFFICER],
        metrics=[
            {"name": TOKENS["metric"], "qualifier": "at_least", "value": Decimal(TOKENS["figure"]), "unit": "HV"},
            {"name": "온도", "qualifier": "at_most", "value": Decimal(500), "unit": "℃"},
        ],
    )
    rival_demand = make_demand(rival, "폐수 처리 기술")
    draft = make_demand(company, "아직 접수하지 않은 수요", submit=False, by=colleague)
    for wanted in (demand, rival_demand):
        rank(wanted, [public, members_only, staff_only])

    officer = people[OFFICER]
    values = {"verdict": "suitable", "reason": "solves", "words": TOKENS["decision"], "seen_version": 0, "by": officer}
    released = services.decide(demand, public, **values)
    services.release(demand, message=TOKENS["release"], seen={released.pk: released.version}, by=officer)
    unreleased = services.decide(demand, members_only, **values)
    other = services.decide(rival_demand, public, **values | {"words": ""})
    services.release(rival_demand, message="", seen={other.pk: other.version}, by=officer)
    for wanted in (demand, rival_demand):
        services.assign(wanted, officer=officer, by=colleague)
        services.pick_by_hand(wanted, staff_only, by=officer)
    released.refresh_from_db()

    Work.objects.filter(kind="score_demand", subject=str(demand.pk)).update(state="done", finished_at=timezone.now())
    failed = Work.objects.get(kind="score_demand", subject=str(rival_demand.pk))
    failed.state, failed.cause, failed.finished_at = "failed", "시험", timezone.now()
    failed.save()
    for queue in Queue.values:
        Heartbeat.objects.create(queue=queue, at=timezone.now())

    second_address = EmailAddress.objects.create(
        user=people[NEWCOMER], email="second@portal.example", primary=False, verified=False
    )
    world = World(
        people=people,
        sessions={role: _session(person) for role, person in people.items() if person},
        colleague=colleague,
        company=company,
        rival=rival,
        demand=demand,
        rival_demand=rival_demand,
        draft=draft,
        public=public,
        members_only=members_only,
        staff_only=staff_only,
        unpublished=unpublished,
        retired=retired,
        released=released,
        unreleased=unreleased,
        failed_work=failed,
        mail=Mail.objects.earliest("pk"),
        confirm_key=EmailConfirmationHMAC(second_address).key,
        reset_key={
            "uidb36": user_pk_to_url_str(people[NEWCOMER]),
            "key": default_token_generator.make_token(people[NEWCOMER]),
        },
    )
    from tests.contracts.access_table import AREAS

    for area in AREAS:
        world.areas[area.__name__.rsplit(".", 1)[1]] = area.build(world)
    return world


def rank(demand: Any, technologies: list[Any]) -> None:
    """Scores as the worker would have stored them."""
    from matching.scoring.models import Match, Ranking

    names = ("semantic", "readings", "loan_words", "neutral")
    for place, technology in enumerate(technologies):
        Match.objects.create(
            demand=demand,
            technology=technology,
            language=technology.original_language,
            score=3.0 - place / 10,
            relevance="high",
            components={"raw": dict.fromkeys(names, 0.5), "contributions": dict.fromkeys(names, 0.4)},
            reasons={"sentence_pairs": [], "terms": [], "figures": [], "fields": ["0103"], "cautions": []},
            engine_version="1",
            encoder="use",
            reference_version="1",
            demand_hash="",
            technology_hash="",
        )
    Ranking.objects.update_or_create(
        demand=demand, defaults={"demand_version": demand.content_version, "considered": len(technologies)}
    )


def _session(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    assert store.session_key
    return store.session_key
