"""The site itself: who may, which addresses, what no page of it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cooperation_portal.accounts.permissions import check_system_admin, is_system_admin
from cooperation_portal.audit.timeline import entries

_WITHOUT_FORM = {"index", "app_index", "i18n_javascript", "history_view"}
# Signing in and out and passwords are allauth's; nothing is deleted, looked up by name or shown elsewhere.
_LEFT_OUT = ("login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site")


class PortalAdminSite(admin.AdminSite):
    site_header = site_title = gettext_lazy("시스템 관리")
    index_title = gettext_lazy("계정·분류·설정")
    final_catch_all_view = False
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return is_system_admin(request.user)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check_system_admin(request.user)
            return inner(request, *args, **kwargs)

        name = getattr(view, "__name__", "")
        return (require_safe if name in _WITHOUT_FORM else require_http_methods(["GET", "HEAD", "POST"]))(checked)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [_asking_allauth(address) for address in super().get_urls() if _is_wanted(address)]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By what people look for: two apps are called accounts, and the office's data are settings here."""
        found: list[Any] = super().get_app_list(request, app_label)
        names = {"account": _("이메일 주소"), "pages": _("설정")}
        return [app | {"name": names.get(app["app_label"], app["name"])} for app in found]

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().i18n_javascript(request, extra_context)
        response["Content-Type"] = "text/javascript; charset=utf-8"
        return response


def _is_wanted(address: URLPattern | URLResolver) -> bool:
    return isinstance(address, URLResolver) or address.name not in _LEFT_OUT


def _asking_allauth(address: URLPattern | URLResolver) -> URLPattern | URLResolver:
    """Who has not signed in is sent to the portal's sign-in: the site's own is left out."""
    if isinstance(address, URLPattern) and hasattr(address.callback, "login_url"):
        del address.callback.login_url
    return address


site = PortalAdminSite()
site.disable_action("delete_selected")


class PortalModelAdmin(admin.ModelAdmin):
    """Holders of the role may do everything but delete: accounts are switched off, terms retired."""

    list_per_page = 50
    may_add = may_change = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_system_admin(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_system_admin(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and is_system_admin(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and is_system_admin(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wanted = ("changelist", "history", "change", *(["add"] if self.may_add else []))
        addresses = [address for address in super().get_urls() if (address.name or "").endswith(wanted)]
        for address in addresses:
            if not self.may_change and str(address.name).endswith("_change"):
                address.callback = require_safe(address.callback)
        return addresses

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Named by what it lists: Django's own words in Korean are stiff, and wrong where nothing can be changed."""
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, title | (extra_context or {}))

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The portal's own history: it also has what was changed elsewhere."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        tracked = hasattr(self.model, "events")
        context = self.admin_site.each_context(request) | {
            "title": _("이력"),
            "subtitle": str(found),
            "object": found,
            "opts": self.opts,
            "entries": entries((self.model, {"pgh_obj_id": found.pk})) if tracked else [],
        }
        return TemplateResponse(request, "admin/portal_history.html", context)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        return None

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        return None
