"""Figures as tiles, tables and pictures. The machine's words stay in their own column, beside those of the officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.network.models import CompanyClass
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.templatetags.ui import percent
from cooperation_portal.taxonomy.models import Country, TechnologyField
from matching.engine.glossary import Concept
from matching.learning.models import Verdict, WeightSet
from matching.learning.queries.drift import Warning
from matching.learning.queries.quality import GROUPS, PLACES, Agreement, Band, Row, Share, Totals
from matching.learning.vocabulary import CHANNEL_LABELS, GLOSSARY_FIELDS
from matching.scoring.models import Relevance

GROUP_LABELS = {
    "month": gettext_lazy("월별"),
    "country": gettext_lazy("원천기술의 국가별"),
    "field": gettext_lazy("원천기술의 분야별"),
    "company_class": gettext_lazy("수요기업 구분별"),
    "engine_version": gettext_lazy("엔진별"),
}


def tiles(totals: Totals) -> list[dict[str, Any]]:
    found = [
        {
            "label": _("%(place)s위까지의 적합 비율") % {"place": place},
            "count": _figure(share),
            "note": _of(share),
            "tone": "primary",
        }
        for place, share in zip(PLACES, totals.precision, strict=True)
    ]
    by_hand = totals.found_by_hand
    found.append(
        {"label": _("직접 찾은 적합 기술"), "count": _figure(by_hand), "note": _of(by_hand), "tone": "warning"}
    )
    return found


def _figure(share: Share) -> str:
    return percent(share.value) if share.is_enough else _("판단 부족")


def _of(share: Share) -> str:
    counts = _("%(whole)s건 중 %(part)s건") % {"whole": share.whole, "part": share.part}
    if not share.is_enough or share.interval is None:
        return counts
    return f"{counts} · {interval_shown(share)}"


def interval_shown(share: Share) -> str:
    if share.interval is None:
        return ""
    low, high = share.interval
    return f"{percent(low)}–{percent(high)}"


@dataclass(frozen=True)
class Cell:
    place: int
    share: Share

    @property
    def level(self) -> int:
        """Shade 1 to 4 that repeats the number; 0 where there are too few to say."""
        return min(4, 1 + int((self.share.value or 0) * 4)) if self.share.is_enough else 0

    @property
    def interval(self) -> str:
        return interval_shown(self.share)


def group_tables(grouped: Mapping[str, Sequence[Row]]) -> list[dict[str, Any]]:
    names = {
        "country": {country.code: country.name for country in Country.objects.all()},
        "field": {field.code: field.name for field in TechnologyField.objects.filter(parent__isnull=True)},
        "company_class": {**{one.value: str(one.label) for one in CompanyClass}, "": _("해외 수요기관")},
    }
    return [
        {
            "name": group,
            "label": GROUP_LABELS[group],
            "rows": [
                {
                    "label": names.get(group, {}).get(row.key, row.key) or _("알 수 없음"),
                    "cells": [Cell(place, share) for place, share in zip(PLACES, row.shares, strict=True)],
                }
                for row in grouped[group]
            ],
        }
        for group in GROUPS
    ]


def reliability(bands: Sequence[Band], bounds: Mapping[str, float]) -> dict[str, Any]:
    """Rows of the table, and the picture of them: a square of 100 whose corner is at the bottom left and which begins
    and ends where evidence does. `bounds`: from which evidence the words of 관련도 begin now."""
    if not bands:
        return {}
    low, high = bands[0].low, bands[-1].high

    def across(evidence: float) -> str:
        return f"{100 * (evidence - low) / (high - low):.1f}"

    return {
        "low": f"{low:.2f}",
        "high": f"{high:.2f}",
        "middle": f"{(low + high) / 2:.2f}",
        "bounds": [{"code": word, "x": across(bound)} for word, bound in bounds.items() if low <= bound <= high],
        "rows": [_band_row(band, across((band.low + band.high) / 2)) for band in bands],
    }


def _band_row(band: Band, across: str) -> dict[str, Any]:
    low, high = band.share.interval or (0.0, 0.0)
    return {
        "range": f"{band.low:.2f}–{band.high:.2f}",
        "share": band.share,
        "interval": interval_shown(band.share),
        "x": across,
        "y": f"{100 - 100 * (band.share.value or 0):.1f}",
        "top": f"{100 - 100 * high:.1f}",
        "bottom": f"{100 - 100 * low:.1f}",
    }


def relevance_rows(found: Mapping[str, Share], bounds: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {
            "code": word.value,
            "from": f"{bounds[word]:.2f}" if word in bounds else None,
            "share": found[word],
            "interval": interval_shown(found[word]),
        }
        for word in Relevance
        if word in found
    ]


def agreement_rows(found: Agreement) -> list[dict[str, Any]]:
    return [
        {"label": first.label, "cells": [found.table.get((first.value, second.value), 0) for second in Verdict]}
        for first in Verdict
    ]


_WARNINGS = {
    "encoder": gettext_lazy("인코더가 %(before)s에서 %(now)s(으)로 바뀌었습니다."),
    "formula": gettext_lazy("엔진의 계산식이 %(before)s판에서 %(now)s판으로 바뀌었습니다."),
    "glossary": gettext_lazy("용어집이 %(before)s판에서 %(now)s판으로 바뀌었습니다."),
    "languages": gettext_lazy("점수를 맞춘 뒤 원천기술의 언어 구성이 바뀌었습니다: %(before)s → %(now)s."),
}


def warnings(found: Sequence[Warning]) -> list[str]:
    return [_WARNINGS[one.code] % {"before": _told(one, one.before), "now": _told(one, one.now)} for one in found]


def _told(warning: Warning, value: str) -> str:
    if warning.code != "languages":
        return value
    language, _space, share = value.partition(" ")
    label = TextLanguage(language).label if language in TextLanguage.values else language
    return f"{label} {share}"


# --- weights ----------------------------------------------------------------------------------------------------------


def weight_rows(weights: WeightSet) -> list[dict[str, Any]]:
    before = weights.figures.get("before", {})
    return [
        {"label": label, "old": before.get(name), "new": weights.weights[name]}
        for name, label in CHANNEL_LABELS.items()
        if name in weights.weights
    ]


def comparison_rows(weights: WeightSet) -> list[dict[str, Any]]:
    old, new = weights.figures["old"], weights.figures["new"]
    rows = [
        {
            "label": _("예측 오차 (로그 손실, 작을수록 좋음)"),
            "old": f"{old['log_loss']:.4f}",
            "new": f"{new['log_loss']:.4f}",
        }
    ]
    for place in PLACES:
        label = _("%(place)s위까지의 적합 비율") % {"place": place}
        rows.append({"label": label, "old": _told_share(old, place), "new": _told_share(new, place)})
    return rows


def _told_share(measured: Mapping[str, Any], place: int) -> str:
    share = Share(*measured["precision"][str(place)])
    return f"{percent(share.value, 1)} ({share.part}/{share.whole})"


def is_better(weights: WeightSet) -> bool:
    return bool(weights.figures["new"]["log_loss"] < weights.figures["old"]["log_loss"])


def threshold_rows(weights: WeightSet) -> list[dict[str, Any]]:
    before = weights.figures.get("thresholds", {})
    return [
        {
            "code": word.value,
            "old": f"{before[word]:.2f}" if word in before else None,
            "new": f"{weights.thresholds[word]:.2f}",
        }
        for word in Relevance
        if word in weights.thresholds
    ]


# --- glossary ---------------------------------------------------------------------------------------------------------


def term_rows(terms: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [
        {"language": language, "label": TextLanguage(language).label, "terms": list(terms[language])}
        for language in TextLanguage.values
        if terms.get(language)
    ]


def concept_view(concept: Concept) -> dict[str, Any]:
    names = next((terms for terms in (concept.terms.get("ko"), *concept.terms.values()) if terms), (concept.key,))
    return {
        "key": concept.key,
        "name": names[0],
        "field": GLOSSARY_FIELDS.get(concept.field, concept.field),
        "broader": concept.broader,
        "terms": term_rows(concept.terms),
    }
