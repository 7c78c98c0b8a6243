"""Texts that the office edits, in versions, and what people agreed to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.permissions import is_content_admin
from cooperation_portal.audit.tracking import audited
from cooperation_portal.shared.constraints import choices_constraint


class PageLanguage(models.TextChoices):
    """The languages of the portal's own pages, by the codes of the settings."""

    KOREAN = "ko", _("한국어")
    ENGLISH = "en", _("영어")
    RUSSIAN = "ru", _("러시아어")
    JAPANESE = "ja", _("일본어")
    CHINESE = "zh-hans", _("중국어(간체)")


class Kind(models.TextChoices):
    PAGE = "page", _("안내 글")
    PART = "part", _("화면에 들어가는 글")
    HELP = "help", _("도움말")
    ANNOUNCEMENT = "announcement", _("공지사항")
    QUESTION = "question", _("자주 묻는 질문")


class Category(models.TextChoices):
    """What a question is about, of the list of questions and of the form for inquiries."""

    PROGRAMME = "programme", _("사업·지원")
    JOINING = "joining", _("회원·로그인")
    TECHNOLOGY = "technology", _("원천기술")
    DEMAND = "demand", _("수요기술 접수·추천")
    SITE = "site", _("누리집 이용")
    OTHER = "other", _("그 밖의 문의")


# Texts whose earlier versions everybody may read, each with the day from which it holds.
DATED = frozenset({"terms", "privacy"})


class PageQuerySet(models.QuerySet["Page"]):
    def visible_to(self, user: Any) -> PageQuerySet:
        """Everybody reads what is published and not withdrawn; who keeps the texts sees all of them."""
        return self if is_content_admin(user) else self.public()

    def public(self) -> PageQuerySet:
        return self.filter(Exists(PageVersion.objects.in_force().filter(page=OuterRef("pk"))), retired_on__isnull=True)

    def of_kind(self, kind: Kind) -> PageQuerySet:
        return self.filter(kind=kind)


@audited()
class Page(models.Model):
    """One text of the office, whatever its languages and versions."""

    kind = models.CharField(_("종류"), max_length=12, choices=Kind)
    # The name in the address of a page, and by which a shipped text is known; announcements have none.
    slug = models.SlugField(_("이름"), max_length=60, blank=True)
    category = models.CharField(_("분류"), max_length=12, choices=Category, blank=True)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)
    is_pinned = models.BooleanField(_("중요 공지"), default=False)
    retired_on = models.DateField(_("게시 중단일"), null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("글")
        verbose_name_plural = _("글")
        ordering = ["kind", "category", "position", "pk"]
        constraints = [
            choices_constraint("kind", Kind, "page_kind_is_known"),
            choices_constraint("category", Category, "page_category_is_known", blank=True),
            models.CheckConstraint(
                name="only_questions_have_a_category",
                condition=Q(kind=Kind.QUESTION) & ~Q(category="") | ~Q(kind=Kind.QUESTION) & Q(category=""),
            ),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="one_page_for_each_name"),
        ]

    def __str__(self) -> str:
        return self.slug or f"{self.get_kind_display()} {self.pk}"

    @property
    def is_dated(self) -> bool:
        return self.slug in DATED

    @property
    def text(self) -> PageVersion | None:
        """In the language of the page around it, else in Korean; reads what `queries.with_texts` fetched."""
        return self._text_in(get_language() or PageLanguage.KOREAN) or self._text_in(PageLanguage.KOREAN)

    @property
    def text_is_outdated(self) -> bool:
        """The Korean text was changed since this translation was published."""
        korean, shown = self._text_in(PageLanguage.KOREAN), self.text
        return bool(korean and shown and shown != korean and shown.published_at < korean.published_at)  # type: ignore[operator]

    def _text_in(self, language: str) -> PageVersion | None:
        texts: list[PageVersion] = self.texts  # type: ignore[attr-defined]
        return next((text for text in texts if text.language == language), None)


class VersionState(models.TextChoices):
    DRAFT = "draft", _("작성 중")
    PUBLISHED = "published", _("게시됨")


class PageVersionQuerySet(models.QuerySet["PageVersion"]):
    def visible_to(self, user: Any) -> PageVersionQuerySet:
        """Everybody reads the text that holds, and all published ones where people must be able to look back."""
        if is_content_admin(user):
            return self
        readable = Q(pk__in=PageVersion.objects.in_force().values("pk")) | Q(page__slug__in=DATED)
        return self.published().filter(readable, page__retired_on__isnull=True)

    def published(self) -> PageVersionQuerySet:
        return self.filter(state=VersionState.PUBLISHED)

    def in_force(self, on: date | None = None) -> PageVersionQuerySet:
        """For each page and language the newest published version whose day has come."""
        today = on or timezone.localdate()
        newest = (
            PageVersion.objects.published()
            .filter(Q(effective_on__isnull=True) | Q(effective_on__lte=today))
            .filter(page=OuterRef("page"), language=OuterRef("language"))
            .order_by("-number")
        )
        return self.filter(pk=Subquery(newest.values("pk")[:1]))


@audited()
class PageVersion(models.Model):
    """The text of a page in one language. What was published is never changed: a correction is a new version."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="versions", verbose_name=_("글"))
    language = models.CharField(_("언어"), max_length=10, choices=PageLanguage)
    number = models.PositiveIntegerField(_("판"))
    title = models.CharField(_("제목"), max_length=200)
    body = models.TextField(_("내용"), max_length=60000)
    state = models.CharField(_("상태"), max_length=10, choices=VersionState, default=VersionState.DRAFT)
    effective_on = models.DateField(_("시행일"), null=True, blank=True)
    published_at = models.DateTimeField(_("게시일"), null=True, blank=True)
    # Nobody for texts that came with the portal.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("게시한 사람"),
    )  # fmt: skip
    note = models.CharField(_("무엇이 바뀌었는지"), max_length=300, blank=True)
    # Raised with every write and carried on into the next version, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("변경일"), auto_now=True)

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("글의 판")
        verbose_name_plural = _("글의 판")
        ordering = ["page", "language", "-number"]
        constraints = [
            choices_constraint("language", PageLanguage, "page_version_language_is_known"),
            choices_constraint("state", VersionState, "page_version_state_is_known"),
            models.CheckConstraint(name="page_version_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="published_page_version_has_a_date",
                condition=Q(state=VersionState.DRAFT) | Q(published_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["page", "language", "number"], name="one_page_version_for_each_number"),
            models.UniqueConstraint(
                fields=["page", "language"], condition=Q(state=VersionState.DRAFT), name="one_draft_for_each_language"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_text_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def is_upcoming(self) -> bool:
        return self.effective_on is not None and self.effective_on > timezone.localdate()


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, user: Any) -> ConsentQuerySet:
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


@audited()
class Consent(models.Model):
    """Which version of a text a person agreed to, and when."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents", verbose_name=_("사용자")
    )
    version = models.ForeignKey(
        PageVersion, on_delete=models.PROTECT, related_name="consents", verbose_name=_("동의한 글")
    )
    given_at = models.DateTimeField(_("동의한 시각"), default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("동의")
        verbose_name_plural = _("동의")
        ordering = ["-given_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "version"], name="one_consent_for_each_version")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.version_id}"
