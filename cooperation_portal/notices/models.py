from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One row for each event and recipient. Delivery is at least once, always under the same Message-ID."""

    event = models.CharField(_("사유"), max_length=120, blank=True)
    recipient = models.EmailField(_("받는 사람"))
    subject = models.CharField(_("제목"), max_length=255)
    text = models.TextField(_("본문"))
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(_("작성 시각"), default=timezone.now)
    sent_at = models.DateTimeField(_("발송 시각"), null=True, blank=True)

    class Meta:
        verbose_name = _("메일")
        verbose_name_plural = _("메일")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient"], condition=~Q(event=""), name="one_mail_for_each_event_and_recipient"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    def __repr__(self) -> str:
        return f"<Mail {self.pk}>"  # an address in a log would outlive the row

    def headers(self) -> dict[str, Any]:
        return {"Message-ID": self.message_id}
