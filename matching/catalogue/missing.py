"""What a technology still lacks before people can judge it; shown to who keeps the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.catalogue.models import HideableField, Technology, TechnologyText

BODY_MINIMUM = 40


@dataclass(frozen=True)
class Missing:
    """`of` says it of one technology with its texts, `where` finds all such. With `blocks` it cannot be published."""

    code: str
    label: Any
    of: Callable[[Technology], bool]
    where: Callable[[], Q]
    blocks: bool = False

    def __str__(self) -> str:
        return str(self.label)


def _text(**conditions: Any) -> Exists:
    return Exists(TechnologyText.objects.filter(technology=OuterRef("pk"), **conditions))


def _original(**conditions: Any) -> Exists:
    return _text(language=OuterRef("original_language"), **conditions)


def _part(name: str) -> Callable[[Technology], bool]:
    return lambda technology: not getattr(technology.original, name, "") and name not in technology.hidden


KINDS: tuple[Missing, ...] = (
    Missing(
        "body",
        _("원문 내용(40자 이상)"),
        lambda technology: len(technology.original.body if technology.original else "") < BODY_MINIMUM,
        lambda: ~Q(_original(body__regex=rf"^(.|\n){{{BODY_MINIMUM},}}")),
        blocks=True,
    ),
    Missing(
        "korean",
        _("국문 요약"),
        lambda technology: technology.korean is None,
        lambda: ~Q(_text(language="ko")),
    ),
    Missing(
        "stale",
        _("원문이 바뀐 뒤의 번역 확인"),
        lambda technology: any(text.is_stale for text in technology.texts.all()),
        lambda: Q(_text(is_stale=True)),
    ),
    Missing(
        "stage",
        _("개발 단계"),
        lambda technology: not technology.stage and not technology.hides_stage,
        lambda: Q(stage="") & ~Q(hidden__contains=[HideableField.STAGE]),
    ),
    Missing(
        "ipr",
        _("지식재산권"),
        lambda technology: not technology.ipr_status and not technology.hides_ipr,
        lambda: Q(ipr_status="") & ~Q(hidden__contains=[HideableField.IPR]),
    ),
    Missing(
        "cooperation",
        _("희망 협력 방식"),
        lambda technology: not technology.cooperation,
        lambda: Q(cooperation=[]),
    ),
    Missing(
        "advantages",
        _("장점"),
        _part("advantages"),
        lambda: Q(_original(advantages="")) & ~Q(hidden__contains=[HideableField.ADVANTAGES]),
    ),
    Missing(
        "specification",
        _("사양"),
        _part("specification"),
        lambda: Q(_original(specification="")) & ~Q(hidden__contains=[HideableField.SPECIFICATION]),
    ),
    Missing(
        "expired",
        _("유효기간 연장"),
        lambda technology: technology.is_expired,
        lambda: Q(valid_until__lt=timezone.localdate()),
    ),
)


def missing_of(technology: Technology) -> list[Missing]:
    """Works on the prefetched texts."""
    return [kind for kind in KINDS if kind.of(technology)]


def lacking(code: str) -> Q:
    """Raises StopIteration for a code that is not in KINDS."""
    return next(kind for kind in KINDS if kind.code == code).where()
