from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from cooperation_portal.exchange.cells.cell import ERROR_VALUES, Cell, Kind, Text, Wrong, on_one_line, plain
from cooperation_portal.exchange.cells.readers import READERS
from cooperation_portal.exchange.choices import Choices

_ONE_LINE = 300  # letters: what may be longer may have lines and paragraphs


@dataclass(frozen=True)
class Column:
    """`choices` are (code, label) pairs; a cell may hold either. `aliases` are other headings that offices use."""

    name: str
    label: Text
    kind: Kind = Kind.TEXT
    required: bool = False
    max_length: int = 0
    has_lines: bool = False  # although it is short
    minimum: int | None = None
    maximum: int | None = None
    choices: type[TextChoices] | Callable[[], Sequence[tuple[str, Any]]] | None = None
    help: Text = ""
    example: str = ""
    aliases: tuple[str, ...] = ()
    known: Choices | None = field(default=None, compare=False, repr=False)  # see `prepared`
    shown: Mapping[str, str] | None = field(default=None, compare=False, repr=False)

    @property
    def heading(self) -> str:
        with translation.override("ko"):
            return str(self.label)

    def pairs(self) -> list[tuple[str, str]]:
        if self.known is not None:
            return list(self.known.pairs)
        if self.choices is None:
            return []
        choices: Any = self.choices
        given = choices.choices if hasattr(choices, "choices") else choices()
        with translation.override("ko"):
            return [(str(code), str(label)) for code, label in given]

    def prepared(self) -> Column:
        """The same column with its choices looked up once: for reading or showing many cells."""
        if self.choices is None or self.known is not None:
            return self
        known = Choices.of(self.pairs())
        return replace(self, known=known, shown=known.shown())

    @property
    def is_one_line(self) -> bool:
        return self.kind in (Kind.TEXT, Kind.CODE) and 0 < self.max_length <= _ONE_LINE and not self.has_lines

    def as_read(self, value: Any) -> Any:
        """What stands in a record as a cell would bring it back: such marks as no cell keeps are no difference."""
        if self.kind not in (Kind.TEXT, Kind.CODE) or not isinstance(value, str):
            return value
        try:
            text = plain(value)
        except Wrong:
            return value
        return on_one_line(text) if self.is_one_line else text

    def read(self, cell: Cell) -> Any:
        """The cleaned value, or "" / [] / None / False for an empty cell. Raises Wrong."""
        if isinstance(cell, str) and cell.strip() in ERROR_VALUES:
            raise Wrong(
                "error_value",
                _("계산 오류(%(value)s)가 들어 있습니다. 칸을 비우거나 값을 적어 주십시오.") % {"value": cell.strip()},
            )
        return READERS[self.kind](self, cell)

    def show(self, value: Any) -> Cell:
        """A cleaned value as a cell that `read` understands again."""
        if value is None or value == "" or value == []:
            return None
        shown = self.prepared().shown or {}
        if self.kind == Kind.CHOICE:
            return shown.get(value, value)
        if self.kind == Kind.CHOICES:
            return ", ".join(shown.get(code, code) for code in value)
        if self.kind == Kind.FLAG:
            return "예" if value else "아니요"
        if self.kind == Kind.DATE:
            return date.fromisoformat(value)
        if self.kind == Kind.DECIMAL:
            return float(Decimal(value))
        return value
