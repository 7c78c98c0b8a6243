"""What pages say about experts beyond what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.timeline import Change, Entry, told
from cooperation_portal.shared.languages import TextLanguage
from experts.models import CONTACTS, Availability, Expert, ExpertDirection

# What an expert still lacks before somebody can be recommended to a company; in the order in which it hurts.
_MISSING: tuple[tuple[Promise | str, Callable[[Expert], bool]], ...] = (
    (_("개인정보 동의일"), lambda expert: not expert.consented_on),
    (_("해결할 수 있는 문제"), lambda expert: not expert.specialities),
    (_("기술분야"), lambda expert: not expert.fields.all()),
    (_("경력 연수"), lambda expert: expert.career_years is None),
    (_("근무처 유형"), lambda expert: not expert.employer_kind),
    (_("사용 언어"), lambda expert: not expert.languages),
    (_("지도 방식"), lambda expert: not expert.guidance_modes),
    (_("연락처"), lambda expert: not (expert.email or expert.phone)),
    (
        _("이름(원어)"),
        lambda expert: not expert.name_original and expert.original_language != TextLanguage.KOREAN,
    ),
    (_("지난 가능 시작일의 확인"), lambda expert: expert.available_day_has_come),
)


def missing(expert: Expert) -> list[Promise | str]:
    """Works on the prefetched fields."""
    return [label for label, lacks in _MISSING if lacks(expert)]


def timeline(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Former and present contacts stay out of it: that they changed is told, not what they are."""
    contacts = {str(field.verbose_name) for field in Expert._meta.fields if field.name in CONTACTS}

    def without_contacts(entry: Entry) -> Entry:
        changes = (_covered(change) if change.field in contacts else change for change in entry.changes)
        return replace(entry, changes=tuple(changes))

    return told(map(without_contacts, entries))


def _covered(change: Change) -> Change:
    covered = gettext("(가림)")
    return replace(change, old=covered if change.old else "", new=covered if change.new else "")


def tiles(counts: Mapping[str, int], url: str, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    shown: tuple[tuple[str, Any, str], ...] = (
        ("direction", ExpertDirection.INVITED, "primary"),
        ("direction", ExpertDirection.DISPATCHED, "info"),
        ("availability", Availability.NOW, "success"),
        ("availability", Availability.AFTER_TALKS, "neutral"),
    )
    return [
        {
            "label": choice.label,
            "count": counts[choice.value],
            "url": f"{url}?{parameter}={choice.value}",
            "tone": tone,
            "current": chosen.get(parameter) == choice.value,
        }
        for parameter, choice, tone in shown
    ]
