"""Told to whoever stands above, inside the transaction of the change."""

from django.dispatch import Signal

# kwargs: institutions (primary keys), by. Their names changed, or what belonged to another was moved to them.
institution_changed = Signal()

# kwargs: companies (primary keys), by. The same for companies.
company_changed = Signal()
