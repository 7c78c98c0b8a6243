from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.shared.constraints import choices_constraint
from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.learning.models.shown import ShownList, ShownMatch


class Verdict(models.TextChoices):
    """The officer's words, kept apart from the machine's 관련도."""

    SUITABLE = "suitable", _("적합")
    ON_HOLD = "on_hold", _("보류")
    UNSUITABLE = "unsuitable", _("부적합")


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def visible_to(self, user: Any) -> JudgementQuerySet:
        if not holds(user, Role.OFFICER, Role.CONTENT_ADMIN):
            return self.none()
        return self.filter(
            demand__in=Demand.objects.visible_to(user), technology__in=Technology.objects.visible_to(user)
        )

    def standing(self) -> JudgementQuerySet:
        return self.filter(stands=True)


class Judgement(models.Model):
    """Each time that an officer judged, with the list that lay before them.

    The decision of triage is what stands now for a pair. Here every judgement stays, also those of colleagues before:
    the database deletes none and changes nothing but that it stands no longer or was taken back.
    """

    CHANGEABLE: ClassVar[tuple[str, ...]] = ("stands", "taken_back")

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="judgements", verbose_name=_("수요기술"))
    technology = models.ForeignKey(
        Technology, on_delete=models.PROTECT, related_name="judgements", verbose_name=_("원천기술")
    )
    verdict = models.CharField(_("판단"), max_length=12, choices=Verdict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("판단한 사람")
    )
    decided_at = models.DateTimeField(_("판단일"), default=timezone.now)
    shown_list = models.ForeignKey(ShownList, on_delete=models.RESTRICT, null=True, related_name="judgements")
    shown_match = models.ForeignKey(ShownMatch, on_delete=models.RESTRICT, null=True, related_name="judgements")
    # Of the shown match, for figures over many: empty where the technology was on no list.
    place = models.PositiveIntegerField(_("순위"), null=True)
    score = models.FloatField(null=True)
    evidence = models.FloatField(null=True)
    relevance = models.CharField(max_length=10, blank=True)
    engine_version = models.CharField(max_length=80, blank=True)
    encoder = models.CharField(max_length=80, blank=True)
    by_hand = models.BooleanField(_("직접 찾음"), default=False)
    stands = models.BooleanField(default=True)
    taken_back = models.BooleanField(default=False)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("판단 기록")
        verbose_name_plural = _("판단 기록")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            choices_constraint("verdict", Verdict, "judgement_verdict_is_known"),
            models.UniqueConstraint(
                fields=["demand", "technology"], condition=Q(stands=True), name="one_standing_judgement_for_each_pair"
            ),
            models.CheckConstraint(
                name="judgement_taken_back_does_not_stand", condition=Q(taken_back=False) | Q(stands=False)
            ),
            models.CheckConstraint(
                name="judgement_place_is_on_a_list",
                condition=Q(place__isnull=True, shown_match__isnull=True)
                | Q(place__isnull=False, shown_match__isnull=False, shown_list__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="judgement_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="judgement_is_not_rewritten",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["stands", "taken_back"]),
            ),
            pgtrigger.Protect(
                name="judgement_does_not_return",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stands=False, new__stands=True)
                | pgtrigger.Q(old__taken_back=True, new__taken_back=False),
            ),
        ]
        indexes = [models.Index(fields=["stands", "verdict"], name="judgement_figures")]

    def __str__(self) -> str:
        return f"D-{self.demand_id:05d} × T-{self.technology_id:05d}: {self.verdict}"
