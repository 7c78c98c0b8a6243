from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.languages import TextLanguage
from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.scoring.models import Relevance


class ShownList(models.Model):
    """A demand's list as officers had it before them. Written once: a list that did not change is not kept again."""

    # No column of a row that is there: see audit.privileges.
    CHANGEABLE: ClassVar[tuple[str, ...]] = ()

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="shown_lists", verbose_name=_("수요기술"))
    demand_version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=80)
    encoder = models.CharField(max_length=80)
    reference_version = models.CharField(max_length=64)
    # The weights by which the engine of this version summed up its channels; empty where they are not known any more.
    weights = models.JSONField(default=dict)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("보여 준 순위표")
        verbose_name_plural = _("보여 준 순위표")
        constraints = [
            models.UniqueConstraint(fields=["demand", "demand_version", "digest"], name="a_shown_list_is_kept_once")
        ]
        triggers = [pgtrigger.Protect(name="shown_list_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.demand_id} v{self.demand_version} {self.digest[:8]}"


class ShownMatch(models.Model):
    """One line of such a list, with what the machine said of it at that time."""

    CHANGEABLE: ClassVar[tuple[str, ...]] = ()

    shown_list = models.ForeignKey(ShownList, on_delete=models.PROTECT, related_name="matches")
    place = models.PositiveIntegerField()
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=TextLanguage)
    score = models.FloatField()
    relevance = models.CharField(max_length=10, choices=Relevance)
    evidence = models.FloatField(null=True)
    contributions = models.JSONField(default=dict)
    by_hand = models.BooleanField(default=False)

    class Meta:
        ordering = ["shown_list", "place"]
        constraints = [
            models.UniqueConstraint(fields=["shown_list", "place"], name="one_match_for_each_place"),
            models.UniqueConstraint(fields=["shown_list", "technology"], name="one_place_for_each_shown_technology"),
        ]
        triggers = [pgtrigger.Protect(name="shown_match_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.shown_list_id} #{self.place}: {self.technology_id}"
