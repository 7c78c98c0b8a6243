"""Accounts and what they may do."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.accounts.models import Grant, Role, User
from cooperation_portal.accounts.permissions import is_system_admin
from cooperation_portal.home.administration.site import PortalModelAdmin, site


class NewGrant(admin.TabularInline):
    """What a person may do, since when. Earlier grants are shown and ended on their own page."""

    model = Grant
    fk_name = "user"
    fields = ["role", "starts_on", "ends_on", "reason"]
    verbose_name_plural = gettext_lazy("권한 (끝낼 때는 ‘권한’ 목록에서 종료일을 적습니다)")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new account is nearly always given something to do."""
        return 0 if obj else 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_system_admin(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_system_admin(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class UserForm(forms.ModelForm):
    by: Any  # set by the admin: who sits before the form

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if EmailAddress.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("이미 계정이 있는 이메일 주소입니다. 계정 목록에서 찾아 주십시오."))
        return email

    def clean_is_active(self) -> bool:
        active: bool = self.cleaned_data["is_active"]
        if not active and self.instance.pk == self.by.pk:
            raise ValidationError(_("자신의 계정은 스스로 중지할 수 없습니다. 다른 시스템 관리자에게 부탁해 주십시오."))
        return active


@admin.register(User, site=site)
class UserAdmin(PortalModelAdmin):
    """No password is shown or typed: a new person chooses it by the link of a mail."""

    form = UserForm
    list_display = ["email", "name", "roles_today", "is_active", "last_login", "date_joined"]
    list_filter = ["is_active"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    inlines = [NewGrant]
    actions = ["send_password_mail"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("grants")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            ("email", "name", "language", "is_active", "date_joined", "last_login")
            if obj
            else ("email", "name", "language")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("email", "date_joined", "last_login") if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    @admin.display(description=gettext_lazy("권한"))
    def roles_today(self, user: User) -> str:
        today = timezone.localdate()
        held = [g for g in user.grants.all() if g.starts_on <= today and (g.ends_on is None or g.ends_on >= today)]
        return ", ".join(str(Role(grant.role).label) for grant in held) or "–"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.set_unusable_password()
        obj.save()
        EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=True)
        self._invite(request, obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for grant in formset.save(commit=False):
            grant.granted_by = request.user
            grant.save()

    @admin.action(description=gettext_lazy("비밀번호를 정하는 메일 보내기"))
    def send_password_mail(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users.filter(is_active=True):
            self._invite(request, user)

    def _invite(self, request: HttpRequest, user: User) -> None:
        form = ResetPasswordForm({"email": user.email})
        if form.is_valid():
            form.save(request)
            messages.success(request, _("%(email)s(으)로 비밀번호를 정하는 메일을 보냈습니다.") % {"email": user.email})


class GrantForm(forms.ModelForm):
    by: Any

    def clean(self) -> dict[str, Any]:
        """Here and not by the constraint alone: where the first day is not in the form, its constraint is not asked."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("starts_on", self.instance.starts_on), cleaned.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("종료일이 시작일보다 앞섭니다. 시작일이나 그 뒤의 날을 적어 주십시오."))
        own = self.instance.pk and self.instance.user_id == self.by.pk and self.instance.role == Role.SYSTEM_ADMIN
        if own and ends:
            self.add_error(
                "ends_on",
                _("자신의 시스템 관리자 권한은 스스로 끝낼 수 없습니다. 다른 시스템 관리자에게 부탁해 주십시오."),
            )
        return cleaned


@admin.register(Grant, site=site)
class GrantAdmin(PortalModelAdmin):
    """Given for a reason and ended by a date, never changed into another role."""

    form = GrantForm
    list_display = ["user", "role", "starts_on", "ends_on", "reason", "granted_by"]
    list_filter = ["role"]
    list_select_related = ["user", "granted_by"]
    search_fields = ["user__email", "user__name"]
    fields = ["user", "role", "starts_on", "ends_on", "reason"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("user", "role", "starts_on", "reason") if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:
        if not change:
            obj.granted_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)


@admin.register(EmailAddress, site=site)
class EmailAddressAdmin(PortalModelAdmin):
    """To look at: people add and confirm their addresses themselves."""

    may_add = may_change = False
    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["verified"]
    list_select_related = ["user"]
    search_fields = ["email", "user__name"]
    ordering = ["email"]
    actions = ["send_confirmation"]

    @admin.action(description=gettext_lazy("확인 메일 다시 보내기"))
    def send_confirmation(self, request: HttpRequest, addresses: QuerySet[EmailAddress]) -> None:
        for address in addresses.filter(verified=False, user__is_active=True):
            address.send_confirmation(request)
            messages.success(request, _("%(email)s(으)로 확인 메일을 보냈습니다.") % {"email": address.email})
