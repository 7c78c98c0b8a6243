"""A person's way into a company: ask, be routed, say what company it is, be let in or not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.network.joining import queries
from cooperation_portal.network.joining.services import mail
from cooperation_portal.network.joining.services.people import admit, lock
from cooperation_portal.network.joining.services.refusals import AlreadySettled, JoinRefused
from cooperation_portal.network.models import (
    JOIN_TRANSITIONS,
    Company,
    JoinRequest,
    JoinState,
    Membership,
    MembershipRole,
)
from cooperation_portal.taxonomy.models import Country, Industry

# Each request may write to strangers, and its answer tells whether a number is registered: nobody asks without end.
MOST_A_DAY = 10
MOST_OPEN = 5


# --- asking -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_to_join(
    *,
    by: Any,
    business_number: str = "",
    site_country: Country | None = None,
    local_registration_number: str = "",
    note: str = "",
) -> JoinRequest:
    """One of the two numbers is given. Nothing is looked up before the person's address is confirmed."""
    get_user_model()._default_manager.select_for_update().get(pk=by.pk)  # two requests at once are counted one by one
    join = JoinRequest(
        user=by,
        business_number=business_number,
        site_country=site_country or Country.objects.get(code=queries.DOMESTIC),
        local_registration_number=local_registration_number,
        note=note,
    )
    _check_is_new(join)
    confirmed = queries.has_confirmed(by)
    if confirmed:
        company = queries.registered_company(join)
        if company and by.memberships.current().filter(company=company).exists():
            raise JoinRefused(_("이미 이 기업의 담당자로 등록되어 있습니다."))
    join.save()
    return route(join, by=by) if confirmed else join


def _check_is_new(join: JoinRequest) -> None:
    mine = JoinRequest.objects.filter(user=join.user)
    same = mine.open().filter(
        business_number=join.business_number,
        site_country=join.site_country,
        local_registration_number=join.local_registration_number,
    )
    if same.exists():
        raise JoinRefused(_("같은 번호로 이미 신청하셨습니다. 아래에서 진행 상태를 확인해 주십시오."))
    if mine.open().count() >= MOST_OPEN:
        raise JoinRefused(_("진행 중인 신청이 너무 많습니다. 필요 없는 신청을 철회한 뒤 다시 신청해 주십시오."))
    if mine.filter(created_at__gt=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise JoinRefused(_("오늘은 더 신청하실 수 없습니다. 내일 다시 신청해 주십시오."))


@transaction.atomic
def route(join: JoinRequest, *, by: Any) -> JoinRequest:
    """Finds out whose word is needed, once the person's address is confirmed. Done twice, it does nothing."""
    locked = _locked(join)
    return _place(locked, queries.registered_company(locked)) if locked.state == JoinState.UNCONFIRMED else locked


def route_all_of(person: Any) -> None:
    unconfirmed = list(JoinRequest.objects.filter(user=person, state=JoinState.UNCONFIRMED))
    if unconfirmed and queries.has_confirmed(person):
        for join in unconfirmed:
            route(join, by=person)


def _place(join: JoinRequest, company: Company | None) -> JoinRequest:
    join.company = company
    if company is None:
        return _move(join, JoinState.DETAILS)
    has_owner = Membership.objects.owners().filter(company=company).exists()
    if company.retired_on is not None or not has_owner:
        _move(join, JoinState.WITH_OFFICER)
    else:
        _move(join, JoinState.WITH_OWNER)
        mail.tell_owners(join, company)
    mail.tell_waiting(join)
    return join


# --- a company that the portal does not know --------------------------------------------------------------------------


@transaction.atomic
def describe_company(join: JoinRequest, *, by: Any, **facts: Any) -> JoinRequest:
    """The person says what company the number belongs to.

    At home the company is registered at once with the person as its owner; abroad an officer looks at it first. When
    the number was registered meanwhile, its owner or an officer is asked as for any other known number.
    """
    locked = _locked(join)
    if locked.state != JoinState.DETAILS:
        raise AlreadySettled(_("이미 처리된 신청입니다."))
    company = queries.registered_company(locked)
    if company is not None:
        return _place(locked, company)
    if not locked.is_domestic:
        industry = facts.pop("industry", None)
        locked.details = facts | {"industry": industry.code if industry else ""}
        _move(locked, JoinState.WITH_OFFICER)
        mail.tell_waiting(locked)
        return locked
    try:
        with transaction.atomic():
            company = _register(locked, facts)
    except IntegrityError:  # somebody else registered the number in this very moment
        company = queries.registered_company(locked)
        if company is None:
            raise
        return _place(locked, company)
    locked.company = company
    admit(by, company, role=MembershipRole.OWNER)
    return _move(locked, JoinState.APPROVED, decided_by=by)


def _register(join: JoinRequest, facts: dict[str, Any]) -> Company:
    return Company.objects.create(
        business_number=join.business_number,
        site_country=join.site_country,
        local_registration_number=join.local_registration_number,
        **facts,
    )


# --- decisions --------------------------------------------------------------------------------------------------------


@transaction.atomic
def approve(join: JoinRequest, *, by: Any) -> Membership:
    """By an owner or an officer. Who comes to a company without owner becomes its owner."""
    known = queries.company_of(join)
    company = lock(known) if known else None  # before the request itself, in the order of everybody else
    locked = _waiting(join)
    company = company or _from_details(locked)
    if company.retired_on is not None:
        raise JoinRefused(
            _("사용이 중지된 기업입니다. 기업을 다시 사용하도록 바꾼 뒤 승인하거나, 신청을 거절해 주십시오.")
        )
    has_owner = Membership.objects.owners().filter(company=company).exists()
    if not has_owner and company.confirmed_at is None:
        company.confirmed_at = timezone.now()
        company.save(update_fields=["confirmed_at"])
    membership = admit(locked.user, company, role=MembershipRole.MEMBER if has_owner else MembershipRole.OWNER)
    locked.company = company
    _move(locked, JoinState.APPROVED, decided_by=by)
    mail.tell_decided(locked, membership)
    return membership


@transaction.atomic
def refuse(join: JoinRequest, *, by: Any, reason: str) -> JoinRequest:
    locked = _waiting(join)
    locked.refusal = reason
    _move(locked, JoinState.REFUSED, decided_by=by)
    mail.tell_decided(locked, None)
    return locked


@transaction.atomic
def withdraw(join: JoinRequest, *, by: Any) -> JoinRequest:
    return _move(_locked(join), JoinState.WITHDRAWN)


def _from_details(join: JoinRequest) -> Company:
    """A company abroad, as the person described it."""
    facts = {**join.details}
    facts["industry"] = Industry.objects.filter(code=facts.get("industry", "")).first()
    try:
        with transaction.atomic():
            return _register(join, facts)
    except IntegrityError as clash:
        raise AlreadySettled(_("그사이 같은 번호의 기업이 등록되었습니다. 다시 확인해 주십시오.")) from clash


def _waiting(join: JoinRequest) -> JoinRequest:
    locked = _locked(join)
    if locked.state not in (JoinState.WITH_OWNER, JoinState.WITH_OFFICER):
        raise AlreadySettled(_("그사이 처리되었거나 철회된 신청입니다."))
    return locked


def _locked(join: JoinRequest) -> JoinRequest:
    waiting = JoinRequest.objects.select_for_update(of=("self",)).select_related("user", "site_country")
    return waiting.get(pk=join.pk)


def _move(join: JoinRequest, to: JoinState, *, decided_by: Any = None) -> JoinRequest:
    """Raises AlreadySettled for a step that the table does not have."""
    if to not in JOIN_TRANSITIONS[join.state]:
        raise AlreadySettled(
            _("지금 ‘%(state)s’ 상태여서 ‘%(to)s’ 상태가 될 수 없습니다.")
            % {"state": join.get_state_display(), "to": to.label}
        )
    join.state = to
    if decided_by is not None:
        join.decided_by, join.decided_at = decided_by, timezone.now()
    join.save()
    return join
