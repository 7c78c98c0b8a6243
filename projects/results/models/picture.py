from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.files.models import StoredFile
from projects.results.models.sheet import ResultSheet


class ResultPictureQuerySet(models.QuerySet["ResultPicture"]):
    def visible_to(self, user: Any) -> ResultPictureQuerySet:
        return self.filter(result__in=ResultSheet.objects.visible_to(user))


# The file goes when the picture is removed; its own history tells of it.
@audited(exclude=["file"])
class ResultPicture(models.Model):
    """A picture of what was made, with its caption."""

    result = models.ForeignKey(ResultSheet, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("성과"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("파일"))
    caption = models.CharField(_("그림 설명"), max_length=200)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)

    objects = ResultPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("성과 그림")
        verbose_name_plural = _("성과 그림")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.caption
