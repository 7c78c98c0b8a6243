from __future__ import annotations


class Refused(Exception):
    """The file cannot be read at all. The code says why; the portal has a sentence for each."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
