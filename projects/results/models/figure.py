from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.shared.amounts import DECIMALS, Currency, money, money_in_digits, plain_number
from cooperation_portal.shared.constraints import choices_constraint, order_constraint
from cooperation_portal.shared.partial_dates import PartialDate, Precision
from projects.results.models.sheet import ResultSheet


class FigureKind(models.TextChoices):
    SALES_OVERSEAS = "sales_overseas", _("해외 매출")
    SALES_DOMESTIC = "sales_domestic", _("국내 매출")
    EXPORTS = "exports", _("수출액")
    SAVINGS = "savings", _("비용 절감")
    JOBS = "jobs", _("고용")
    PATENTS_APPLIED = "patents_applied", _("특허 출원")
    PATENTS_GRANTED = "patents_granted", _("특허 등록")
    OTHER = "other", _("기타")


class FigureQualifier(models.TextChoices):
    """How a quoted figure is meant; 약 8억 and 8억 are not the same statement."""

    EXACT = "exact", _("정확히")
    ABOUT = "about", _("약")
    AROUND = "around", _("정도")
    AT_LEAST = "at_least", _("이상")
    AT_MOST = "at_most", _("이하")
    MORE_THAN = "more_than", _("초과")
    LESS_THAN = "less_than", _("미만")
    NEARLY = "nearly", _("육박")


_IN_WORDS = {
    FigureQualifier.EXACT: "%(amount)s",
    FigureQualifier.ABOUT: _("약 %(amount)s"),
    FigureQualifier.AROUND: _("%(amount)s 정도"),
    FigureQualifier.AT_LEAST: _("%(amount)s 이상"),
    FigureQualifier.AT_MOST: _("%(amount)s 이하"),
    FigureQualifier.MORE_THAN: _("%(amount)s 초과"),
    FigureQualifier.LESS_THAN: _("%(amount)s 미만"),
    FigureQualifier.NEARLY: _("%(amount)s에 육박"),
}


class Effect(models.TextChoices):
    REALISED = "realised", _("실현")
    EXPECTED = "expected", _("예상")
    NOT_YET = "not_yet", _("미발생")


class ResultFigureQuerySet(models.QuerySet["ResultFigure"]):
    def visible_to(self, user: Any) -> ResultFigureQuerySet:
        return self.filter(result__in=ResultSheet.objects.visible_to(user))

    def countable(self) -> ResultFigureQuerySet:
        """What may be added up: realised amounts of money about which nothing is unclear."""
        return self.filter(effect=Effect.REALISED, disputed=False).exclude(currency="")

    def left_out(self) -> ResultFigureQuerySet:
        """Amounts of money that are shown and never added up."""
        money = self.exclude(currency="").filter(amount__isnull=False)
        return money.filter(Q(disputed=True) | ~Q(effect=Effect.REALISED))


@audited()
class ResultFigure(models.Model):
    """One figure as a source gives it. What the source says and what was read from it stand side by side."""

    result = models.ForeignKey(ResultSheet, on_delete=models.CASCADE, related_name="figures", verbose_name=_("성과"))
    as_quoted = models.CharField(_("원문 표현"), max_length=300)
    source = models.CharField(_("출처"), max_length=300)
    kind = models.CharField(_("종류"), max_length=16, choices=FigureKind)
    label = models.CharField(_("기타의 이름"), max_length=80, blank=True)
    qualifier = models.CharField(_("조건"), max_length=10, choices=FigureQualifier, default=FigureQualifier.EXACT)
    amount = models.DecimalField(_("값"), max_digits=20, decimal_places=DECIMALS, null=True, blank=True)
    currency = models.CharField(_("통화"), max_length=3, choices=Currency, blank=True)
    unit = models.CharField(_("단위"), max_length=24, blank=True)
    as_of = models.DateField(_("기준일"))
    as_of_precision = models.CharField(_("기준일의 정밀도"), max_length=5, choices=Precision, default=Precision.DAY)
    period_from = models.DateField(_("기간 시작"), null=True, blank=True)
    period_to = models.DateField(_("기간 끝"), null=True, blank=True)
    effect = models.CharField(_("발생 여부"), max_length=10, choices=Effect, default=Effect.REALISED)
    disputed = models.BooleanField(_("확인 필요"), default=False)
    dispute_note = models.CharField(_("확인할 점"), max_length=500, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("입력한 사람"),
    )  # fmt: skip
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)

    objects = ResultFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("성과 수치")
        verbose_name_plural = _("성과 수치")
        ordering = ["kind", "pk"]
        constraints = [
            choices_constraint("kind", FigureKind, "figure_kind_is_known"),
            choices_constraint("qualifier", FigureQualifier, "figure_qualifier_is_known"),
            choices_constraint("currency", Currency, "figure_currency_is_known", blank=True),
            choices_constraint("as_of_precision", Precision, "figure_precision_is_known"),
            choices_constraint("effect", Effect, "figure_effect_is_known"),
            order_constraint("period_from", "period_to", "figure_period_ends_after_it_starts"),
            models.CheckConstraint(
                name="figure_has_a_currency_or_a_unit",
                condition=(Q(currency="") & ~Q(unit="")) | (~Q(currency="") & Q(unit="")),
            ),
            models.CheckConstraint(
                name="only_other_figures_are_labelled",
                condition=(Q(kind=FigureKind.OTHER) & ~Q(label="")) | (~Q(kind=FigureKind.OTHER) & Q(label="")),
            ),
            models.CheckConstraint(
                name="only_what_has_not_come_lacks_an_amount",
                condition=Q(amount__isnull=False) | Q(effect=Effect.NOT_YET),
            ),
            models.CheckConstraint(name="figure_is_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)),
            models.CheckConstraint(name="figure_is_quoted_from_somewhere", condition=~Q(as_quoted="") & ~Q(source="")),
            models.CheckConstraint(name="disputed_figure_says_why", condition=Q(disputed=False) | ~Q(dispute_note="")),
        ]
        indexes = [models.Index(fields=["kind", "currency"], name="figure_sums")]

    def __str__(self) -> str:
        return f"{self.name} {self.in_words}"

    @property
    def name(self) -> str:
        return self.label or str(self.get_kind_display())

    @property
    def in_words(self) -> str:
        """`약 8억원`, `100종 이상`; empty where nothing has come yet."""
        if self.amount is None:
            return ""
        plain = money(self.amount, self.currency) if self.currency else f"{plain_number(self.amount)}{self.unit}"
        return str(_IN_WORDS[FigureQualifier(self.qualifier)]) % {"amount": plain}

    @property
    def in_digits(self) -> str:
        """Money with every digit written out; empty for anything else."""
        return money_in_digits(self.amount, self.currency) if self.currency and self.amount is not None else ""

    @property
    def as_of_shown(self) -> str:
        return str(PartialDate(self.as_of, self.as_of_precision))

    @property
    def period_shown(self) -> str:
        if not (self.period_from or self.period_to):
            return ""
        return f"{self.period_from or ''} – {self.period_to or ''}"

    @property
    def is_left_out(self) -> bool:
        """Shown, and never added up."""
        return bool(self.currency) and (self.disputed or self.effect != Effect.REALISED)
