"""How texts of the office come into a page (`{% load pages %}`)."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from cooperation_portal.pages import queries, rendering
from cooperation_portal.pages.models import Page, PageVersion
from cooperation_portal.pages.queries import language_now

register = template.Library()


@register.filter
def markdown(body: str) -> SafeString:
    """With the office's data in place of `{phone}` and the like."""
    return rendering.to_html(body, queries.frame().values() if "{" in body else {})


@register.filter
def summary(body: str) -> str:
    return rendering.to_text(body)


@register.inclusion_tag("pages/_text.html")
def page_text(text: Page | PageVersion) -> dict[str, Any]:
    """A text with its language, and a word about it where it is not in the reader's or older than the Korean one."""
    page, version = (text, text.text) if isinstance(text, Page) else (None, text)
    return {
        "version": version,
        "is_foreign": version is not None and version.language != language_now(),
        "is_outdated": page is not None and page.text_is_outdated,
    }
