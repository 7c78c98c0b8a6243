"""What cannot be done, each with a text for people."""

from __future__ import annotations


class JoinRefused(Exception):
    """It cannot be done; the text says why and what to do instead."""


class AlreadySettled(JoinRefused):
    """Somebody else was faster: the page that asked for it is old."""


class LastOwner(JoinRefused):
    """A company would be left without anybody who decides for it."""
