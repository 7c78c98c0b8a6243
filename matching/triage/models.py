from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models import Company
from cooperation_portal.shared.constraints import choices_constraint
from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.learning.models import Verdict


class ReasonCategory(models.TextChoices):
    SOLVES = "solves", _("요구를 충족함")
    PARTLY_SOLVES = "partly_solves", _("일부 충족, 보완 가능")
    NEEDS_OWNER_ANSWER = "needs_owner_answer", _("보유기관 확인 필요")
    NEEDS_COMPANY_ANSWER = "needs_company_answer", _("기업 확인 필요")
    OTHER_PROBLEM = "other_problem", _("다른 문제를 푸는 기술")
    SPECIFICATION = "specification", _("사양 미달")
    STAGE = "stage", _("개발 단계 차이")
    RIGHTS = "rights", _("지식재산권·거래 조건")
    OTHER = "other", _("기타")


# Which reasons go with which verdict: the form offers only these and the database refuses others.
REASONS: dict[str, tuple[ReasonCategory, ...]] = {
    Verdict.SUITABLE: (ReasonCategory.SOLVES, ReasonCategory.PARTLY_SOLVES, ReasonCategory.OTHER),
    Verdict.ON_HOLD: (ReasonCategory.NEEDS_OWNER_ANSWER, ReasonCategory.NEEDS_COMPANY_ANSWER, ReasonCategory.OTHER),
    Verdict.UNSUITABLE: (
        ReasonCategory.OTHER_PROBLEM,
        ReasonCategory.SPECIFICATION,
        ReasonCategory.STAGE,
        ReasonCategory.RIGHTS,
        ReasonCategory.OTHER,
    ),
}


def _reasons_fit_verdict() -> Q:
    fits = Q()
    for verdict, reasons in REASONS.items():
        fits |= Q(verdict=verdict, reason__in=[reason.value for reason in reasons])
    return fits


@audited()
class Assignment(models.Model):
    """Who takes care of a demand. A hand-over ends one row and begins the next."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("수요기술"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("담당자")
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("배정한 사람")
    )
    assigned_at = models.DateTimeField(_("배정일"), default=timezone.now)
    ended_at = models.DateTimeField(_("종료일"), null=True, blank=True)

    class Meta:
        verbose_name = _("담당자 배정")
        verbose_name_plural = _("담당자 배정")
        constraints = [
            models.UniqueConstraint(
                fields=["demand"], condition=Q(ended_at__isnull=True), name="one_officer_in_charge_of_a_demand"
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand_id}: {self.officer}"


@audited()
class Release(models.Model):
    """추천: from here on the company sees the technologies that were found suitable."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="releases", verbose_name=_("수요기술"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("추천한 사람")
    )
    released_at = models.DateTimeField(_("추천일"), default=timezone.now)
    message = models.TextField(_("기업에 전하는 말"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("추천")
        verbose_name_plural = _("추천")
        ordering = ["-released_at", "-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.released_at):%Y-%m-%d %H:%M}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Any) -> DecisionQuerySet:
        """Officers see all; a company sees only what was released to it as suitable."""
        demands = Demand.objects.visible_to(user)
        if holds(user, Role.OFFICER):
            return self.filter(demand__in=demands)
        return self.filter(demand__in=demands, release__isnull=False, verdict=Verdict.SUITABLE)


@audited()
class Decision(models.Model):
    """An officer's judgement of one technology for one demand; what stands now, with its past in the history."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("수요기술"))
    technology = models.ForeignKey(
        Technology, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("원천기술")
    )
    verdict = models.CharField(_("판단"), max_length=12, choices=Verdict)
    reason = models.CharField(_("사유"), max_length=24, choices=ReasonCategory)
    words = models.CharField(_("사유 설명"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("판단한 사람")
    )
    decided_at = models.DateTimeField(_("판단일"), default=timezone.now)
    # Raised with each change, so that an officer who decides on an old page is told what a colleague did.
    version = models.PositiveIntegerField(default=1)
    correction = models.CharField(_("정정 사유"), max_length=500, blank=True)
    release = models.ForeignKey(
        Release, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("추천")
    )
    # What the machine said when the person decided; kept, since scores are renewed.
    score = models.FloatField(null=True, blank=True)
    relevance = models.CharField(max_length=10, blank=True)
    engine_version = models.CharField(max_length=80, blank=True)
    by_hand = models.BooleanField(_("직접 찾음"), default=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("판단")
        verbose_name_plural = _("판단")
        constraints = [
            models.UniqueConstraint(fields=["demand", "technology"], name="one_decision_for_each_pair"),
            choices_constraint("verdict", Verdict, "verdict_is_known"),
            models.CheckConstraint(name="reason_fits_the_verdict", condition=_reasons_fit_verdict()),
            models.CheckConstraint(name="other_reason_is_explained", condition=~Q(reason="other") | ~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"D-{self.demand_id:05d} × T-{self.technology_id:05d}"

    @property
    def answered(self) -> bool:
        """Whether the company said something to it."""
        return hasattr(self, "answer")


class Interest(models.TextChoices):
    """The company's own word on what was recommended to it."""

    INTERESTED = "interested", _("관심 있음")
    NOT_INTERESTED = "not_interested", _("관심 없음")


class DeclineReason(models.TextChoices):
    REVIEWED = "reviewed", _("이미 검토함")
    SPECIFICATION = "specification", _("사양 부족")
    TERMS = "terms", _("비용·조건")
    TIMING = "timing", _("시기")
    OTHER = "other", _("기타")


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, user: Any) -> AnswerQuerySet:
        """People of the company that answered, and officers; other staff who see the demand do not see this."""
        demands = Demand.objects.visible_to(user)
        if not holds(user, Role.OFFICER):
            demands = demands.filter(company__in=Company.objects.of_member(user)) if user.is_authenticated else demands
        return self.filter(decision__demand__in=demands)


@audited()
class Answer(models.Model):
    """What the company says to one recommended technology; what stands now, with its past in the history."""

    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, related_name="answer", verbose_name=_("추천한 기술")
    )
    interest = models.CharField(_("기업 답변"), max_length=16, choices=Interest)
    reason = models.CharField(_("관심 없는 까닭"), max_length=16, choices=DeclineReason, blank=True)
    words = models.CharField(_("전하는 말"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("답한 사람")
    )
    answered_at = models.DateTimeField(_("답한 시각"), default=timezone.now)
    # Raised with each change, so that who answers on an old page is told what a colleague answered.
    version = models.PositiveIntegerField(default=1)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("기업 답변")
        verbose_name_plural = _("기업 답변")
        constraints = [
            choices_constraint("interest", Interest, "answer_interest_is_known"),
            models.CheckConstraint(
                name="answer_reason_fits_the_interest",
                condition=Q(interest=Interest.INTERESTED, reason="")
                | Q(interest=Interest.NOT_INTERESTED, reason__in=DeclineReason.values),
            ),
            models.CheckConstraint(
                name="answer_other_reason_is_explained", condition=~Q(reason=DeclineReason.OTHER) | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.interest}"
