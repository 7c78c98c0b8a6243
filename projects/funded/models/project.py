from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models import Company, NameDisclosure
from cooperation_portal.shared.constraints import choices_constraint, order_constraint
from cooperation_portal.taxonomy.models import Country, Programme, TechnologyField
from matching.catalogue.models import Technology
from projects.funded.models.participation import Participation
from projects.funded.models.vocabulary import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_MONTHS,
    Case,
    ProjectOrigin,
    ProjectStatus,
    ProjectType,
)


def last_day(starts_on: date, months: int) -> date:
    """The day before the same day `months` later; in a shorter month its last day stands for the 31st."""
    year, month = divmod(starts_on.month - 1 + months, 12)
    first = date(starts_on.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first + timedelta(days=min(starts_on.day, (following - first).days) - 2)


def months_between(starts_on: date, ends_on: date) -> int:
    """Whole months, the last day included; a half more counts as one."""
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    return max(1, months + round((ends_on.day - starts_on.day + 1) / 30))


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: Any) -> ProjectQuerySet:
        """Officers and admins see every project, people of a company those that it leads or takes part in."""
        if holds(user, Role.OFFICER, Role.CONTENT_ADMIN):
            return self
        if not user.is_authenticated:
            return self.none()
        return self.current().of_companies(Company.objects.of_member(user))

    def of_companies(self, companies: Any) -> ProjectQuerySet:
        takes_part = Participation.objects.filter(project=OuterRef("pk"), company__in=companies)
        return self.filter(Q(company__in=companies) | Exists(takes_part))

    def current(self) -> ProjectQuerySet:
        return self.filter(retired_on__isnull=True)

    def retired(self) -> ProjectQuerySet:
        return self.filter(retired_on__isnull=False)

    def with_details(self) -> ProjectQuerySet:
        """Everything that a row or a page of a project shows, in a fixed number of queries."""
        parties = Participation.objects.select_related(
            "company__site_country", "institution__country", "other_country"
        ).order_by("pk")
        return self.select_related(
            "programme", "partner_country", "company__site_country", "technology", "field__parent"
        ).prefetch_related("titles", Prefetch("participations", queryset=parties))


@audited()
class Project(models.Model):
    """과제: what an office funded. Its serial is text as given: it follows from neither order nor type."""

    serial = models.CharField(_("과제 번호"), max_length=40, blank=True)
    title = models.CharField(_("과제명"), max_length=300)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="projects", verbose_name=_("사업"))
    year = models.PositiveSmallIntegerField(
        _("사업 연도"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    project_type = models.CharField(_("과제 유형"), max_length=16, choices=ProjectType)
    case = models.CharField(_("Case"), max_length=1, choices=Case, blank=True)
    origin = models.CharField(_("신규·계속"), max_length=10, choices=ProjectOrigin, default=ProjectOrigin.NEW)
    partner_country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="projects", verbose_name=_("협력 대상국")
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="projects", verbose_name=_("대표 기업"))
    technology = models.ForeignKey(
        Technology, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("원천기술")
    )
    field = models.ForeignKey(
        TechnologyField, on_delete=models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name=_("기술분야"),
    )  # fmt: skip
    # As the office's own documents group it: their groups are not those of the taxonomy.
    field_as_quoted = models.CharField(_("문서의 분야 구분"), max_length=60, blank=True)
    starts_on = models.DateField(_("시작일"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(
        _("기간(개월)"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MONTHS)]
    )
    ends_on = models.DateField(_("종료일"), null=True, blank=True)
    budget_krw = models.PositiveBigIntegerField(_("정부출연금(원)"), null=True, blank=True)
    private_cash_krw = models.PositiveBigIntegerField(_("민간부담금 현금(원)"), null=True, blank=True)
    private_in_kind_krw = models.PositiveBigIntegerField(_("민간부담금 현물(원)"), null=True, blank=True)
    pays_royalty = models.BooleanField(_("기술료 납부"), default=False)
    already_developed = models.BooleanField(_("이미 개발된 제품의 개선"), default=False)
    status = models.CharField(_("상태"), max_length=10, choices=ProjectStatus, default=ProjectStatus.RUNNING)
    stop_reason = models.CharField(_("중단 사유"), max_length=500, blank=True)
    name_disclosure = models.CharField(
        _("기업명 표시"), max_length=10, choices=NameDisclosure, default=NameDisclosure.MASKED
    )
    issue_notes = models.TextField(_("추진상 어려움(내부용)"), max_length=4000, blank=True)
    source_reference = models.CharField(_("출처 번호"), max_length=80, blank=True)
    # Drawn by the form, so that one sent twice makes one project.
    submission = models.UUIDField(null=True, unique=True, editable=False)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    retired_on = models.DateField(_("사용 중지일"), null=True, blank=True)
    created_at = models.DateTimeField(_("등록일"), auto_now_add=True)
    changed_at = models.DateTimeField(_("변경일"), auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("과제")
        verbose_name_plural = _("과제")
        ordering = ["-year", "project_type", "serial", "pk"]
        constraints = [
            choices_constraint("project_type", ProjectType, "project_type_is_known"),
            choices_constraint("case", Case, "project_case_is_known", blank=True),
            choices_constraint("origin", ProjectOrigin, "project_origin_is_known"),
            choices_constraint("status", ProjectStatus, "project_status_is_known"),
            choices_constraint("name_disclosure", NameDisclosure, "project_name_disclosure_is_known"),
            order_constraint("starts_on", "ends_on", "project_ends_after_it_starts"),
            models.CheckConstraint(name="project_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="project_year_is_sensible", condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)
            ),
            models.CheckConstraint(
                name="project_months_are_sensible", condition=Q(months__gte=1, months__lte=LONGEST_MONTHS)
            ),
            models.CheckConstraint(
                name="stopped_project_says_why", condition=~Q(status=ProjectStatus.STOPPED) | ~Q(stop_reason="")
            ),
            models.UniqueConstraint(
                fields=["source_reference"], condition=~Q(source_reference=""), name="one_project_for_each_reference"
            ),
            models.UniqueConstraint(
                fields=["programme", "year", "serial"], condition=~Q(serial=""), name="one_project_for_each_serial"
            ),
        ]
        indexes = [models.Index(fields=["-year", "project_type", "serial"], name="project_list_order")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        return f"P-{self.pk:05d}"

    @property
    def label(self) -> str:
        """As the office calls it: its serial where one was given."""
        return self.serial or self.number

    @property
    def is_retired(self) -> bool:
        return self.retired_on is not None

    @property
    def year_shown(self) -> str:
        """Without the thousands mark that figures get."""
        return str(self.year)

    @property
    def direction(self) -> str:
        """러→한 for Case 1, 한→러 for Case 2; made from data since partner countries change. Empty without a case."""
        korean = get_language() == "ko"
        partner, home = (self.partner_country.short_ko, "한") if korean else (self.partner_country.code, "KR")
        both = (partner or self.partner_country.name, home)
        return "→".join(both if self.case == Case.ONE else both[::-1]) if self.case else ""

    @property
    def case_label(self) -> str:
        return f"{self.get_case_display()} ({self.direction})" if self.case else ""

    @property
    def field_group(self) -> str:
        """What a report groups the project by: the document's own word, else the field's upper level."""
        if self.field_as_quoted or self.field is None:
            return self.field_as_quoted
        return (self.field.parent or self.field).name


@audited()
class ProjectTitle(models.Model):
    """Another title of a project: the table of a report and its text often name one project in two ways."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="titles", verbose_name=_("과제"))
    title = models.CharField(_("다른 과제명"), max_length=300)
    found_in = models.CharField(_("쓰인 곳"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("다른 과제명")
        verbose_name_plural = _("다른 과제명")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "title"], name="one_row_for_each_project_title"),
            models.CheckConstraint(name="project_alias_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title
