from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited


def random_name() -> str:
    return secrets.token_hex(24)


@audited()
class StoredFile(models.Model):
    """A file on disk under a random name, never under the name that it came with.

    It has no address of its own: the record that it belongs to decides who may read it, and serves it.
    """

    name = models.CharField(max_length=48, unique=True, default=random_name, editable=False)
    original_name = models.CharField(_("파일 이름"), max_length=200)
    content_type = models.CharField(_("종류"), max_length=80)
    size = models.PositiveBigIntegerField(_("크기"))
    sha256 = models.CharField(max_length=64)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("올린 사람"),
    )  # fmt: skip
    stored_at = models.DateTimeField(_("올린 시각"), default=timezone.now)

    class Meta:
        verbose_name = _("파일")
        verbose_name_plural = _("파일")

    def __str__(self) -> str:
        return self.original_name
