"""Check constraints that several models need, so that bad data cannot enter by any path."""

from django.db import models
from django.db.models import F, Q


def choices_constraint(
    field: str, choices: type[models.TextChoices], name: str, blank: bool = False
) -> models.CheckConstraint:
    allowed = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": allowed}))


def order_constraint(earlier: str, later: str, name: str) -> models.CheckConstraint:
    """`earlier` is not after `later`; a missing one passes."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{earlier}__lte": F(later)}) | Q(**{f"{later}__isnull": True})
    )


def exactly_one_constraint(first: str, second: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{first}__isnull": False, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": True, f"{second}__isnull": False}),
    )
