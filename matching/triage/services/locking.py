"""What every change of a demand's affairs begins with: the demand is locked, so that they come one after another."""

from __future__ import annotations

from django.utils.translation import gettext as _

from matching.demands.models import Demand


class Refusal(Exception):
    """What was asked does not fit the state of things; the text tells a person what to do."""


def locked_demand(demand: Demand) -> Demand:
    """Changes to one demand come one after another; those to different demands do not wait for each other."""
    return Demand.objects.select_for_update(of=("self",)).get(pk=demand.pk)


def locked_open(demand: Demand) -> Demand:
    """Raises Refusal for a demand that nobody works on any more."""
    locked = locked_demand(demand)
    if not locked.is_open:
        raise Refusal(
            _("‘%(state)s’ 상태의 수요는 더 이상 처리할 수 없습니다.") % {"state": locked.get_status_display()}
        )
    return locked
