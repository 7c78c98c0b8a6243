"""What a file is, by its first bytes: names and endings can say anything."""

from __future__ import annotations

ZIP, OLE, TEXT = "zip", "ole", "text"
FIRST_BYTES = 512

_SIGNATURES = (
    (b"PK\x03\x04", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"%PDF", "pdf"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"RIFF", "picture"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"PK\x05\x06", "archive"),  # a zip with nothing inside
    (b"{\\rtf", "document"),
    (b"HWP Document File", "document"),
    (b"SQLite format 3\x00", "program"),
    (b"\x09\x00\x04\x00", "old_workbook"),  # Excel 2 to 4
    (b"\x09\x02\x06\x00", "old_workbook"),
    (b"\x09\x04\x06\x00", "old_workbook"),
    (b"\x09\x08", "old_workbook"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<meta", b"<?xml", b"<head", b"<style", b"<script", b"<svg")


def kind_of(first: bytes) -> str:
    """`zip`, `ole` or `text` for what may be a spreadsheet; another word for what cannot be one."""
    for signature, kind in _SIGNATURES:
        if first.startswith(signature):
            if len(signature) == 2 and b"\x00" not in first[:64]:
                continue  # a text may begin with these two letters
            return kind
    if first.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        return "markup"
    return TEXT
