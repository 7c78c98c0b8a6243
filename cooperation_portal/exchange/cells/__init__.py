"""What a cell of a spreadsheet may hold: how it is read, what is wrong with it, and how a value is shown as a cell."""

from cooperation_portal.exchange.cells.cell import Cell, Kind, Text, Wrong, plain
from cooperation_portal.exchange.cells.column import Column

__all__ = ["Cell", "Column", "Kind", "Text", "Wrong", "plain"]
