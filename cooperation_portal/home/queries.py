"""What each role finds on its start page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperation_portal.accounts.permissions import is_content_admin, is_officer, is_system_admin
from cooperation_portal.exchange.queries import waiting_imports
from cooperation_portal.network.joining import queries as joining
from cooperation_portal.network.models import Company
from cooperation_portal.pages import queries as pages
from cooperation_portal.work.queries import failed_work, queue_summary
from matching.catalogue.models import Direction, Technology
from matching.catalogue.upkeep import queries as upkeep
from matching.learning.permissions import reads_quality
from matching.learning.queries.drift import Warning, drift_warnings
from matching.learning.queries.glossary import waiting_proposals
from matching.triage.queries import officers as triage
from matching.triage.queries.company import CompanyToday, company_today

ROWS = 6
NEWEST, ANNOUNCEMENTS = 6, 4


def public_home(guest: Any) -> dict[str, Any]:
    """The programme, its figures and its newest texts, as far as they are public."""
    technologies, from_abroad = Technology.objects.visible_to(guest), Q(direction=Direction.INBOUND)
    return {
        "intro": pages.current_version("welcome"),
        "figures": technologies.aggregate(
            technologies=Count("pk"),
            countries=Count("country", filter=from_abroad, distinct=True),
            fields=Count("field", distinct=True),
        ),
        "newest": list(technologies.filter(from_abroad).with_texts().order_by("-pk")[:NEWEST]),
        "announcements": list(pages.announcements()[:ANNOUNCEMENTS]),
    }


def start_page(user: Any) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if reads_quality(user):
        context["drift"] = drift_warnings()
    if is_officer(user):
        mine = triage.queue(user).open().filter(triage.assigned_to(user)).order_by("submitted_at", "pk")
        free = triage.queue(user).open().filter(triage.unassigned()).order_by("submitted_at", "pk")
        context["today"] = triage.today(user)
        context["mine"] = triage.queue_rows(list(mine.filter(Q(decided=0))[:ROWS]))
        context["unassigned"] = triage.queue_rows(list(free[:ROWS]))
        context["to_confirm"] = joining.waiting_for_officer(user)
    if is_content_admin(user):
        context["catalogue"] = upkeep.tiles(user)
        context["to_answer"] = _waiting_for_content_admin(user, context["drift"])
    if is_system_admin(user):
        context["failed"] = failed_work().count()
        context["queues"] = queue_summary()
    if not user.roles:
        context["join"] = joining.next_step(user)
    return context


def _waiting_for_content_admin(user: Any, drift: list[Warning]) -> list[dict[str, Any]]:
    waiting = (
        (_("답변을 기다리는 문의"), f"{reverse('inquiry_list')}?state=received", pages.waiting_inquiries()),
        (_("확인을 기다리는 가져오기"), reverse("import_list"), waiting_imports(user)),
        (_("확인을 기다리는 용어 제안"), f"{reverse('glossary')}?state=proposed", waiting_proposals(user)),
        (_("매칭 품질 경고"), reverse("matching_quality"), len(drift)),
    )
    return [
        {"label": label, "url": url, "count": count, "tone": "warning" if count else "neutral"}
        for label, url, count in waiting
    ]


def company_part(company: Company, user: Any) -> dict[str, Any]:
    """For the company that the person acts for now."""
    today = company_today(company, user, ROWS)
    return {"company": company, "company_today": today, "next_thing": _next_thing(today)}


def _next_thing(today: CompanyToday) -> dict[str, str] | None:
    """What a person of the company would do first, as a sentence and where to do it."""
    if today.recommendations:
        first = today.recommendations[0]
        text = _("추천받은 기술을 살펴보고 관심이 있는지 답해 주십시오.")
        return {"text": text, "url": reverse("my_demand", args=[first.demand_id]), "label": _("추천 보기")}
    draft = next((demand for demand in today.demands if demand.is_draft), None)
    if draft is not None:
        text = _("작성하던 수요가 있습니다. 이어서 작성하여 접수해 주십시오.")
        return {"text": text, "url": reverse("my_demand", args=[draft.pk]), "label": _("이어서 작성")}
    if not today.demands:
        text = _("찾는 기술이나 현장의 어려움을 적어 접수하시면 해외 원천기술에서 맞는 기술을 찾아 드립니다.")
        return {"text": text, "url": reverse("new_demand"), "label": _("새 수요 작성")}
    return None
