from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models import Institution
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.personal_numbers import no_resident_number
from cooperation_portal.taxonomy.models import Country, TechnologyField

MOST_FIELDS = 5
MOST_CAREER_YEARS = 80
CONTACTS = ("email", "phone")


class ExpertDirection(models.TextChoices):
    """유치: a foreign expert who comes to Korean companies. 파견: a Korean expert who goes abroad."""

    INVITED = "invited", _("유치")
    DISPATCHED = "dispatched", _("파견")


class EmployerKind(models.TextChoices):
    COMPANY = "company", _("기업")
    UNIVERSITY = "university", _("대학")
    RESEARCH_INSTITUTE = "research_institute", _("연구기관")
    PUBLIC = "public", _("공공기관")
    OTHER = "other", _("기타")


class Availability(models.TextChoices):
    NOW = "now", _("바로 가능")
    AFTER_TALKS = "after_talks", _("협의 후 가능")
    NOT_NOW = "not_now", _("지금은 불가")


class GuidanceMode(models.TextChoices):
    ON_SITE = "on_site", _("현장 지도")
    REMOTE = "remote", _("원격 지도")


class ExpertQuerySet(models.QuerySet["Expert"]):
    def visible_to(self, user: Any) -> ExpertQuerySet:
        """Data of persons: only the staff who look for experts or keep the register see any of it."""
        return self if holds(user, Role.OFFICER, Role.CONTENT_ADMIN) else self.none()

    def current(self) -> ExpertQuerySet:
        return self.filter(retired_on__isnull=True)

    def with_details(self) -> ExpertQuerySet:
        """Everything that a row or a page of an expert shows, in a fixed number of queries."""
        fields = TechnologyField.objects.select_related("parent").order_by("code")
        return self.select_related("country", "institution").prefetch_related(Prefetch("fields", queryset=fields))


@audited()
class Expert(models.Model):
    """전문가: a person who guides companies (기술지도), often retired after decades in one trade."""

    direction = models.CharField(_("유치·파견"), max_length=10, choices=ExpertDirection)
    name_ko = models.CharField(_("이름(한글 표기)"), max_length=80)
    name_original = models.CharField(_("이름(원어)"), max_length=120, blank=True)
    original_language = models.CharField(_("이름의 언어"), max_length=2, choices=TextLanguage)
    name_latin = models.CharField(_("이름(로마자)"), max_length=120, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="experts", verbose_name=_("거주 국가"))
    city = models.CharField(_("거주 도시"), max_length=80, blank=True)
    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="experts",
        verbose_name=_("현재 소속기관"),
    )
    employer_name = models.CharField(_("마지막 근무처"), max_length=200, blank=True)
    employer_kind = models.CharField(_("근무처 유형"), max_length=20, choices=EmployerKind, blank=True)
    position = models.CharField(_("직위·담당"), max_length=120, blank=True)
    career_years = models.PositiveSmallIntegerField(
        _("경력 연수"), null=True, blank=True, validators=[MaxValueValidator(MOST_CAREER_YEARS)]
    )
    fields = models.ManyToManyField(
        TechnologyField, through="ExpertField", related_name="experts", blank=True, verbose_name=_("기술분야")
    )
    specialities = models.TextField(_("해결할 수 있는 문제"), max_length=4000, blank=True)
    career_summary = models.TextField(_("경력 요약"), max_length=4000, blank=True)
    languages = ArrayField(
        models.CharField(max_length=2, choices=TextLanguage), default=list, blank=True, verbose_name=_("사용 언어")
    )
    needs_interpreter = models.BooleanField(_("통역 필요"), default=False)
    guidance_modes = ArrayField(
        models.CharField(max_length=10, choices=GuidanceMode), default=list, blank=True, verbose_name=_("지도 방식")
    )
    availability = models.CharField(
        _("활동 가능 여부"), max_length=12, choices=Availability, default=Availability.AFTER_TALKS
    )
    available_from = models.DateField(_("가능 시작일"), null=True, blank=True)
    availability_note = models.CharField(_("일정 참고 사항"), max_length=300, blank=True)
    email = models.EmailField(_("이메일"), blank=True)
    phone = models.CharField(_("전화번호"), max_length=40, blank=True)
    consented_on = models.DateField(_("개인정보 동의일"), null=True, blank=True)
    source_network = models.CharField(_("알게 된 경로"), max_length=120, blank=True)
    source_reference = models.CharField(_("출처 번호"), max_length=80, blank=True)
    retired_on = models.DateField(_("사용 중지일"), null=True, blank=True, editable=False)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("등록일"), auto_now_add=True)
    changed_at = models.DateTimeField(_("변경일"), auto_now=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("전문가")
        verbose_name_plural = _("전문가")
        ordering = ["name_ko", "pk"]
        constraints = [
            choices_constraint("direction", ExpertDirection, "expert_direction_is_known"),
            choices_constraint("original_language", TextLanguage, "expert_language_is_known"),
            choices_constraint("employer_kind", EmployerKind, "expert_employer_kind_is_known", blank=True),
            choices_constraint("availability", Availability, "expert_availability_is_known"),
            models.CheckConstraint(
                name="expert_languages_are_known", condition=Q(languages__contained_by=TextLanguage.values)
            ),
            models.CheckConstraint(
                name="expert_guidance_modes_are_known", condition=Q(guidance_modes__contained_by=GuidanceMode.values)
            ),
            models.CheckConstraint(name="expert_has_a_name", condition=~Q(name_ko="")),
            models.CheckConstraint(
                name="expert_career_is_a_lifetime_at_most",
                condition=Q(career_years__isnull=True) | Q(career_years__range=(0, MOST_CAREER_YEARS)),
            ),
            models.CheckConstraint(
                name="expert_available_now_waits_for_no_day",
                condition=~Q(availability=Availability.NOW) | Q(available_from__isnull=True),
                violation_error_message=_("바로 가능한 전문가에게는 가능 시작일을 적지 않습니다."),
            ),
            models.CheckConstraint(
                name="expert_texts_hold_no_resident_number",
                condition=no_resident_number(
                    "name_ko",
                    "name_original",
                    "name_latin",
                    "city",
                    "employer_name",
                    "position",
                    "specialities",
                    "career_summary",
                    "availability_note",
                    "email",
                    "phone",
                    "source_network",
                    "source_reference",
                ),
                violation_error_message=_("주민등록번호(외국인등록번호)로 보이는 숫자는 저장할 수 없습니다."),
            ),
            models.UniqueConstraint(
                fields=["source_reference"],
                condition=~Q(source_reference=""),
                name="one_expert_for_each_reference",
                violation_error_message=_("같은 출처 번호의 전문가가 이미 있습니다."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def number(self) -> str:
        return f"E-{self.pk:05d}"

    @property
    def name(self) -> str:
        """For the language of the page: letters that its readers can read."""
        return self.name_ko if get_language() == "ko" else self.name_latin or self.name_original or self.name_ko

    @property
    def language_labels(self) -> list[str]:
        return [str(TextLanguage(code).label) for code in self.languages]

    @property
    def guidance_labels(self) -> list[str]:
        return [str(GuidanceMode(code).label) for code in self.guidance_modes]

    @property
    def available_day_has_come(self) -> bool:
        """The day from which the person could come is over, yet nobody has said since whether it holds."""
        return self.available_from is not None and self.available_from <= timezone.localdate()


@audited()
class ExpertField(models.Model):
    field = models.ForeignKey(TechnologyField, on_delete=models.PROTECT, related_name="+", verbose_name=_("기술분야"))
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="+", verbose_name=_("전문가"))

    class Meta:
        verbose_name = _("전문가의 기술분야")
        verbose_name_plural = _("전문가의 기술분야")
        constraints = [models.UniqueConstraint(fields=["expert", "field"], name="one_row_for_each_expert_field")]

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.field_id}"
