"""Tags of the catalogue's pages (`{% load catalogue %}`)."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cooperation_portal.network.acting import companies_to_choose
from cooperation_portal.network.models import NameDisclosure
from cooperation_portal.network.permissions import company_name_disclosure
from cooperation_portal.shared.templatetags.ui import marked
from matching.catalogue.models import Technology

register = template.Library()


@register.simple_tag(takes_context=True)
def owner_name(context: Context, technology: Technology) -> object:
    """`{% owner_name technology %}`: an institution by its name, a company as the reader may know it."""
    return marked(owner_shown(context.get("request"), technology))


def owner_shown(request: Any, technology: Technology) -> str:
    company = technology.owner_company
    if company is None:
        return str(technology.owner or "")
    if request is None:
        return company.display_name(NameDisclosure.MASKED)
    disclosure = company_name_disclosure(request.user)
    if disclosure != NameDisclosure.FULL and company in companies_to_choose(request):
        disclosure = NameDisclosure.FULL
    return company.display_name(disclosure)


@register.filter
def with_marks(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """`{{ card.title|with_marks }}`: the words that were looked for in `<mark>`."""
    return format_html_join("", "{}", ((_marked(text) if is_hit else text,) for text, is_hit in parts))


def _marked(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)
