from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from cooperation_portal.audit.tracking import audited
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.shared.languages import TextLanguage
from matching.catalogue.models import Direction, Technology
from matching.demands.models import Demand

# Shown for each language, so that no language is crowded out by another.
SHOWN_PER_LANGUAGE = 20
# Kept beyond what is shown, so that a technology that leaves does not cost a whole new scoring.
MARGIN = 10


class TextVector(models.Model):
    """What an encoder made of a text: nothing is encoded twice. Rounded to half precision by the engine itself."""

    text_hash = models.CharField(max_length=64)
    encoder = models.CharField(max_length=80)
    whole = HalfVectorField()
    sentences = models.BinaryField()  # float16, row by row
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text_hash", "encoder"], name="one_vector_for_each_text")]

    def __str__(self) -> str:
        return f"{self.encoder} {self.text_hash[:12]}"


class Reference(models.Model):
    """The frozen population that scores are measured against. Renewed deliberately, never by the way."""

    direction = models.CharField(_("협력 방향"), max_length=10, choices=Direction)
    version = models.CharField(_("판"), max_length=64)
    engine_version = models.CharField(_("엔진"), max_length=80)
    encoder = models.CharField(_("인코더"), max_length=80)
    technologies = models.PositiveIntegerField(_("기술 수"))
    demands = models.PositiveIntegerField(_("수요 수"))
    data = models.BinaryField()
    built_at = models.DateTimeField(_("작성 시각"), default=timezone.now)
    is_active = models.BooleanField(_("사용 중"), default=True)

    class Meta:
        verbose_name = _("점수 기준")
        verbose_name_plural = _("점수 기준")
        ordering = ["-built_at"]
        constraints = [
            choices_constraint("direction", Direction, "reference_direction_is_known"),
            models.UniqueConstraint(
                fields=["direction"], condition=Q(is_active=True), name="one_active_reference_for_each_direction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.version[:12]}"


class NoScore(models.TextChoices):
    """Why there is no score. It is shown as a row of its own, never as an absence."""

    TOO_SHORT = "too_short", _("글이 너무 짧아 계산할 수 없습니다. 문제와 희망 사양을 더 적어 주십시오.")
    LANGUAGE = "language", _("지원하지 않는 언어로 쓰여 계산할 수 없습니다.")
    NO_CANDIDATES = "no_candidates", _("비교할 원천기술이 아직 없습니다.")


class Ranking(models.Model):
    """The state of one demand's list: by what it was made, and from which score on a language's list is complete."""

    demand = models.OneToOneField(Demand, on_delete=models.CASCADE, related_name="ranking", verbose_name=_("수요기술"))
    demand_version = models.PositiveIntegerField()
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, null=True, related_name="rankings")
    no_score = models.CharField(max_length=20, choices=NoScore, blank=True)
    # For each language whose list was cut: the best score that was left out. A language that is missing is complete.
    floors = models.JSONField(default=dict)
    considered = models.PositiveIntegerField(_("비교한 기술 수"), default=0)
    # The demand's moments under this reference (see the engine), by which one technology can be scored for it.
    moments = models.BinaryField(default=bytes)
    scored_at = models.DateTimeField(_("계산 시각"), default=timezone.now)

    class Meta:
        verbose_name = _("순위표")
        verbose_name_plural = _("순위표")
        constraints = [choices_constraint("no_score", NoScore, "no_score_is_known", blank=True)]

    def __str__(self) -> str:
        return f"{self.demand_id} v{self.demand_version}"


class Relevance(models.TextChoices):
    """관련도: the machine's word. 적합 is a word for people's decisions only."""

    VERY_HIGH = "very_high", _("매우 높음")
    HIGH = "high", _("높음")
    MEDIUM = "medium", _("보통")
    LOW = "low", _("낮음")


class MatchQuerySet(models.QuerySet["Match"]):
    def visible_to(self, user: Any) -> MatchQuerySet:
        """Scores are a tool of the staff; a company is shown what an officer released, not these rows."""
        from cooperation_portal.accounts.models import Role
        from cooperation_portal.accounts.permissions import holds

        if not holds(user, Role.OFFICER):
            return self.none()
        return self.filter(
            demand__in=Demand.objects.visible_to(user), technology__in=Technology.objects.visible_to(user)
        )


class Match(models.Model):
    """One technology scored for one demand, with what is needed to say why and to say it again later."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="matches", verbose_name=_("수요기술"))
    technology = models.ForeignKey(
        Technology, on_delete=models.CASCADE, related_name="matches", verbose_name=_("원천기술")
    )
    language = models.CharField(max_length=2, choices=TextLanguage)
    score = models.FloatField(_("순위 점수"))
    relevance = models.CharField(_("관련도"), max_length=10, choices=Relevance)
    components = models.JSONField()
    reasons = models.JSONField()
    by_hand = models.BooleanField(_("직접 찾음"), default=False)
    engine_version = models.CharField(max_length=80)
    encoder = models.CharField(max_length=80)
    reference_version = models.CharField(max_length=64)
    demand_hash = models.CharField(max_length=64)
    technology_hash = models.CharField(max_length=64)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("매칭 후보")
        verbose_name_plural = _("매칭 후보")
        ordering = ["-score", "technology_id"]
        constraints = [
            models.UniqueConstraint(fields=["demand", "technology"], name="one_match_for_each_pair"),
            choices_constraint("relevance", Relevance, "relevance_is_known"),
        ]
        indexes = [models.Index(fields=["demand", "-score"], name="match_list")]

    def __str__(self) -> str:
        return f"{self.demand_id} × {self.technology_id}: {self.score:.2f}"


@audited()
class HandPick(models.Model):
    """A technology that an officer found by searching. It is scored like the others, whatever its rank."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="hand_picks", verbose_name=_("수요기술"))
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="+", verbose_name=_("원천기술"))
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("찾은 사람")
    )
    picked_at = models.DateTimeField(_("추가한 시각"), default=timezone.now)

    class Meta:
        verbose_name = _("직접 찾은 기술")
        verbose_name_plural = _("직접 찾은 기술")
        constraints = [models.UniqueConstraint(fields=["demand", "technology"], name="one_hand_pick_for_each_pair")]

    def __str__(self) -> str:
        return f"{self.demand_id} + {self.technology_id}"
