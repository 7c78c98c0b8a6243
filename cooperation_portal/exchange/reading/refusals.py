from __future__ import annotations

_UNSEEN = " \u200b\u2060\ufeff"


def is_blank(text: str) -> bool:
    """Spaces of any width are nothing, however many rows of them a file has below its table."""
    return not text.strip().strip(_UNSEEN)


class Refused(Exception):
    """The file cannot be read at all. The code says why; the portal has a sentence for each."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
