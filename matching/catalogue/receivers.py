"""What the catalogue does when something below it changes."""

from collections.abc import Iterable
from typing import Any

from matching.catalogue import search
from matching.catalogue.models import Technology


def index_technologies_of_institutions(sender: Any, institutions: Iterable[int], **kwargs: Any) -> None:
    """A technology is found by the names of its owner."""
    search.index_many(Technology.objects.filter(owner__in=institutions).values_list("pk", flat=True))
