"""Told to whoever stands above demands, inside the transaction of the change."""

from django.dispatch import Signal

# kwargs: demand, by. Something that the engine reads has changed, or the demand opened or closed.
demand_changed = Signal()

# kwargs: demands (primary keys), by. The same for many at once, as an import changes them.
demands_changed = Signal()
