"""What a company says to its recommendations, and that it takes a demand back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.demands.models import Demand
from matching.demands.services import TransitionRefused
from matching.demands.services import withdraw_demand as take_back
from matching.triage.models import Answer, Decision, Verdict
from matching.triage.services.locking import Refusal, locked_open
from matching.triage.services.telling import tell_officer


class AnsweredMeanwhile(Refusal):
    """A colleague answered since the page was opened; `current` is what stands."""

    def __init__(self, current: Answer | None) -> None:
        self.current = current
        if current is None:
            text = _("답변을 찾지 못했습니다. 화면을 다시 확인해 주십시오.")
        else:
            text = _("%(name)s 님이 %(time)s에 ‘%(interest)s’(으)로 답했습니다. 확인한 뒤 다시 답해 주십시오.") % {
                "name": current.answered_by,
                "time": timezone.localtime(current.answered_at).strftime("%Y-%m-%d %H:%M"),
                "interest": current.get_interest_display(),
            }
        super().__init__(text)


@transaction.atomic
def answer(decision: Decision, *, interest: str, reason: str, words: str, seen_version: int, by: Any) -> Answer:
    """`seen_version` is the version that the person's page showed, 0 for none. Raises Refusal.

    The officer is told of each answer once; the same answer again is no new one.
    """
    locked_open(decision.demand)
    recommended = Decision.objects.filter(pk=decision.pk, release__isnull=False, verdict=Verdict.SUITABLE)
    if not recommended.exists():
        raise Refusal(_("그사이 추천이 정정되어 답하실 수 없습니다."))
    current = Answer.objects.select_related("answered_by").filter(decision=decision).first()
    if (current.version if current else 0) != seen_version:
        raise AnsweredMeanwhile(current)
    if current and (current.interest, current.reason, current.words) == (interest, reason, words):
        return current
    given = current or Answer(decision=decision, version=0)
    given.interest, given.reason, given.words = interest, reason, words
    given.answered_by, given.answered_at = by, timezone.now()
    given.version += 1
    given.save()
    event = f"answer:{given.pk}:{given.version}"
    tell_officer(decision.demand, "answered", event=event, answer=given, technology=decision.technology)
    return given


@transaction.atomic
def withdraw_demand(demand: Demand, *, reason: str, by: Any) -> Demand:
    """The company takes the demand back and the officer in charge is told. Raises Refusal for what has ended."""
    try:
        withdrawn = take_back(demand, by=by, reason=reason)
    except TransitionRefused as refusal:
        raise Refusal(str(refusal)) from None
    tell_officer(withdrawn, "withdrawn", event=f"withdrawn:{withdrawn.pk}", by=by)
    return withdrawn
