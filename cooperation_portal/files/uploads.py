"""Files on their way in: what is too large is cut off while it arrives, so that nobody fills the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

LARGEST_REQUEST = 24 * 1024 * 1024  # all files of one form together


class LimitingUploadHandler(FileUploadHandler):
    """Stands before Django's own handlers. A file that goes beyond the limit is missing from the form."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._received += len(raw_data)
        if self._received > LARGEST_REQUEST:
            self.request.cut_off = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def was_cut_off(request: Any) -> bool:
    """True where a file is missing from the form because it was too large."""
    return getattr(request, "cut_off", False)
