from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.shared.identifiers import is_business_number


def validate_office_number(value: str) -> None:
    if not is_business_number(value):
        raise ValidationError(_("사업자등록번호가 맞지 않습니다. 숫자 10자리를 다시 확인해 주십시오."), code="number")


@audited()
class Office(models.Model):
    """How the office is reached, in one row; its name is a setting of the installation."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    address = models.CharField(_("주소"), max_length=200, blank=True)
    address_en = models.CharField(_("영문 주소"), max_length=200, blank=True)
    phone = models.CharField(_("전화"), max_length=40, blank=True)
    fax = models.CharField(_("팩스"), max_length=40, blank=True)
    email = models.EmailField(
        _("문의 이메일"), blank=True, help_text=_("이 주소로 새 문의를 알립니다. 비워 두면 운영자들에게 알립니다.")
    )
    hours = models.CharField(_("운영 시간"), max_length=120, blank=True)
    hours_en = models.CharField(_("영문 운영 시간"), max_length=120, blank=True)
    business_number = models.CharField(
        _("사업자등록번호"), max_length=10, blank=True, validators=[validate_office_number]
    )
    privacy_officer = models.CharField(_("개인정보 보호책임자"), max_length=80, blank=True)
    privacy_contact = models.CharField(_("개인정보 보호책임자 연락처"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("기관 정보")
        verbose_name_plural = _("기관 정보")
        constraints = [models.CheckConstraint(name="one_office", condition=Q(id=1))]

    def __str__(self) -> str:
        return settings.PORTAL_OFFICE_KO
