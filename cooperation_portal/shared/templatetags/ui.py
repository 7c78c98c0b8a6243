"""Template tags of the portal's components (`{% load ui %}`); what they render is in `templates/components/`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from cooperation_portal.shared.highlights import Highlights

register = template.Library()

# Words of a status to its tone; a word that is not here stays neutral, which is always readable.
TONES: dict[str, frozenset[str]] = {
    "neutral": frozenset({"draft", "archived", "closed", "withdrawn", "cancelled", "none", "superseded", "skipped"}),
    "primary": frozenset({"new", "submitted", "assigned", "proposed", "open"}),
    "info": frozenset(
        {
            "running",
            "in_review",
            "reviewing",
            "waiting",
            "queued",
            "scheduled",
            "sent",
            "in_progress",
            "ongoing",
            "in_talks",
            "expected",
            "with_owner",
            "with_officer",
        }
    ),
    "success": frozenset(
        {
            "released",
            "recommended",
            "accepted",
            "approved",
            "done",
            "completed",
            "active",
            "published",
            "confirmed",
            "scored",
            "fit",
            "success",
            "final",
            "agreed",
            "contracted",
            "exporting",
        }
    ),
    "warning": frozenset(
        {
            "pending",
            "held",
            "on_hold",
            "stale",
            "late",
            "needs_attention",
            "needs_work",
            "returned",
            "deferred",
            "outdated",
            "disputed",
            "details",
            "unconfirmed",
        }
    ),
    "danger": frozenset(
        {"rejected", "failed", "refused", "blocked", "expired", "overdue", "unfit", "error", "stopped", "failure"}
    ),
}
_TONE_OF_STATUS = {status: tone for tone, statuses in TONES.items() for status in statuses}
_TONE_OF_MESSAGE = {"debug": "neutral", "info": "info", "success": "success", "warning": "warning", "error": "danger"}

LANGUAGE_NAMES = {
    "ko": gettext_lazy("한국어"),
    "en": gettext_lazy("영어"),
    "ru": gettext_lazy("러시아어"),
    "ja": gettext_lazy("일본어"),
    "zh": gettext_lazy("중국어"),
    "zh-hans": gettext_lazy("중국어(간체)"),
    "zh-hant": gettext_lazy("중국어(번체)"),
    "de": gettext_lazy("독일어"),
    "fr": gettext_lazy("프랑스어"),
    "vi": gettext_lazy("베트남어"),
    "uk": gettext_lazy("우크라이나어"),
    "kk": gettext_lazy("카자흐어"),
    "uz": gettext_lazy("우즈베크어"),
}

RELEVANCE = {
    "very_high": (4, gettext_lazy("매우 높음")),
    "high": (3, gettext_lazy("높음")),
    "medium": (2, gettext_lazy("보통")),
    "low": (1, gettext_lazy("낮음")),
}

ORIGINS = {
    "source": ("primary", gettext_lazy("원문")),
    "human": ("success", gettext_lazy("사람 번역")),
    "machine": ("warning", gettext_lazy("기계 번역")),
}

_SCRIPTS = (
    ("ko", re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")),
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
)


@register.filter
def tone(status: object) -> str:
    """The tone of a status word; `{{ demand.status|tone }}` gives "success"."""
    return _TONE_OF_STATUS.get(str(status).lower(), "neutral")


@register.filter
def message_tone(level_tag: str) -> str:
    return _TONE_OF_MESSAGE.get(level_tag, "info")


@register.inclusion_tag("components/badge.html")
def badge(status: object, label: object = "", tone: str = "", dot: bool = True) -> dict[str, Any]:
    """`{% badge demand.status demand.get_status_display %}`; `tone` overrules the table above."""
    return {"label": label or status, "tone": tone or _TONE_OF_STATUS.get(str(status).lower(), "neutral"), "dot": dot}


@register.inclusion_tag("components/relevance.html")
def relevance(code: str | None) -> dict[str, Any]:
    """관련도 in words with four steps beside them; an unknown or empty code is shown as "no score"."""
    level, label = RELEVANCE.get(str(code or ""), (0, gettext_lazy("점수 없음")))
    return {"code": code, "level": level, "label": label, "steps": range(1, 5)}


@register.inclusion_tag("components/origin.html")
def origin(code: str) -> dict[str, Any]:
    """Where a text comes from: 원문, 사람 번역, 기계 번역."""
    tone_, label = ORIGINS.get(str(code), ("neutral", code))
    return {"tone": tone_, "label": label}


@register.inclusion_tag("components/value.html")
def value(content: object, hidden: bool = False, unit: object = "", missing: object = "") -> dict[str, Any]:
    """A value, "비공개" where the reader may not see it, or "자료 없음" where there is none: three different things.

    With `hidden` the content never reaches the template.
    """
    empty = content is None or content == "" or (isinstance(content, list | tuple | set | dict) and not content)
    return {"content": None if hidden else content, "hidden": hidden, "empty": empty, "unit": unit, "missing": missing}


@register.inclusion_tag("components/score_bars.html")
def score_bars(components: Iterable[Mapping[str, Any] | Any], details: bool = True) -> dict[str, Any]:
    """Bars for the components of a score.

    Each component (mapping or object) has `label` and `value` (0 to 1, or None where it could not be computed);
    `reason`, `weight` and `raw` are optional and appear in the table behind the bars.
    """
    rows = []
    for component in components:
        row = {name: _read(component, name) for name in ("label", "value", "reason", "weight", "raw")}
        row["width"] = None if row["value"] is None else _width(float(row["value"]))
        rows.append(row)
    return {
        "rows": rows,
        "details": details,
        "has_weight": any(row["weight"] is not None for row in rows),
        "has_raw": any(row["raw"] is not None for row in rows),
    }


@register.inclusion_tag("components/funnel.html")
def funnel(steps: Iterable[Mapping[str, Any] | Any]) -> dict[str, Any]:
    """Counts from the first step to the last; each step has `label`, `count` and, if wanted, `url`."""
    rows = [{name: _read(step, name) for name in ("label", "count", "url")} for step in steps]
    most = max((row["count"] or 0 for row in rows), default=0)
    for row in rows:
        row["width"] = _width((row["count"] or 0) / most) if most else "0"
    return {"rows": rows}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: object) -> dict[str, Any]:
    """`{% breadcrumbs _("수요기술") list_url demand.reference %}`: label, address, label, address, …, label of this."""
    trail = [{"label": parts[index], "url": parts[index + 1]} for index in range(0, len(parts) - 1, 2)]
    if len(parts) % 2:
        trail.append({"label": parts[-1], "url": ""})
    return {"trail": trail}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Any, parameter: str = "page") -> dict[str, Any]:
    """Links to the pages of `page_obj`; every other parameter of the address is kept."""
    shown = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    pages = [
        {"number": number if isinstance(number, int) else None, "query": _query(context, **{parameter: number})}
        for number in shown
    ]
    around = {}
    if page_obj.has_previous():
        around["previous"] = _query(context, **{parameter: page_obj.previous_page_number()})
    if page_obj.has_next():
        around["next"] = _query(context, **{parameter: page_obj.next_page_number()})
    return {"page_obj": page_obj, "pages": pages, **around}


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: object) -> str:
    """The address's query with some parameters changed (None takes one away); all but a page starts at page 1 again.

    Django's own `{% querystring %}` keeps the page, which shows page 7 of a freshly narrowed list.
    """
    if "page" not in changes:
        changes["page"] = None
    return _query(context, **changes)


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, field: str, label: object, number: bool = False) -> dict[str, Any]:
    """A column head that sorts by `?sort=field`, turned round by a second click (`?sort=-field`)."""
    request = context.get("request")
    current = request.GET.get("sort", "") if request else ""
    state = {field: "ascending", f"-{field}": "descending"}.get(current, "")
    query = _query(context, sort=f"-{field}" if current == field else field, page=None)
    return {"label": label, "state": state, "query": query, "number": number}


@register.filter
def language_name(code: str) -> object:
    """The name of a language in the language of the page: `{{ "ru"|language_name }}`."""
    return LANGUAGE_NAMES.get(str(code).lower(), code)


@register.filter
def lang_attr(code: str) -> str:
    """An HTML `lang` value of a stored language code: zh is written in simplified characters here."""
    return {"zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(str(code).lower(), str(code))


@register.filter
def marked(text: object) -> object:
    """Text of another script than the page's own in a `<span lang>`, so that it is read out and set in its own font."""
    shown = str(text)
    page = (get_language() or "ko").split("-")[0]
    for language, script in _SCRIPTS:
        if script.search(shown):
            if language == page or (language == "zh" and page in {"ja", "ko"}):
                return text
            return format_html('<span lang="{}">{}</span>', lang_attr(language), text)
    return text


@register.simple_tag
def highlighted(text: object, highlights: object = None) -> object:
    """`{% highlighted demand.problem highlights %}`: with what `Highlights` finds in it, where a page has any."""
    return highlights.in_text(text) if isinstance(highlights, Highlights) and isinstance(text, str) else text


@register.simple_tag
def percent(fraction: float | None, digits: int = 0) -> str:
    return "" if fraction is None else f"{number_format(fraction * 100, digits)}%"


def _read(item: Mapping[str, Any] | Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def _width(fraction: float) -> str:
    """For SVG attributes: 0 to 100 with a point, whatever the language of the page."""
    return f"{100 * min(1.0, max(0.0, fraction)):.1f}"


def _query(context: Context, **changes: object) -> SafeString:
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, content in changes.items():
        if content is None:
            query.pop(name, None)
        else:
            query[name] = str(content)
    return conditional_escape(f"?{query.urlencode()}" if query else "?")
