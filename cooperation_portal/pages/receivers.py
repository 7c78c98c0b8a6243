"""The office's data stand below every page and are kept in the cache: a change is shown at once."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from cooperation_portal.pages.models import Office
from cooperation_portal.pages.queries import forget_frame


@receiver(post_save, sender=Office)
def office_changed(**kwargs: Any) -> None:
    transaction.on_commit(forget_frame)
