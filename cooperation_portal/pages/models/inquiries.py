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
from cooperation_portal.pages.models.texts import Category, PageLanguage, PageVersion
from cooperation_portal.shared.constraints import choices_constraint


class InquiryState(models.TextChoices):
    RECEIVED = "received", _("접수")
    ANSWERED = "answered", _("답변 완료")


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, user: Any) -> InquiryQuerySet:
        """The staff who answer see all of them, everybody else what they asked while signed in."""
        return self if holds(user, Role.OFFICER, Role.CONTENT_ADMIN) else self.asked_by(user)

    def asked_by(self, user: Any) -> InquiryQuerySet:
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


@audited()
class Inquiry(models.Model):
    """문의: a question to the office, by anybody, and its answer."""

    category = models.CharField(_("분류"), max_length=12, choices=Category)
    subject = models.CharField(_("제목"), max_length=120)
    text = models.TextField(_("내용"), max_length=4000)
    name = models.CharField(_("이름"), max_length=80)
    email = models.EmailField(_("이메일"))
    company = models.CharField(_("기업·기관명"), max_length=120, blank=True)
    language = models.CharField(_("화면 언어"), max_length=10, choices=PageLanguage, default=PageLanguage.KOREAN)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="inquiries",
        verbose_name=_("사용자"),
    )  # fmt: skip
    # The text on personal data that was agreed to; none where the office had published none.
    privacy = models.ForeignKey(
        PageVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("동의한 개인정보처리방침"),
    )  # fmt: skip
    asked_at = models.DateTimeField(_("접수일"), default=timezone.now)
    state = models.CharField(_("상태"), max_length=10, choices=InquiryState, default=InquiryState.RECEIVED)
    answer = models.TextField(_("답변"), max_length=8000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("답변한 사람"),
    )  # fmt: skip
    answered_at = models.DateTimeField(_("답변일"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("문의")
        verbose_name_plural = _("문의")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            choices_constraint("category", Category, "inquiry_category_is_known"),
            choices_constraint("language", PageLanguage, "inquiry_language_is_known"),
            choices_constraint("state", InquiryState, "inquiry_state_is_known"),
            models.CheckConstraint(
                name="answered_inquiry_has_an_answer",
                condition=Q(state=InquiryState.RECEIVED) | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"Q-{self.pk:05d}"

    @property
    def is_answered(self) -> bool:
        return self.state == InquiryState.ANSWERED
