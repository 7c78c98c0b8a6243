"""Columns of the project sheet, and the words that offices use for one and the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.cells import plain
from cooperation_portal.exchange.sheets import Cell, Column, Kind, Wrong
from cooperation_portal.network.models import NameDisclosure
from cooperation_portal.shared.amounts import DECIMALS, Currency, NotAnAmount, read_amount, written_currency
from cooperation_portal.taxonomy.models import Country, Programme, TechnologyField
from projects.funded.models import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_MONTHS,
    Case,
    PartyRole,
    ProjectOrigin,
    ProjectStatus,
    ProjectType,
)
from projects.results.models import HEADINGS, FigureKind, FigureQualifier, Maturity, Outcome

# The kinds of figures that a line has columns for, with the currency where it is always the same.
FIGURES: dict[str, str] = {FigureKind.SALES_OVERSEAS: "", FigureKind.SALES_DOMESTIC: Currency.KRW}


@dataclass(frozen=True)
class AmountColumn(Column):
    """Reads 8억 as 800000000. `currency` is the one that every amount of the column is in."""

    currency: str = ""

    def read(self, cell: Cell) -> Any:
        if isinstance(cell, str) and plain(cell):
            written = written_currency(plain(cell))
            if written and written != self.currency:
                raise Wrong(
                    "currency", _("여기에는 통화 없이 값만 적고, 통화가 다르면 맞는 칸에 적어 주십시오. 예: 66만")
                )
            try:
                cell = f"{read_amount(plain(cell)):f}"
            except NotAnAmount as wrong:
                raise Wrong("amount", str(wrong)) from None
        value = super().read(cell)
        if self.kind == Kind.DECIMAL and value and len(value.partition(".")[2]) > DECIMALS:
            raise Wrong("amount", _("소수점 아래 네 자리까지인 수를 적어 주십시오."))
        return value


@dataclass(frozen=True)
class SynonymColumn(Column):
    """A choice that documents write in several ways."""

    synonyms: tuple[tuple[str, str], ...] = ()

    def read(self, cell: Cell) -> Any:
        text = plain(cell).casefold().replace(" ", "")
        return dict(self.synonyms).get(text) or super().read(cell)


def _programmes() -> list[tuple[str, str]]:
    return list(Programme.objects.values_list("code", "name_ko"))


def _countries() -> list[tuple[str, str]]:
    return list(Country.objects.exclude(code="KR").values_list("code", "name_ko"))


def _fields() -> list[tuple[str, str]]:
    return list(TechnologyField.objects.order_by("code").values_list("code", "name_ko"))


def _column(name: str, label: Any, kind: Kind = Kind.TEXT, **more: Any) -> Column:
    return Column(name=name, label=label, kind=kind, **more)


def _won(name: str, label: Any, **more: Any) -> Column:
    return AmountColumn(name=name, label=label, kind=Kind.INTEGER, currency=Currency.KRW, minimum=0, **more)


def _figure(kind: str, currency: str) -> tuple[Column, ...]:
    label = FigureKind(kind).label

    def of(what: Any) -> Any:
        return format_lazy("{} {}", label, what)

    amount = AmountColumn(
        name=kind, label=label, kind=Kind.DECIMAL, currency=currency, minimum=0, example="66만",
        help=gettext_lazy("값만 적습니다. 8억, 1억 2,000만처럼 적어도 됩니다."),
    )  # fmt: skip
    money = [] if currency else [_column(f"{kind}_currency", of(gettext_lazy("통화")), Kind.CHOICE, choices=Currency)]
    return (
        amount,
        *money,
        _column(f"{kind}_qualifier", of(gettext_lazy("조건")), Kind.CHOICE, choices=FigureQualifier, example="약",
                help=gettext_lazy("비우면 ‘정확히’입니다.")),
        _column(f"{kind}_as_of", of(gettext_lazy("기준일")), max_length=20, example="2025-12",
                help=gettext_lazy("아는 데까지: 2025, 2025-12, 2025-12-31")),
        _column(f"{kind}_source", of(gettext_lazy("출처")), max_length=300, example="2025년 성과보고서 12쪽"),
        _column(f"{kind}_quoted", of(gettext_lazy("원문")), max_length=300,
                help=gettext_lazy("출처에 적힌 말 그대로.")),
    )  # fmt: skip


_PARTIES_HELP = gettext_lazy(
    "사업자등록번호, 기업 코드, 기관의 출처 번호를 ;로 나누어 적습니다."
    " 등록되지 않은 곳은 ‘이름 (RU)’처럼 국가를 붙입니다."
)


COLUMNS: tuple[Column, ...] = (
    _column("source_reference", gettext_lazy("출처 번호"), Kind.CODE, max_length=80, example="2025-RU-07"),
    _column("programme", gettext_lazy("사업"), Kind.CHOICE, required=True, choices=_programmes,
            example="한·러 기술협력사업", aliases=("사업명",)),
    _column("year", gettext_lazy("사업 연도"), Kind.INTEGER, required=True, minimum=FIRST_YEAR, maximum=LAST_YEAR,
            example="2025", aliases=("연도",)),
    _column("serial", gettext_lazy("과제 번호"), Kind.CODE, max_length=40, example="단기형-②",
            help=gettext_lazy("문서에 적힌 그대로 적습니다."), aliases=("세부과제 번호",)),
    _column("title", gettext_lazy("과제명"), required=True, max_length=300, aliases=("세부과제명",)),
    _column("titles", gettext_lazy("다른 과제명"), max_length=3000,
            help=gettext_lazy("여럿이면 줄을 바꾸어 적습니다.")),
    SynonymColumn(
        name="project_type", label=gettext_lazy("과제 유형"), kind=Kind.CHOICE, required=True, choices=ProjectType,
        example="현지화형", aliases=("유형", "구분"),
        synonyms=(("단기현장", "field_support"), ("단기형", "field_support"), ("단기", "field_support"),
                  ("현지화", "localisation"), ("원천", "source")),
    ),
    SynonymColumn(
        name="case", label=gettext_lazy("Case"), kind=Kind.CHOICE, choices=Case, example="Case 1",
        synonyms=(("case1", "1"), ("casei", "1"), ("i", "1"), ("case2", "2"), ("caseii", "2"), ("ii", "2")),
    ),
    _column("origin", gettext_lazy("신규·계속"), Kind.CHOICE, choices=ProjectOrigin,
            help=gettext_lazy("비우면 ‘신규’입니다.")),
    _column("partner_country", gettext_lazy("협력 대상국"), Kind.CHOICE, required=True, choices=_countries,
            example="러시아", aliases=("국가",)),
    _column("company", gettext_lazy("대표 기업"), required=True, max_length=60, example="124-81-00998",
            help=gettext_lazy("사업자등록번호나 기업 코드. 해외 법인은 RU:현지번호."), aliases=("참여기업",)),
    _column("technology", gettext_lazy("원천기술 출처 번호"), Kind.CODE, max_length=80),
    _column("field", gettext_lazy("기술분야"), Kind.CHOICE, choices=_fields, example="0103"),
    _column("field_as_quoted", gettext_lazy("문서의 분야 구분"), max_length=60, example="공정분야"),
    _column("starts_on", gettext_lazy("시작일"), Kind.DATE, example="2025-05-01"),
    _column("months", gettext_lazy("기간(개월)"), Kind.INTEGER, minimum=1, maximum=LONGEST_MONTHS,
            help=gettext_lazy("비우면 단기현장지원 6, 현지화형 12, 원천형 24개월입니다.")),
    _column("ends_on", gettext_lazy("종료일"), Kind.DATE, help=gettext_lazy("비우면 시작일과 기간으로 계산합니다.")),
    _won("budget_krw", gettext_lazy("정부출연금(원)"), example="7,000만"),
    _won("private_cash_krw", gettext_lazy("민간부담금 현금(원)")),
    _won("private_in_kind_krw", gettext_lazy("민간부담금 현물(원)")),
    _column("pays_royalty", gettext_lazy("기술료 납부"), Kind.FLAG),
    _column("already_developed", gettext_lazy("이미 개발된 제품의 개선"), Kind.FLAG),
    _column("status", gettext_lazy("상태"), Kind.CHOICE, choices=ProjectStatus,
            help=gettext_lazy("비우면 ‘진행 중’입니다.")),
    _column("stop_reason", gettext_lazy("중단 사유"), max_length=500),
    _column("name_disclosure", gettext_lazy("기업명 표시"), Kind.CHOICE, choices=NameDisclosure,
            help=gettext_lazy("비우면 ‘마스킹’입니다.")),
    _column(PartyRole.LEAD.value, gettext_lazy("주관기관"), max_length=300, has_lines=True, help=_PARTIES_HELP),
    _column(PartyRole.PARTICIPANT.value, gettext_lazy("참여기관"), max_length=2000, help=_PARTIES_HELP),
    _column(PartyRole.COMMISSIONED.value, gettext_lazy("위탁연구기관"), max_length=2000, help=_PARTIES_HELP),
    _column("issue_notes", gettext_lazy("추진상 어려움(내부용)"), max_length=4000),
    *(column for kind, currency in FIGURES.items() for column in _figure(kind, currency)),
    _column("maturity", gettext_lazy("완성 단계"), Kind.CHOICE, choices=Maturity, example="시작품"),
    _column("outcome", gettext_lazy("사업화 결과"), Kind.CHOICE, choices=Outcome, example="진행"),
    _column("outcome_reason", gettext_lazy("결과의 사유"), max_length=500),
    *(_column(name, label, max_length=8000) for name, label in HEADINGS.items()),
)  # fmt: skip
