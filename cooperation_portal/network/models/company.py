from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.names import NameKey
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.shared.identifiers import format_business_number, is_business_number
from cooperation_portal.shared.masking import mask_company_name
from cooperation_portal.taxonomy.models import Country, Industry


class CompanyClass(models.TextChoices):
    STARTUP = "startup", _("스타트업")
    SME = "sme", _("중소기업")
    VENTURE = "venture", _("벤처기업")


class CompanySize(models.TextChoices):
    SMALL = "small", _("소기업")
    MEDIUM = "medium", _("중기업")
    MIDDLE = "middle", _("중견기업")
    LARGE = "large", _("대기업")


class NameDisclosure(models.TextChoices):
    """How a company is named to an audience. A masked name is for reading, never a key."""

    FULL = "full", _("실명")
    MASKED = "masked", _("마스킹")
    CODE = "code", _("코드")


def validate_business_number(value: str) -> None:
    if not is_business_number(value):
        raise ValidationError(
            _("사업자등록번호가 맞지 않습니다. 사업자등록증의 숫자 10자리를 다시 확인해 주십시오."),
            code="business_number",
        )


def new_company_code() -> str:
    """Stands for the company where its name may not be read: tells nothing, not even which came first."""
    return "C-" + get_random_string(8, "23456789ABCDEFGHJKMNPQRSTUVWXYZ")


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: Any) -> CompanyQuerySet:
        """Officers and admins see every company, members their own; nobody else sees any."""
        if holds(user, Role.OFFICER, Role.CONTENT_ADMIN):
            return self
        return self.of_member(user) if user.is_authenticated else self.none()

    def of_member(self, user: Any) -> CompanyQuerySet:
        """Those that the person acts for, whatever else the person may see."""
        return self.filter(memberships__user_id=user.pk, memberships__ended_at__isnull=True)

    def current(self) -> CompanyQuerySet:
        return self.filter(retired_on__isnull=True)


@audited()
class Company(models.Model):
    """A Korean company; one at work abroad (진출기업) has its site's country and local registration number."""

    code = models.CharField(_("기업 코드"), max_length=20, unique=True, default=new_company_code)
    name = models.CharField(_("기업명"), max_length=120)
    name_en = models.CharField(_("영문 기업명"), max_length=160, blank=True)
    business_number = models.CharField(
        _("사업자등록번호"), max_length=10, blank=True, validators=[validate_business_number]
    )
    site_country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="companies", verbose_name=_("소재 국가")
    )
    local_registration_number = models.CharField(_("현지 등록번호"), max_length=40, blank=True)
    company_class = models.CharField(_("기업 구분"), max_length=20, choices=CompanyClass)
    size = models.CharField(_("기업 규모"), max_length=20, choices=CompanySize)
    industry = models.ForeignKey(
        Industry, on_delete=models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("업종")
    )
    products = models.CharField(_("주요 제품"), max_length=200, blank=True)
    city = models.CharField(_("소재지"), max_length=80, blank=True)
    established = models.PositiveSmallIntegerField(_("설립 연도"), null=True, blank=True)
    website = models.URLField(_("누리집"), blank=True)
    # An officer looked at the papers; a company abroad may not act before that.
    confirmed_at = models.DateTimeField(_("확인일"), null=True, blank=True)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    retired_on = models.DateField(_("사용 중지일"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("합친 기업")
    )
    merge_reason = models.CharField(_("합친 사유"), max_length=300, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("기업")
        verbose_name_plural = _("기업")
        ordering = ["name", "pk"]
        indexes = [models.Index(NameKey("name"), name="company_name_key")]
        constraints = [
            choices_constraint("company_class", CompanyClass, "company_class_is_known"),
            choices_constraint("size", CompanySize, "company_size_is_known"),
            models.CheckConstraint(
                name="business_number_has_ten_digits",
                condition=Q(business_number="") | Q(business_number__regex=r"^[0-9]{10}$"),
            ),
            models.CheckConstraint(
                name="company_has_a_registration_number",
                condition=~Q(business_number="") | ~Q(local_registration_number=""),
            ),
            models.CheckConstraint(
                name="merged_company_is_retired", condition=Q(merged_into__isnull=True) | Q(retired_on__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["business_number"],
                condition=~Q(business_number="") & Q(merged_into__isnull=True),
                name="one_company_for_each_business_number",
            ),
            models.UniqueConstraint(
                fields=["site_country", "local_registration_number"],
                condition=~Q(local_registration_number="") & Q(merged_into__isnull=True),
                name="one_company_for_each_local_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def numbered(self) -> str:
        """Where another may have the same name."""
        return f"{self.name} {self.code}"

    @property
    def business_number_shown(self) -> str:
        return format_business_number(self.business_number)

    def display_name(self, disclosure: str) -> str:
        if disclosure == NameDisclosure.FULL:
            return self.name
        return mask_company_name(self.name) if disclosure == NameDisclosure.MASKED else self.code
