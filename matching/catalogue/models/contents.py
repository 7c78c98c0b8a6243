from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.files.models import StoredFile
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.shared.languages import TextLanguage
from matching.catalogue.models.vocabulary import TextOrigin


@audited()
class TechnologyText(models.Model):
    """The text of a technology in one language. The original has the origin `source`; all others are translations."""

    technology = models.ForeignKey(
        "Technology", on_delete=models.CASCADE, related_name="texts", verbose_name=_("원천기술")
    )
    language = models.CharField(_("언어"), max_length=2, choices=TextLanguage)
    origin = models.CharField(_("글의 출처"), max_length=10, choices=TextOrigin)
    title = models.CharField(_("기술명"), max_length=256)
    body = models.TextField(_("내용"), max_length=20000)
    advantages = models.TextField(_("장점"), max_length=4000, blank=True)
    specification = models.TextField(_("사양"), max_length=4000, blank=True)
    # The original changed after this translation was made.
    is_stale = models.BooleanField(_("원문 변경됨"), default=False)
    changed_at = models.DateTimeField(_("변경일"), auto_now=True)

    class Meta:
        verbose_name = _("원천기술의 글")
        verbose_name_plural = _("원천기술의 글")
        constraints = [
            choices_constraint("language", TextLanguage, "technology_text_language_is_known"),
            choices_constraint("origin", TextOrigin, "technology_text_origin_is_known"),
            models.UniqueConstraint(fields=["technology", "language"], name="one_text_for_each_language"),
            models.UniqueConstraint(
                fields=["technology"], condition=Q(origin=TextOrigin.SOURCE), name="one_original_for_each_technology"
            ),
            models.CheckConstraint(name="technology_text_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


@audited()
class TechnologyPicture(models.Model):
    """A picture of a technology, drawn anew from its pixels; what else was in the file that came is not kept."""

    technology = models.ForeignKey(
        "Technology", on_delete=models.CASCADE, related_name="pictures", verbose_name=_("원천기술")
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("파일"))
    caption = models.CharField(_("그림 설명"), max_length=200)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)

    class Meta:
        verbose_name = _("원천기술의 그림")
        verbose_name_plural = _("원천기술의 그림")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.caption


class TechnologyTerms(models.Model):
    """What a technology is found by, made by `catalogue.search` from its texts and its owner's names.

    In a table of its own: it is longer than all the rest, and lists would carry it along.
    """

    technology = models.OneToOneField("Technology", on_delete=models.CASCADE, primary_key=True, related_name="search")
    terms = SearchVectorField(editable=False)
    # Of what the engine reads, for finding it by meaning; empty where a part of that is hidden. Null: not yet known.
    text_hash = models.CharField(max_length=64, null=True, editable=False)

    class Meta:
        verbose_name = _("원천기술의 검색어")
        verbose_name_plural = _("원천기술의 검색어")
        indexes = [GinIndex(fields=["terms"], name="technology_terms")]

    def __str__(self) -> str:
        return str(self.technology_id)
