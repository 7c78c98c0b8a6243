"""People and records that tests begin with. Each fixture is one named thing; makers give more of a kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from cooperation_portal.shared.identifiers import is_business_number

_numbers = count(1)


def make_user(name: str = "김하늘", role: str | None = None, **fields: Any) -> Any:
    from allauth.account.models import EmailAddress

    from cooperation_portal.accounts.models import Grant, User

    email = fields.pop("email", f"person{next(_numbers)}@portal.example")
    user = User.objects.create_user(email, fields.pop("password", None), name=name, **fields)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    if role:
        Grant.objects.create(user=user, role=role, reason="시험")
    return user


def valid_business_number(serial: int) -> str:
    """A number with the right check digit, different for each serial below 10**6."""
    stem = f"124{serial:06d}"
    return next(stem + str(digit) for digit in range(10) if is_business_number(stem + str(digit)))


def make_company(name: str = "㈜가람정밀", **fields: Any) -> Any:
    from cooperation_portal.network.models import Company
    from cooperation_portal.taxonomy.models import Country

    number = next(_numbers)
    fields.setdefault("business_number", valid_business_number(number))
    fields.setdefault("site_country", Country.objects.get(code="KR"))
    return Company.objects.create(name=name, code=f"T-{number:04d}", company_class="sme", size="small", **fields)


def make_member(company: Any, name: str = "박도윤", role: str = "member") -> Any:
    from cooperation_portal.network.models import Membership

    user = make_user(name)
    Membership.objects.create(user=user, company=company, role=role)
    return user


def make_join_request(company: Any = None, user: Any = None, **fields: Any) -> Any:
    """A person whose address is confirmed asks; goes to the owner, an officer or the details, as the company is."""
    from cooperation_portal.network.joining.services.requests import ask_to_join

    if company is not None:
        names = ("business_number", "local_registration_number", "site_country")
        fields = {name: getattr(company, name) for name in names} | fields
    return ask_to_join(by=user or make_user("도하준"), **fields)


def make_invitation(company: Any, by: Any, email: str = "invited@portal.example", role: str = "member") -> Any:
    from cooperation_portal.network.joining.services.invitations import invite

    return invite(company, email=email, role=role, by=by)


def token_of(invitation: Any) -> str:
    """From the link of the mail: nowhere else is it written down."""
    from cooperation_portal.notices.models import Mail

    mail = Mail.objects.get(event=f"invitation:{invitation.pk}")
    return mail.text.split("/company/invitation/")[1].split("/")[0]


def make_institution(country: str = "RU", language: str = "ru", name: str = "Институт металлов", **fields: Any) -> Any:
    from cooperation_portal.network.models import Institution
    from cooperation_portal.taxonomy.models import Country

    return Institution.objects.create(
        kind="research_institute",
        country=Country.objects.get(code=country),
        name_ko=fields.pop("name_ko", "시험 금속연구소"),
        name_original=name,
        original_language=language,
        **fields,
    )


def make_technology(
    title: str = "Плазменное азотирование стали",
    body: str = "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV при температуре 500 °C.",
    language: str = "ru",
    korean: tuple[str, str] | None = (
        "강의 플라즈마 질화",
        "500 ℃에서 강 표면 경도를 1100 HV까지 높이는 질화 공정입니다.",
    ),
    **fields: Any,
) -> Any:
    from cooperation_portal.taxonomy.models import Country, TechnologyField
    from matching.catalogue.services import add_technology

    texts: dict[str, dict[str, Any]] = {language: {"origin": "source", "title": title, "body": body}}
    if korean and language != "ko":
        texts["ko"] = {"origin": "human", "title": korean[0], "body": korean[1]}
    country = fields.pop("country", "RU")
    if "owner" not in fields and "owner_company" not in fields:
        fields["owner"] = make_institution(country, language if language != "zh" else "zh")
    return add_technology(
        by=None,
        texts=texts,
        country=Country.objects.get(code=country),
        field=TechnologyField.objects.get(code=fields.pop("field", "0103")),
        original_language=language,
        disclosure=fields.pop("disclosure", "members"),
        status=fields.pop("status", "published"),
        **fields,
    )


def make_demand(
    company: Any = None,
    title: str = "저온 플라즈마 질화 기술",
    problem: str = "기어 표면의 경도를 높이기 위해 500 ℃ 이하에서 변형 없이 질화하는 기술이 필요합니다.",
    submit: bool = True,
    **fields: Any,
) -> Any:
    from cooperation_portal.taxonomy.models import TechnologyField
    from matching.demands.services import add_demand

    if company is None and "institution" not in fields:
        company = make_company()
    chosen = TechnologyField.objects.filter(code__in=fields.pop("fields", ["0103"]))
    return add_demand(
        by=fields.pop("by", None), company=company, title=title, problem=problem, fields=chosen, submit=submit, **fields
    )


def make_expert(name: str = "가와니시 마사토", **fields: Any) -> Any:
    from cooperation_portal.taxonomy.models import Country
    from experts.services import add_expert

    values: dict[str, Any] = {
        "direction": "invited",
        "original_language": "ja",
        "career_years": 41,
        "specialities": "사출 금형의 변형과 수축을 줄입니다.",
        "languages": ["ja"],
        "guidance_modes": ["on_site"],
        "fields": ["0201"],
    }
    values["country"] = Country.objects.get(code=fields.pop("country", "JP"))
    return add_expert(by=None, name_ko=name, **values | fields)


def make_project(company: Any = None, title: str = "다이캐스팅 공정 실증", **fields: Any) -> Any:
    from cooperation_portal.taxonomy.models import Country, Programme, TechnologyField
    from projects.funded.services import add_project

    return add_project(
        by=fields.pop("by", None),
        company=company or make_company(),
        title=title,
        programme=Programme.objects.get(code=fields.pop("programme", "P-RU")),
        partner_country=Country.objects.get(code=fields.pop("country", "RU")),
        field=TechnologyField.objects.get(code=fields.pop("field", "0104")),
        **{"year": 2025, "project_type": "field_support", "case": "1", "budget_krw": 70_000_000} | fields,
    )


def make_result(project: Any, final: bool = False, steps: Any = (), **fields: Any) -> Any:
    from projects.results.services import finalise, save_result

    values = {"content": "결함 예측 모형을 만들어 시험했다.", "outcome": "ongoing"} | fields
    result = save_result(project, by=None, edit_version=0, steps=steps, **values)
    return finalise(result, by=make_user(), edit_version=result.edit_version) if final else result


def make_figure(project: Any, amount: Any = 660_000, currency: str = "USD", **fields: Any) -> Any:
    from projects.results.services import add_figure

    values = {
        "kind": "sales_overseas",
        "as_quoted": "해외 매출 66만불",
        "source": "성과보고서 12쪽",
        "as_of": date(2025, 12, 1),
        "as_of_precision": "month",
    }
    read = None if amount is None else Decimal(amount)
    return add_figure(project, by=None, amount=read, currency=currency, **values | fields)


def make_announcement(
    title: str = "사업 공고", body: str = "참여기업을 찾습니다.", published: bool = True, **fields: Any
) -> Any:
    from cooperation_portal.pages import services

    page = services.add_announcement(by=None, title=title, body=body, **fields)
    if published:
        services.publish(page, language="ko", by=None, seen=1)
    return page


def make_question(title: str = "비용이 듭니까?", body: str = "들지 않습니다.", category: str = "other") -> Any:
    from cooperation_portal.pages import services

    page = services.add_question(by=None, category=category, title=title, body=body)
    services.publish(page, language="ko", by=None, seen=1)
    return page


def make_inquiry(by: Any = None, **fields: Any) -> Any:
    from cooperation_portal.pages.services import ask

    values = {
        "category": "site",
        "subject": "로그인이 되지 않습니다",
        "text": "비밀번호를 바꾸어도 들어갈 수 없습니다.",
    }
    asker = {"name": by.name, "email": by.email} if by else {"name": "민채원", "email": "guest@elsewhere.example"}
    return ask(by=by, **values | asker | fields)


def make_import(by: Any, sheet: str = "companies", wrong: int = 1, new: int = 1, **fields: Any) -> Any:
    """An import with a file of some right and wrong rows, as its reader would have left it."""
    from cooperation_portal.exchange.models import Import, ImportFile, ImportRow
    from cooperation_portal.files.models import StoredFile

    digest = f"{next(_numbers):064x}"
    kept = StoredFile.objects.create(original_name="자료.xlsx", content_type="", size=9, sha256=digest, stored_by=by)
    run = Import.objects.create(uploaded_by=by, **{"state": "ready", "previews": 1} | fields)
    file = ImportFile.objects.create(
        run=run, sheet=sheet, position=20, stored=kept, name=kept.original_name, size=kept.size, sha256=digest,
        columns=[[0, "name", "기업명"]], new_count=new, wrong_count=wrong,
    )  # fmt: skip
    problem = {"column": "name", "code": "required", "text": "꼭 적어야 하는 칸입니다.", "shown": ""}
    ImportRow.objects.bulk_create(
        [
            *(ImportRow(file=file, number=2 + n, state="new", values={"name": "㈜새기업"}) for n in range(new)),
            *(
                ImportRow(file=file, number=900 + n, state="wrong", cells=[None], problems=[problem])
                for n in range(wrong)
            ),
        ]
    )
    return run


def make_weights(**fields: Any) -> Any:
    """What a calibration proposes, no better than what it compares."""
    from matching.learning.models import WeightSet

    weights = {"semantic": 0.8, "readings": 0.6, "loan_words": 0.2, "neutral": 0.1, "concepts": 0.3}
    measured = {"log_loss": 0.6, "precision": {"1": [4, 20], "5": [30, 100], "10": [50, 200]}}
    values = {
        "weights": weights,
        "figures": {"before": dict.fromkeys(weights, 0.4), "old": measured, "new": measured},
        "decisions": 240,
        "demands": 22,
        "engine_version": "2-a",
        "encoder": "use",
        "glossary_version": "0",
    }
    return WeightSet.objects.create(**values | fields)


def make_proposal(by: Any = None, number: int = 0) -> Any:
    """A new concept that no glossary has; another for each number below six."""
    from matching.learning.services import propose_terms

    terms = {"ko": [f"콰르젤리움 {'가나다라마바'[number]}형"], "en": [f"quarzelium {'abcdef'[number] * 3}"]}
    return propose_terms(concept="", field="metals", broader="", terms=terms, note="", by=by or make_user())


def make_judgement(demand: Any = None, technology: Any = None, by: Any = None, **fields: Any) -> Any:
    """Of a technology that was on no list."""
    from matching.learning.models import Judgement

    values = {"verdict": "suitable", "decided_by": by or make_user()} | fields
    return Judgement.objects.create(
        demand=demand or make_demand(), technology=technology or make_technology(), **values
    )


@pytest.fixture
def officer(db: None) -> Any:
    return make_user("한서윤", "officer")


@pytest.fixture
def colleague(db: None) -> Any:
    return make_user("문태호", "officer")


@pytest.fixture
def content_admin(db: None) -> Any:
    return make_user("오하린", "content_admin")


@pytest.fixture
def system_admin(db: None) -> Any:
    return make_user("배진욱", "system_admin")


@pytest.fixture
def company(db: None) -> Any:
    return make_company("㈜동백정공")


@pytest.fixture
def member(company: Any) -> Any:
    return make_member(company, "곽미래", "owner")


@pytest.fixture
def outsider(db: None) -> Any:
    """A person of another company."""
    return make_member(make_company("(주)남해화학"), "서지안")


@pytest.fixture
def demand(company: Any) -> Any:
    return make_demand(company)


@pytest.fixture
def technology(db: None) -> Any:
    return make_technology()


@pytest.fixture
def scored(db: None) -> Callable[[], int]:
    """Does all waiting work in this process; returns how many pieces."""
    from cooperation_portal.work.services import run_waiting
    from tests.running import hurry

    def work() -> int:
        done = run_waiting()
        while hurry():
            done += run_waiting()
        return done

    return work
