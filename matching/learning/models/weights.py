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
from cooperation_portal.shared.constraints import choices_constraint


class WeightState(models.TextChoices):
    PROPOSED = "proposed", _("제안")
    ACTIVE = "active", _("사용 중")
    RETIRED = "retired", _("사용 중지")


class WeightSetQuerySet(models.QuerySet["WeightSet"]):
    def visible_to(self, user: Any) -> WeightSetQuerySet:
        return self if holds(user, Role.OFFICER, Role.CONTENT_ADMIN) else self.none()


@audited()
class WeightSet(models.Model):
    """What a calibration proposes. Nothing changes until an administrator takes it into use; each keeps its figures."""

    weights = models.JSONField(_("비중"))
    # What the words of 관련도 begin at by measured precision; empty where too few decisions bear it.
    thresholds = models.JSONField(_("관련도 기준"), default=dict, blank=True)
    figures = models.JSONField(_("견준 값"))
    decisions = models.PositiveIntegerField(_("판단 수"))
    demands = models.PositiveIntegerField(_("수요 수"))
    engine_version = models.CharField(_("엔진"), max_length=80)
    encoder = models.CharField(_("인코더"), max_length=80)
    glossary_version = models.CharField(_("용어집"), max_length=64)
    made_at = models.DateTimeField(_("계산 시각"), default=timezone.now)
    state = models.CharField(_("상태"), max_length=10, choices=WeightState, default=WeightState.PROPOSED)
    reason = models.CharField(_("사유"), max_length=500, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("바꾼 사람"),
    )
    edit_version = models.PositiveIntegerField(default=1, editable=False)

    objects = WeightSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("점수 비중")
        verbose_name_plural = _("점수 비중")
        ordering = ["-made_at", "-pk"]
        constraints = [
            choices_constraint("state", WeightState, "weight_state_is_known"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="active"), name="one_weight_set_in_use"),
            models.CheckConstraint(name="weights_in_use_say_why", condition=Q(state="proposed") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"W-{self.pk:03d}"

    @property
    def is_active(self) -> bool:
        return self.state == WeightState.ACTIVE
