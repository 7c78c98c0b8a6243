from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cooperation_portal.pages import queries
from cooperation_portal.pages.help import TOPIC_OF


def frame(request: HttpRequest) -> dict[str, Any]:
    """The office's data below every page, and the help of this one. Parts of pages show neither and ask for nothing."""
    return {"office": SimpleLazyObject(queries.frame), "help_url": _help_url(request)}


def _help_url(request: HttpRequest) -> str:
    topic = TOPIC_OF.get(request.resolver_match.view_name) if request.resolver_match else None
    return reverse("help_page", args=[topic]) if topic else ""
