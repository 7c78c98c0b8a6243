from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.shared.constraints import choices_constraint

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Role(models.TextChoices):
    """What staff are trusted with. A person of a company has no role here: membership of the company says it."""

    OFFICER = "officer", _("사업담당자")
    CONTENT_ADMIN = "content_admin", _("운영자")
    SYSTEM_ADMIN = "system_admin", _("시스템 관리자")


class UserQuerySet(models.QuerySet["User"]):
    def holding(self, role: Role) -> UserQuerySet:
        """Active people who hold the role today."""
        return self.filter(is_active=True, pk__in=Grant.objects.current().filter(role=role).values("user"))


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def holding(self, role: Role) -> UserQuerySet:
        return self.get_queryset().holding(role)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


@audited(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    email = models.EmailField(_("이메일"), unique=True)
    name = models.CharField(_("이름"), max_length=80)
    language = models.CharField(_("화면 언어"), max_length=10, choices=settings.LANGUAGES, default="ko")
    is_active = models.BooleanField(_("사용 중"), default=True)
    date_joined = models.DateTimeField(_("가입일"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("사용자")
        verbose_name_plural = _("사용자")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_for_each_address"),
            models.CheckConstraint(
                name="user_language_is_offered",
                condition=Q(language__in=[code for code, _name in settings.LANGUAGES]),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles held today; read once for each request."""
        return frozenset(self.grants.current().values_list("role", flat=True)) if self.is_active else frozenset()

    @property
    def role_labels(self) -> list[str | _StrPromise]:
        return [role.label for role in Role if role.value in self.roles]


class GrantQuerySet(models.QuerySet["Grant"]):
    def current(self, on: date | None = None) -> GrantQuerySet:
        today = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)


@audited()
class Grant(models.Model):
    """A role given to a person for a time. It is ended, not deleted, so that one can see who could do what when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants", verbose_name=_("사용자"))
    role = models.CharField(_("권한"), max_length=20, choices=Role)
    starts_on = models.DateField(_("시작일"), default=timezone.localdate)
    ends_on = models.DateField(_("종료일"), null=True, blank=True)
    reason = models.CharField(_("부여 사유"), max_length=200)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("부여한 사람")
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("권한")
        verbose_name_plural = _("권한")
        ordering = ["user", "role", "starts_on"]
        constraints = [
            choices_constraint("role", Role, "grant_role_is_known"),
            models.CheckConstraint(
                name="grant_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on")) | Q(ends_on__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(ends_on__isnull=True), name="one_open_grant_for_each_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


KEPT_CHARACTERS = 400_000


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def visible_to(self, user: Any) -> KeptFormQuerySet:
        """What somebody has typed and not sent is nobody else's, whatever their role."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class KeptForm(models.Model):
    """What a person typed into the form of a page and has not sent yet."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_forms", verbose_name=_("사용자"))
    path = models.CharField(_("화면 주소"), max_length=300)
    body = models.TextField(_("내용"))  # as a browser would send it
    saved_at = models.DateTimeField(_("저장 시각"), default=timezone.now)

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("임시 저장된 내용")
        verbose_name_plural = _("임시 저장된 내용")
        constraints = [
            models.UniqueConstraint(fields=["user", "path"], name="one_kept_form_for_each_page"),
            models.CheckConstraint(
                name="kept_form_is_not_too_long", condition=LessThanOrEqual(Length("body"), KEPT_CHARACTERS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.path}"
