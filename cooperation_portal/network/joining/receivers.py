"""A person's address was confirmed: what the person asked for at signing up goes on its way."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from cooperation_portal.network.joining.services.requests import route_all_of


@receiver(email_confirmed)
def address_confirmed(email_address: Any, **kwargs: Any) -> None:
    route_all_of(email_address.user)


@receiver(user_logged_in)
def signed_in(user: Any, **kwargs: Any) -> None:
    """Also where the address was confirmed by another way, as by an administrator."""
    route_all_of(user)
