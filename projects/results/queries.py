"""What pages of results show, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, Prefetch, Sum
from django.utils.translation import gettext as _

from cooperation_portal.audit.timeline import Entry, entries
from cooperation_portal.shared.amounts import money, money_in_digits
from cooperation_portal.taxonomy.models import TechnologyField
from projects.funded.models import Participation, Project, ProjectQuerySet, ProjectTitle, ProjectType
from projects.results.models import (
    HEADINGS,
    FigureKind,
    MarketStep,
    ResultFigure,
    ResultPicture,
    ResultSheet,
)

HEAT_LEVELS = 4


def result_of(project: Project, user: Any) -> ResultSheet | None:
    """The sheet of a project with its details, as far as the person may read it."""
    figures = ResultFigure.objects.select_related("entered_by").order_by("kind", "pk")
    steps = MarketStep.objects.select_related("country").order_by("pk")
    sheets = ResultSheet.objects.visible_to(user).prefetch_related(
        Prefetch("figures", queryset=figures), Prefetch("market_steps", queryset=steps), "pictures"
    )
    return sheets.filter(project=project).first()


def missing_of(result: ResultSheet | None) -> list[str]:
    """What a result still lacks; works on a sheet with its details."""
    if result is None:
        return [_("성과")]
    lacking = [str(label) for name, label in HEADINGS.items() if not getattr(result, name)]
    if not result.outcome:
        lacking.append(_("사업화 결과"))
    if not result.maturity:
        lacking.append(_("완성 단계"))
    if not result.figures.all():
        lacking.append(_("성과 수치"))
    return lacking


# --- over many projects -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Total:
    """Realised amounts of one kind and one currency: currencies are never added to each other."""

    kind: str
    currency: str
    amount: Decimal
    count: int

    @property
    def label(self) -> str:
        return str(FigureKind(self.kind).label)

    @property
    def in_words(self) -> str:
        return money(self.amount, self.currency)

    @property
    def in_digits(self) -> str:
        return money_in_digits(self.amount, self.currency)


def totals(projects: ProjectQuerySet, user: Any) -> tuple[list[Total], int]:
    """Sums by kind and currency, and how many amounts were left out because they are expected or unclear."""
    figures = ResultFigure.objects.visible_to(user).filter(result__project__in=projects.order_by().values("pk"))
    groups = figures.countable().order_by().values_list("kind", "currency")
    found = [Total(*row) for row in groups.annotate(amount=Sum("amount"), count=Count("pk"))]
    order = FigureKind.values
    return sorted(found, key=lambda one: (order.index(one.kind), one.currency)), figures.left_out().count()


def budget(projects: ProjectQuerySet) -> Total | None:
    """What the government gave to these projects, and how many of them say so."""
    found = projects.order_by().aggregate(amount=Sum("budget_krw"), count=Count("budget_krw"))
    return Total("", "KRW", Decimal(found["amount"]), found["count"]) if found["count"] else None


@dataclass(frozen=True)
class HeatCell:
    count: int
    level: int  # 0 for none, up to HEAT_LEVELS for the most


@dataclass(frozen=True)
class HeatRow:
    field: str
    cells: tuple[HeatCell, ...]
    count: int


@dataclass(frozen=True)
class HeatMap:
    types: tuple[Any, ...]
    rows: tuple[HeatRow, ...]
    totals: tuple[int, ...]


def heat_map(projects: ProjectQuerySet) -> HeatMap:
    """Projects by field, as the documents group them, and type."""
    groups = projects.order_by().values_list("project_type", "field_as_quoted", "field_id", "field__parent_id")
    names = {field.pk: field.name for field in TechnologyField.objects.filter(parent__isnull=True)}
    counts: dict[str, dict[str, int]] = {}
    for kind, quoted, field, parent, count in groups.annotate(count=Count("pk")):
        row = counts.setdefault(quoted or names.get(parent or field, _("분야 없음")), {})
        row[kind] = row.get(kind, 0) + count
    most = max((count for row in counts.values() for count in row.values()), default=0)
    rows = [
        HeatRow(
            field,
            tuple(HeatCell(n, -(-HEAT_LEVELS * n // most)) for n in (row.get(kind, 0) for kind in ProjectType.values)),
            sum(row.values()),
        )
        for field, row in counts.items()
    ]
    rows.sort(key=lambda row: (-row.count, row.field))
    by_type = tuple(sum(row.get(kind, 0) for row in counts.values()) for kind in ProjectType.values)
    return HeatMap(tuple(kind.label for kind in ProjectType), tuple(rows), by_type)


# --- history ----------------------------------------------------------------------------------------------------------


def history(project: Project) -> list[Entry]:
    """Everything that happened to the project, its parts, its result and the figures in it."""
    result = ResultSheet.objects.filter(project=project).values_list("pk", flat=True).first()
    of_project: tuple[type[Model], ...] = (ProjectTitle, Participation, ResultSheet)
    of_result: tuple[type[Model], ...] = (ResultFigure, MarketStep, ResultPicture) if result is not None else ()
    return entries(
        (Project, {"pgh_obj_id": project.pk}),
        *((model, {"project_id": project.pk}) for model in of_project),
        *((model, {"result_id": result}) for model in of_result),
    )
