from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cooperation_portal.accounts.permissions import is_officer, is_system_admin
from cooperation_portal.accounts.views import CONTRAST_COOKIE


def portal(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows."""
    korean = get_language() == "ko"
    user = getattr(request, "user", None)
    return {
        "portal": {
            "name": settings.PORTAL_NAME_KO if korean else settings.PORTAL_NAME_EN,
            "office": settings.PORTAL_OFFICE_KO if korean else settings.PORTAL_OFFICE_EN,
            "official_masthead": settings.PORTAL_OFFICIAL_MASTHEAD,
            "contrast": "high" if request.COOKIES.get(CONTRAST_COOKIE) == "high" else "normal",
            "languages": [(code, name) for code, name in settings.LANGUAGES if code in settings.PORTAL_LANGUAGES],
            "user_name": str(user) if user and user.is_authenticated else "",
            "role": ", ".join(map(str, user.role_labels)) if user and user.is_authenticated else "",
        },
        "navigation": _navigation(request) if user and user.is_authenticated else [],
    }


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    links = [("home", _("첫 화면"))]
    if is_officer(request.user):
        links += [("my_queue", _("내 업무")), ("whole_queue", _("업무 현황")), ("technology_list", _("원천기술"))]
    if is_system_admin(request.user):
        links += [("failed_work", _("실패 작업"))]
    return [{"label": label, "url": reverse(name), "current": request.path == reverse(name)} for name, label in links]
