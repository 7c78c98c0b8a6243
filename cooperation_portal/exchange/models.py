from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.permissions import is_content_admin
from cooperation_portal.audit.tracking import audited
from cooperation_portal.exchange.sheets import RowState, all_sheets, sheet_of
from cooperation_portal.files.models import StoredFile
from cooperation_portal.shared.constraints import choices_constraint


class ImportState(models.TextChoices):
    WAITING = "waiting", _("대기")
    READING = "reading", _("읽는 중")
    READY = "ready", _("확인 대기")
    STORING = "storing", _("저장 중")
    DONE = "done", _("완료")
    REFUSED = "refused", _("읽을 수 없음")
    FAILED = "failed", _("실패")
    CANCELLED = "cancelled", _("취소")


# What may follow what. Stored data that moved after the preview leads from storing back to reading.
TRANSITIONS: dict[str, frozenset[str]] = {
    ImportState.WAITING: frozenset({ImportState.READING, ImportState.CANCELLED, ImportState.FAILED}),
    ImportState.READING: frozenset({ImportState.READY, ImportState.REFUSED, ImportState.CANCELLED, ImportState.FAILED}),
    ImportState.READY: frozenset({ImportState.STORING, ImportState.CANCELLED}),
    ImportState.STORING: frozenset({ImportState.DONE, ImportState.READING, ImportState.FAILED}),
    ImportState.FAILED: frozenset({ImportState.READING, ImportState.STORING, ImportState.CANCELLED}),
    ImportState.DONE: frozenset(),
    ImportState.REFUSED: frozenset(),
    ImportState.CANCELLED: frozenset(),
}
MOVING = (ImportState.WAITING, ImportState.READING, ImportState.STORING)
ENDED = (ImportState.DONE, ImportState.REFUSED, ImportState.FAILED, ImportState.CANCELLED)


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: Any) -> ImportQuerySet:
        """A person's own, and to content administrators everybody's; only of kinds that the person works with today.

        A file shows what its records show: who may not enter demands must not read them in somebody's upload.
        """
        if not user.is_authenticated:
            return self.none()
        usable = [sheet.name for sheet in all_sheets() if sheet.may_add(user) or sheet.may_change(user)]
        foreign = ImportFile.objects.exclude(sheet__in=usable).values("run")
        seen = self.exclude(pk__in=foreign)
        return seen if is_content_admin(user) else seen.filter(uploaded_by_id=user.pk)


@audited()
class Import(models.Model):
    """Spreadsheets of an office on their way in: read, shown, confirmed, and stored all at once or not at all."""

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports", verbose_name=_("올린 사람")
    )
    created_at = models.DateTimeField(_("올린 시각"), default=timezone.now)
    state = models.CharField(_("상태"), max_length=10, choices=ImportState, default=ImportState.WAITING)
    # Raised with every preview: a confirmation of an older one is not a confirmation of what stands now.
    previews = models.PositiveIntegerField(default=0, editable=False)
    only_right_rows = models.BooleanField(_("맞는 행만 저장"), default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("저장을 확인한 사람"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("저장을 확인한 시각"), null=True, blank=True)
    finished_at = models.DateTimeField(_("끝난 시각"), null=True, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True, editable=False)
    cause = models.CharField(_("알림"), max_length=500, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("가져오기")
        verbose_name_plural = _("가져오기")
        ordering = ["-created_at", "-pk"]
        constraints = [
            choices_constraint("state", ImportState, "import_state_is_known"),
            models.CheckConstraint(
                name="stored_import_was_confirmed",
                condition=~Q(state__in=[ImportState.STORING, ImportState.DONE])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ended_import_has_its_time",
                condition=Q(state__in=ENDED, finished_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(finished_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"I-{self.pk:05d}"

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING

    def pass_to(self, state: ImportState, *, cause: str = "") -> None:
        """Sets the state in the object. Raises ValueError where the table above does not allow it."""
        if state not in TRANSITIONS[self.state]:
            raise ValueError(f"{self.state} → {state}")
        self.state, self.cause = state, cause
        self.finished_at = timezone.now() if state in ENDED else None


class ImportFile(models.Model):
    """One file of an import. Name, size and digest stay when the file itself is discarded."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files", verbose_name=_("가져오기"))
    sheet = models.CharField(_("자료 종류"), max_length=40)
    position = models.PositiveSmallIntegerField(_("순서"))
    stored = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("파일")
    )
    name = models.CharField(_("파일 이름"), max_length=200)
    size = models.PositiveBigIntegerField(_("크기"))
    sha256 = models.CharField(max_length=64, db_index=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("같은 파일")
    )
    # What the reader found: [[index, column or "", heading], …] and texts for people as [{"code", "text"}, …].
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    new_count = models.PositiveIntegerField(_("새로 등록"), default=0)
    changed_count = models.PositiveIntegerField(_("변경"), default=0)
    same_count = models.PositiveIntegerField(_("같음"), default=0)
    wrong_count = models.PositiveIntegerField(_("오류"), default=0)
    doubtful_count = models.PositiveIntegerField(_("살펴볼 행"), default=0)

    class Meta:
        verbose_name = _("가져오기 파일")
        verbose_name_plural = _("가져오기 파일")
        ordering = ["run", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "sheet"], name="one_file_of_a_kind_in_an_import")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        try:
            return str(sheet_of(self.sheet).label)
        except KeyError:
            return self.sheet

    @property
    def row_count(self) -> int:
        return self.new_count + self.changed_count + self.same_count + self.wrong_count

    def count_of(self, state: str) -> int:
        return getattr(self, f"{state}_count")


class ImportRow(models.Model):
    """A line as it would be stored, or as it was read where it is wrong. Swept away some time after the import."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="rows", verbose_name=_("파일"))
    number = models.PositiveIntegerField(_("행"))
    state = models.CharField(_("상태"), max_length=10, choices=RowState)
    key = models.TextField(blank=True)
    # Of the record as it stood when the row was compared with it; empty for one that was not there.
    fingerprint = models.CharField(max_length=32, blank=True)
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict)  # of a changed row: what stands now in the columns that change
    cells = models.JSONField(default=list)  # of a wrong row: what the reader found
    problems = models.JSONField(default=list)  # [{"column", "code", "text", "shown"}, …]
    doubts = models.JSONField(
        default=list
    )  # of a right row that a person should look at: [{"column", "code", "text"}, …]

    class Meta:
        verbose_name = _("가져오기 행")
        verbose_name_plural = _("가져오기 행")
        ordering = ["file", "number"]
        constraints = [
            choices_constraint("state", RowState, "import_row_state_is_known"),
            models.UniqueConstraint(fields=["file", "number"], name="one_row_for_each_line"),
        ]
        indexes = [
            models.Index(fields=["file", "state", "number"], name="import_rows_by_state"),
            models.Index(fields=["file", "number"], name="import_rows_in_doubt", condition=~Q(doubts=[])),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.number}"
