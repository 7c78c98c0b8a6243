"""Invented measurements of some sample technologies, drawn: what a partner's picture would be in the real catalogue."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

from matching.catalogue.models import Technology
from matching.catalogue.services import add_picture

_SIZE = (960, 600)
_LEFT, _TOP, _RIGHT, _BOTTOM = 90, 50, 910, 530
_INK, _GRID, _LINE, _SECOND = "#1e2124", "#cdd1d5", "#0b50d0", "#8a4a00"

# Key of the technology, what its picture says, and its curves over 0 to 1 (height 0 to 1).
_CURVES: tuple[tuple[str, str, tuple[Callable[[float], float], ...]], ...] = (
    ("ru-001", "침지 깊이에 따른 슬래그 제거율: 파랑은 회전식, 갈색은 고정식 란스",
     (lambda x: 0.95 * (1 - math.exp(-4 * x)), lambda x: 0.7 * (1 - math.exp(-2.4 * x)))),
    ("ru-002", "자극 주파수에 따른 근활성도: 중주파 변조에서 가장 높음",
     (lambda x: 0.15 + 0.75 * math.exp(-((x - 0.55) ** 2) / 0.03), lambda x: 0.2 + 0.2 * math.sin(3 * x))),
    ("ru-005", "니티놀 스테이플의 응력-변형률 곡선: 되돌아오는 힘이 거의 일정한 구간",
     (lambda x: min(0.6, 2.4 * x) + max(0.0, x - 0.8) * 1.6, lambda x: max(0.0, min(0.34, 2 * x - 0.25)))),
    ("ru-010", "냉각 속도에 따른 비정질 와이어 인장강도",
     (lambda x: 0.2 + 0.7 / (1 + math.exp(-12 * (x - 0.45))),)),
    ("ru-012", "할단 속도와 모서리 강도: 파랑은 레이저 열응력, 갈색은 휠 절단",
     (lambda x: 0.9 - 0.25 * x, lambda x: 0.5 - 0.3 * x)),
    ("ru-019", "공정 통합 앞뒤의 개당 가공 시간: 갈색은 앞, 파랑은 뒤",
     (lambda x: 0.28 + 0.03 * math.sin(9 * x), lambda x: 0.78 + 0.05 * math.sin(7 * x))),
)  # fmt: skip


def add_pictures(by: Any) -> None:
    for key, caption, curves in _CURVES:
        technology = Technology.objects.filter(source_reference=f"sample:{key}").first()
        if technology is not None:
            add_picture(technology, by=by, file=io.BytesIO(_drawn(curves)), name=f"{key}.png", caption=caption)


def _drawn(curves: tuple[Callable[[float], float], ...]) -> bytes:
    picture = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(picture)
    for step in range(6):
        y = _TOP + (_BOTTOM - _TOP) * step / 5
        x = _LEFT + (_RIGHT - _LEFT) * step / 5
        pen.line((_LEFT, y, _RIGHT, y), fill=_GRID, width=1)
        pen.line((x, _TOP, x, _BOTTOM), fill=_GRID, width=1)
    pen.line((_LEFT, _TOP, _LEFT, _BOTTOM, _RIGHT, _BOTTOM), fill=_INK, width=3)
    for curve, colour in zip(curves, (_LINE, _SECOND), strict=False):
        points = [
            (_LEFT + (_RIGHT - _LEFT) * step / 100, _BOTTOM - (_BOTTOM - _TOP) * min(1.0, curve(step / 100)))
            for step in range(101)
        ]
        pen.line(points, fill=colour, width=6, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
