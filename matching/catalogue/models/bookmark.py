from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from matching.catalogue.models.technology import Technology
from matching.catalogue.models.vocabulary import number_of


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    def visible_to(self, user: Any) -> BookmarkQuerySet:
        """A person's own: what somebody looks at tells what the company is after."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


@audited()
class Bookmark(models.Model):
    """관심기술: kept by a person to come back to; it promises nothing and nobody else sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookmarks", verbose_name=_("사용자")
    )
    technology = models.ForeignKey(
        Technology, on_delete=models.CASCADE, related_name="bookmarks", verbose_name=_("원천기술")
    )
    added_at = models.DateTimeField(_("담은 날"), auto_now_add=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("관심기술")
        verbose_name_plural = _("관심기술")
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "technology"], name="one_bookmark_for_each_technology")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.technology_id}"

    @property
    def number(self) -> str:
        return number_of(self.technology_id)
