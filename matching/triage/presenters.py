"""Stored codes and figures turned into what a page shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.network.permissions import company_name_disclosure
from cooperation_portal.shared.highlights import Highlights
from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.models import Stage, Technology
from matching.demands.models import IN_THE_COMPANYS_WORDS, Demand, DemandStatus
from matching.engine.evidence import MINIMUM_SENTENCE_SIMILARITY
from matching.learning.queries.inforce import weights_of
from matching.scoring.models import Match
from matching.scoring.queries import ScoringState
from matching.triage.queries.company import STATE_LABELS
from matching.triage.queries.officers import Candidate

# Name of the channel, its label, what it compares.
COMPONENTS = (
    (
        "semantic",
        gettext_lazy("뜻이 가까운 정도"),
        gettext_lazy("글 전체와 문장의 뜻을 언어에 상관없이 견준 값"),
    ),
    (
        "readings",
        gettext_lazy("한자어"),
        gettext_lazy("한자를 우리말 소리로 읽어 같은 용어를 찾은 값"),
    ),
    (
        "loan_words",
        gettext_lazy("외래어"),
        gettext_lazy("소리가 같은 외래어를 찾은 값"),
    ),
    (
        "neutral",
        gettext_lazy("기호·수치"),
        gettext_lazy("로마자 용어·규격·단위가 붙은 수치가 같은 정도"),
    ),
    (
        "concepts",
        gettext_lazy("기술 용어"),
        gettext_lazy("용어집의 같은 개념을 어느 나라 말로든 함께 쓴 정도"),
    ),
)
# What makes two words one, as an officer names it.
CHANNEL_LABELS = {
    "concepts": gettext_lazy("용어집"),
    "readings": gettext_lazy("한자어"),
    "loan_words": gettext_lazy("외래어"),
    "neutral": gettext_lazy("기호·수치"),
    "figures": gettext_lazy("기호·수치"),
}
# A standardised component of 0 is what an average offer has; beyond 4 nothing more can be seen on a bar.
_LOWEST, _HIGHEST = -1.0, 4.0

_QUANTITIES = {
    "temperature": gettext_lazy("온도"),
    "thickness": gettext_lazy("두께"),
    "accuracy": gettext_lazy("정밀도"),
    "pressure": gettext_lazy("압력"),
    "strength": gettext_lazy("강도"),
    "power": gettext_lazy("출력"),
    "delay": gettext_lazy("지연 시간"),
    "weight": gettext_lazy("무게"),
    "life": gettext_lazy("수명"),
    "speed": gettext_lazy("속도"),
    "distance": gettext_lazy("거리"),
    "efficiency": gettext_lazy("효율"),
    "recovery": gettext_lazy("회수율·수율"),
    "voltage": gettext_lazy("전압"),
    "frequency": gettext_lazy("주파수"),
}


class MatchView:
    """The reasons of one match, ready to be read."""

    def __init__(self, match: Match) -> None:
        self.match = match
        self.relevance = match.relevance
        self.pairs = match.reasons.get("sentence_pairs", [])
        self.terms = match.reasons.get("terms", [])
        self.figures = match.reasons.get("figures", [])

    @cached_property
    def agreements(self) -> list[dict[str, Any]]:
        """Shared terms and figures with what makes them one."""
        return [{**term, "label": CHANNEL_LABELS[term["channel"]]} for term in [*self.terms, *self.figures]]

    @cached_property
    def evidence(self) -> list[dict[str, Any]]:
        """Pairs of sentences. One that is far in meaning stands there for a term that both have."""
        near = MINIMUM_SENTENCE_SIMILARITY
        return [{**pair, "is_near": pair["similarity"] >= near} for pair in self.pairs]

    @cached_property
    def in_demand(self) -> Highlights:
        return Highlights(self._surfaces("demand"), [pair["demand"] for pair in self.pairs])

    @cached_property
    def in_offer(self) -> Highlights:
        """For the original and the Korean text, which often has the demand's words."""
        surfaces = self._surfaces("demand") + self._surfaces("offer")
        return Highlights(surfaces, [pair["offer"] for pair in self.pairs])

    def _surfaces(self, side: str) -> list[str]:
        return [term[side] for term in [*self.terms, *self.figures]]

    @cached_property
    def components(self) -> list[dict[str, Any]]:
        """With the weights that the score was made with. Where they are not known any more, nothing can be said."""
        raw, shares = self.match.components["raw"], self.match.components["contributions"]
        weights = weights_of(self.match.engine_version)
        return [
            {
                "label": label,
                "value": _bar(shares[name] / weights[name] if weights[name] else 0.0),
                "reason": explanation,
                "weight": f"{weights[name]:g}",
                "raw": f"{raw[name]:.3f} → {shares[name]:+.2f}",
            }
            for name, label, explanation in COMPONENTS
            if name in shares and name in weights  # a list of an earlier engine lacks what came later
        ]

    @cached_property
    def fields(self) -> list[TechnologyField]:
        codes = self.match.reasons.get("fields", [])
        return list(TechnologyField.objects.filter(code__in=codes)) if codes else []

    @cached_property
    def cautions(self) -> list[str]:
        return [caution_in_words(caution) for caution in self.match.reasons.get("cautions", [])]


def _bar(standardised: float) -> float:
    return min(1.0, max(0.02, (standardised - _LOWEST) / (_HIGHEST - _LOWEST)))


def caution_in_words(caution: Mapping[str, Any]) -> str:
    code, data = caution["code"], caution["data"]
    if code == "specification_conflict":
        return _("%(quantity)s: 수요는 %(demand)s, 기술은 %(offer)s입니다.") % {
            "quantity": _QUANTITIES.get(data["quantity"], data["quantity"]),
            "demand": data["demand"],
            "offer": data["offer"],
        }
    if code == "stage_far":
        return _("개발 단계가 멉니다: 희망 ‘%(demand)s’, 기술 ‘%(offer)s’.") % {
            "demand": _stage(data["demand"]),
            "offer": _stage(data["offer"]),
        }
    texts = {
        "ipr_differs": _("지식재산권 상태가 다릅니다."),
        "text_too_short": _("기술 설명이 너무 짧아 점수를 믿기 어렵습니다."),
        "machine_text": _("기계 번역된 글로 계산했습니다."),
        "language_unsupported": _("지원하지 않는 언어의 글입니다."),
    }
    return texts.get(code, code)


def _stage(number: str) -> str:
    stages = list(Stage)
    return str(stages[int(number) - 1].label) if number.isdecimal() and 0 < int(number) <= len(stages) else number


def status_tiles(counts: Mapping[str, int], url: str, current: str) -> list[dict[str, Any]]:
    tones = {"submitted": "primary", "in_review": "info", "recommended": "success"}
    return [
        {
            "label": DemandStatus(status).label,
            "count": count,
            "url": f"{url}?status={status}",
            "tone": tones.get(status, "neutral"),
            "current": status == current,
        }
        for status, count in counts.items()
    ]


def following(candidates: Sequence[Candidate], technology_pk: int) -> int | None:
    return _neighbour(candidates, technology_pk, 1)


def preceding(candidates: Sequence[Candidate], technology_pk: int) -> int | None:
    return _neighbour(candidates, technology_pk, -1)


def _neighbour(candidates: Sequence[Candidate], technology_pk: int, step: int) -> int | None:
    keys = [candidate.technology.pk for candidate in candidates]
    if technology_pk not in keys:
        return None
    place = keys.index(technology_pk) + step
    return keys[place] if 0 <= place < len(keys) else None


def chosen_candidates(data: QueryDict, candidates: Sequence[Candidate]) -> list[tuple[Candidate, int]]:
    """Ticked boxes are written `technology id:version seen`; a candidate that is gone is not chosen."""
    seen = dict(_pair(value) for value in data.getlist("chosen"))
    return [(c, seen[c.technology.pk]) for c in candidates if c.technology.pk in seen]


def seen_decisions(data: QueryDict) -> dict[int, int]:
    return dict(_pair(value) for value in data.getlist("seen"))


def _pair(value: str) -> tuple[int, int]:
    left, _colon, right = value.partition(":")
    usable = all(part.isdecimal() and len(part) < 19 for part in (left, right))
    return (int(left), int(right)) if usable else (0, -1)


# --- for the company --------------------------------------------------------------------------------------------------


_STATE_TONES = {"in_progress": "info", "recommended": "success"}


def state_tiles(counts: Mapping[str, int], url: str, current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": STATE_LABELS[state],
            "count": count,
            "url": f"{url}?state={state}",
            "tone": _STATE_TONES.get(state, "neutral"),
            "current": state == current,
        }
        for state, count in counts.items()
    ]


def state_steps(demand: Demand) -> list[dict[str, Any]]:
    """The way of a demand in the company's words; one that was withdrawn ends there."""
    way = [DemandStatus.DRAFT, DemandStatus.SUBMITTED, DemandStatus.IN_REVIEW, DemandStatus.RECOMMENDED]
    if demand.status == DemandStatus.WITHDRAWN:
        reached = [DemandStatus.DRAFT, DemandStatus.SUBMITTED] if demand.submitted_at else [DemandStatus.DRAFT]
        way = [*reached, DemandStatus.WITHDRAWN]
    else:
        way.append(DemandStatus.CLOSED)
    place = way.index(DemandStatus(demand.status))
    return [
        {
            "label": IN_THE_COMPANYS_WORDS[status][0],
            "state": "current" if number == place else "done" if number < place else "open",
        }
        for number, status in enumerate(way)
    ]


def comparing(state: ScoringState, compared: int) -> dict[str, Any]:
    """How far the comparison with the catalogue is, in a sentence and, while it goes on, two numbers for a bar."""
    if state.code == "waiting":
        return {"moving": True, "text": _("원천기술과 견줄 차례를 기다리고 있습니다."), "done": 0, "total": 1}
    if state.code == "running":
        text = _("원천기술과 견주고 있습니다. 화면을 닫으셔도 계속됩니다.")
        return {"moving": True, "text": text, "done": state.done, "total": state.total or 1}
    if state.code == "scored":
        text = _("원천기술 %(count)s건과 견주었습니다. 추천은 담당자가 살펴본 뒤에 합니다.") % {"count": compared}
        return {"moving": False, "tone": "success", "text": text}
    if state.code == "failed":
        text = _("원천기술과 견주지 못했습니다. 담당자와 관리자가 살펴보고 다시 계산합니다.")
        return {"moving": False, "tone": "warning", "text": text}
    return {"moving": False, "tone": "warning", "text": state.cause}


class Agreement:
    """What a demand and a recommended technology have in common, for the company: quotations, no scores.

    The machine also reads what the owner keeps to itself; whatever may come from there is left out.
    """

    def __init__(self, match: Match, technology: Technology, wanted: Collection[TechnologyField]) -> None:
        open_text = _open_text(technology)
        view = MatchView(match)
        self.pairs = [pair for pair in view.pairs if _is_open(pair["offer"], open_text)]
        self.terms = [term for term in [*view.terms, *view.figures] if _is_open(term["offer"], open_text)]
        self.field = technology.field if technology.field in wanted else None

    def __bool__(self) -> bool:
        return bool(self.pairs or self.terms or self.field)


def _open_text(technology: Technology) -> str | None:
    """The original without its hidden parts; None where nothing is hidden."""
    if not (technology.hides_specification or technology.hides_advantages):
        return None
    original = technology.original
    if original is None:
        return ""
    parts = [original.title, original.body]
    parts += [] if technology.hides_specification else [original.specification]
    parts += [] if technology.hides_advantages else [original.advantages]
    return _folded(" ".join(parts))


def _is_open(quotation: str, open_text: str | None) -> bool:
    return open_text is None or _folded(quotation) in open_text


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def owner_name(technology: Technology, reader: Any) -> str:
    """A company that owns a technology is named to others as far as it is named to them anywhere."""
    if technology.owner_company is None:
        return technology.owner_name
    return technology.owner_company.display_name(company_name_disclosure(reader))
