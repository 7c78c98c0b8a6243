"""Work that must not get lost: a row is the truth, a Celery message only a bell."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.constraints import choices_constraint

MAX_ATTEMPTS = 5


class WorkState(models.TextChoices):
    WAITING = "waiting", _("대기")
    RUNNING = "running", _("처리 중")
    DONE = "done", _("완료")
    FAILED = "failed", _("실패")


class Queue(models.TextChoices):
    """Someone waits in front of a page for `interactive`; `batch` may take its time."""

    INTERACTIVE = "interactive", _("즉시")
    BATCH = "batch", _("일괄")


class WorkQuerySet(models.QuerySet["Work"]):
    def unfinished(self) -> WorkQuerySet:
        return self.filter(state__in=[WorkState.WAITING, WorkState.RUNNING])

    def failed(self) -> WorkQuerySet:
        return self.filter(state=WorkState.FAILED)


class Work(models.Model):
    """One piece of work for one subject. A newer request raises the version and makes the running attempt worthless."""

    kind = models.CharField(_("종류"), max_length=40)
    subject = models.CharField(_("대상"), max_length=64)
    version = models.PositiveIntegerField(default=1)
    queue = models.CharField(_("대기열"), max_length=12, choices=Queue, default=Queue.INTERACTIVE)
    state = models.CharField(_("상태"), max_length=10, choices=WorkState, default=WorkState.WAITING)
    attempt = models.PositiveSmallIntegerField(_("시도 횟수"), default=0)
    token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(_("다음 시도"), default=timezone.now)
    rung_at = models.DateTimeField(null=True, editable=False)
    rings = models.PositiveSmallIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(_("처리"), default=0)
    total = models.PositiveIntegerField(_("전체"), default=0)
    cause = models.CharField(_("실패 원인"), max_length=300, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("요청자"),
    )
    requested_at = models.DateTimeField(_("요청 시각"), default=timezone.now)
    finished_at = models.DateTimeField(_("종료 시각"), null=True, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("작업")
        verbose_name_plural = _("작업")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="one_work_row_for_each_subject"),
            choices_constraint("state", WorkState, "work_state_is_known"),
            choices_constraint("queue", Queue, "work_queue_is_known"),
            models.CheckConstraint(
                name="running_work_is_leased",
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="work_to_do", condition=~Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} v{self.version} {self.state}"


class Heartbeat(models.Model):
    """Renewed by the worker of a queue, so that a page can tell a worker that works from a process that only exists."""

    queue = models.CharField(max_length=12, choices=Queue, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.queue}: {self.at}"
