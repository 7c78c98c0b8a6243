from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.shared.constraints import choices_constraint
from projects.funded.models import Project
from projects.funded.permissions import reads_projects


class Maturity(models.TextChoices):
    PROTOTYPE = "prototype", _("시작품")
    BEING_MARKETED = "being_marketed", _("상용화 중")
    ON_THE_MARKET = "on_the_market", _("상용화")


class Outcome(models.TextChoices):
    SUCCESS = "success", _("성공")
    ONGOING = "ongoing", _("진행")
    FAILURE = "failure", _("실패")


class ResultState(models.TextChoices):
    DRAFT = "draft", _("작성 중")
    FINAL = "final", _("확정")


class ResultSheetQuerySet(models.QuerySet["ResultSheet"]):
    def visible_to(self, user: Any) -> ResultSheetQuerySet:
        """Staff see every sheet, people of a company the final ones of the projects that they see."""
        if reads_projects(user):
            return self
        return self.filter(state=ResultState.FINAL, project__in=Project.objects.visible_to(user))


# The four headings of a result sheet, in their order.
HEADINGS = {
    "content": _("연구내용"),
    "innovation": _("기술적 혁신성 및 우수성"),
    "completeness": _("개발 기술의 완성도"),
    "applicability": _("산업적 적용성 및 기여도"),
}


@audited()
class ResultSheet(models.Model):
    """성과: what came of a project. The company reads it once it is final."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="result", verbose_name=_("과제"))
    content = models.TextField(HEADINGS["content"], max_length=8000, blank=True)
    innovation = models.TextField(HEADINGS["innovation"], max_length=8000, blank=True)
    completeness = models.TextField(HEADINGS["completeness"], max_length=8000, blank=True)
    applicability = models.TextField(HEADINGS["applicability"], max_length=8000, blank=True)
    maturity = models.CharField(_("완성 단계"), max_length=16, choices=Maturity, blank=True)
    outcome = models.CharField(_("사업화 결과"), max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.CharField(_("결과의 사유"), max_length=500, blank=True)
    state = models.CharField(_("작성 상태"), max_length=8, choices=ResultState, default=ResultState.DRAFT)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("확정한 사람"),
    )  # fmt: skip
    finalised_at = models.DateTimeField(_("확정일"), null=True, blank=True)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("등록일"), auto_now_add=True)
    changed_at = models.DateTimeField(_("변경일"), auto_now=True)

    objects = ResultSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("성과")
        verbose_name_plural = _("성과")
        constraints = [
            choices_constraint("maturity", Maturity, "result_maturity_is_known", blank=True),
            choices_constraint("outcome", Outcome, "result_outcome_is_known", blank=True),
            choices_constraint("state", ResultState, "result_state_is_known"),
            models.CheckConstraint(
                name="failure_says_why", condition=~Q(outcome=Outcome.FAILURE) | ~Q(outcome_reason="")
            ),
            models.CheckConstraint(
                name="final_result_says_what_and_how",
                condition=Q(state=ResultState.DRAFT)
                | (~Q(content="") & ~Q(outcome="") & Q(finalised_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} · {self.get_state_display()}"

    @property
    def is_final(self) -> bool:
        return self.state == ResultState.FINAL

    @property
    def headings(self) -> list[tuple[Any, str]]:
        return [(label, getattr(self, name)) for name, label in HEADINGS.items()]
