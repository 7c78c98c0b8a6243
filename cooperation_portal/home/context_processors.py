from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from cooperation_portal.accounts.views import CONTRAST_COOKIE
from cooperation_portal.home.navigation import menu


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
        "navigation": menu(request) if user else [],
    }
