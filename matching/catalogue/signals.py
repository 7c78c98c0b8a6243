"""Told to whoever stands above the catalogue, inside the transaction of the change."""

from django.dispatch import Signal

# kwargs: technology, by. Something that the engine reads has changed, or the technology entered or left the pool.
technology_changed = Signal()

# kwargs: technologies (primary keys), by. The same for many at once, as an import changes them.
catalogue_changed = Signal()
