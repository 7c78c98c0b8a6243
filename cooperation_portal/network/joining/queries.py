"""What the pages and the services of joining read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Lower, Replace, Upper
from django.utils.translation import gettext as _

from cooperation_portal.network.joining.signals import Evidence, evidence_on
from cooperation_portal.network.models import Company, Invitation, JoinRequest, JoinState, Membership

DOMESTIC = "KR"


# --- who owns an address ----------------------------------------------------------------------------------------------


def address_is_taken(email: str) -> bool:
    """Whatever the case of its letters: the database holds one account for each address."""
    return get_user_model()._default_manager.filter(email__iexact=email).exists()


def has_confirmed(user: Any, email: str | None = None) -> bool:
    """Whether the person has shown that mail to this address, or to any, arrives."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return (confirmed.filter(email__iexact=email) if email else confirmed).exists()


# --- which company a number belongs to --------------------------------------------------------------------------------


def registered_company(join: JoinRequest) -> Company | None:
    """The one that has the typed number; of companies that were merged, the one that is left."""
    found: QuerySet[Company]
    if join.business_number:
        found = Company.objects.filter(business_number=join.business_number)
    else:
        found = _of_local_number(join.site_country_id, join.local_registration_number)
    company = found.order_by(F("merged_into").asc(nulls_first=True), "pk").first()
    return surviving(company) if company else None


def company_of(join: JoinRequest) -> Company | None:
    """That it was routed to, or that the number belongs to meanwhile."""
    return surviving(join.company) if join.company else registered_company(join)


def _of_local_number(country_id: int, number: str) -> QuerySet[Company]:
    """Written with or without spaces and hyphens, in small or capital letters."""
    bare = Replace(Replace("local_registration_number", Value(" ")), Value("-"))
    wanted = number.replace(" ", "").replace("-", "").upper()
    return Company.objects.alias(bare_number=Upper(bare)).filter(site_country_id=country_id, bare_number=wanted)


def surviving(company: Company) -> Company:
    """Itself, or the one that it was merged into."""
    while company.merged_into is not None:
        company = company.merged_into
    return company


# --- a person's own ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NextStep:
    """What a person without staff roles should know on the first page about joining a company."""

    requests: list[JoinRequest]
    refused: JoinRequest | None
    invitations: list[Invitation]
    to_decide: Sequence[Mapping[str, Any]]  # by company, how many people wait for this person's word


def next_step(user: Any) -> NextStep:
    own = list(requests_of(user)[:20])
    requests = [join for join in own if join.is_open]
    refused = own[0] if own and own[0].state == JoinState.REFUSED else None
    addresses = EmailAddress.objects.filter(user=user, verified=True).values(lower=Lower("email"))
    invitations = Invitation.objects.open().filter(email__in=addresses, company__retired_on__isnull=True)
    owned = Membership.objects.owners().filter(user=user).values("company")
    waiting = JoinRequest.objects.filter(state=JoinState.WITH_OWNER, company__in=owned).order_by("company__name")
    to_decide = list(waiting.values("company", "company__name").annotate(count=Count("pk")))
    return NextStep(requests, refused, list(invitations.select_related("company")), to_decide)


def requests_of(user: Any) -> QuerySet[JoinRequest]:
    return JoinRequest.objects.filter(user=user).select_related("site_country", "company")


# --- invitations ------------------------------------------------------------------------------------------------------


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitation(token: str) -> Invitation | None:
    """By the token of its link; none once it was used, taken back or ran out."""
    found = Invitation.objects.open().filter(token_hash=token_hash(token), company__retired_on__isnull=True)
    return found.select_related("company", "invited_by").first()


def was_accepted_by(token: str, user: Any) -> bool:
    return Invitation.objects.filter(token_hash=token_hash(token), accepted_by=user).exists()


# --- a company's people -----------------------------------------------------------------------------------------------


def people_of(company: Company) -> list[Membership]:
    people = Membership.objects.current().filter(company=company).select_related("user")
    return sorted(people, key=lambda membership: (membership.role != "owner", membership.joined_at, membership.pk))


# --- an officer's -----------------------------------------------------------------------------------------------------


def waiting_for_officer(user: Any) -> int:
    """The number on an officer's start page."""
    return JoinRequest.objects.visible_to(user).waiting_for_officer().count()


def evidence(join: JoinRequest) -> list[Evidence]:
    """What speaks for and against letting the person act for the company."""
    company = company_of(join)
    if company is None:
        found = [Evidence(_("등록된 기업"), _("없음: 승인하면 새로 등록합니다."))]
        website = join.details.get("website", "")
    else:
        found = [_on_company(company), _on_owners(company), *evidence_on(company)]
        website = company.website
    return [*found, _on_mail(join.user.email, website), _on_others(join)]


def _on_company(company: Company) -> Evidence:
    if company.retired_on is not None:
        return Evidence(_("등록된 기업"), _("%(name)s (사용 중지됨)") % {"name": company.name}, "danger")
    if company.confirmed_at is None:
        return Evidence(_("등록된 기업"), _("%(name)s (서류 확인 전)") % {"name": company.name})
    return Evidence(_("등록된 기업"), company.name)


def _on_owners(company: Company) -> Evidence:
    owners = Membership.objects.owners().filter(company=company).select_related("user")
    names = ", ".join(str(owner.user) for owner in owners)
    label = _("기업 대표 담당자")
    return (
        Evidence(label, names)
        if names
        else Evidence(label, _("없음: 승인하면 이분이 대표 담당자가 됩니다."), "warning")
    )


def _on_mail(email: str, website: str) -> Evidence:
    label = _("이메일과 누리집")
    host = (urlsplit(website).hostname or "").removeprefix("www.")
    if not host:
        return Evidence(label, _("누리집 주소가 없어 견줄 수 없습니다."))
    domain = email.rpartition("@")[2].lower()
    if domain == host or domain.endswith(f".{host}") or host.endswith(f".{domain}"):
        return Evidence(label, _("%(domain)s: 기업 누리집과 같습니다.") % {"domain": domain}, "success")
    values = {"domain": domain, "host": host}
    return Evidence(label, _("%(domain)s: 기업 누리집(%(host)s)과 다릅니다.") % values, "warning")


def _on_others(join: JoinRequest) -> Evidence:
    same = JoinRequest.objects.open().exclude(pk=join.pk).exclude(state=JoinState.UNCONFIRMED)
    same = same.filter(
        business_number=join.business_number,
        site_country=join.site_country,
        local_registration_number=join.local_registration_number,
    )
    count = same.count()
    label = _("같은 번호로 낸 다른 신청")
    return Evidence(label, _("%(count)s건") % {"count": count}, "warning") if count else Evidence(label, _("없음"))
