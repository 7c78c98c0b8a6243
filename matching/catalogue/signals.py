"""Told to whoever stands above the catalogue, inside the transaction of the change."""

from django.dispatch import Signal

# kwargs: technology, by. Something that the engine reads has changed, or the technology entered or left the pool.
technology_changed = Signal()
