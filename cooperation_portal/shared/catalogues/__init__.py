"""Catalogues of translated messages: found in the sources, merged into `.po` files, compiled to `.mo`, and checked.

Stands in for GNU gettext, which few office machines have. The same sources give the same bytes: no dates, no line
numbers, no names of machines, so that a difference in version control is always a difference in words.
"""

from cooperation_portal.shared.catalogues.checking import Report, check
from cooperation_portal.shared.catalogues.files import SOURCE_LANGUAGE, BabelMissing, key_of, po_bytes, po_path, read
from cooperation_portal.shared.catalogues.sources import extracted
from cooperation_portal.shared.catalogues.updating import Difference, compile_one, update

__all__ = [
    "SOURCE_LANGUAGE",
    "BabelMissing",
    "Difference",
    "Report",
    "check",
    "compile_one",
    "extracted",
    "key_of",
    "po_bytes",
    "po_path",
    "read",
    "update",
]
