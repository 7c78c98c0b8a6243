"""Two records of one organisation become one. Nothing is deleted: the other record stays and points to the one left.

Whatever points to the other record is moved, and each relation says here how. A relation that is not listed fails a
test, so that a part of the portal that comes later cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pghistory.models import Event

from cooperation_portal.network.models import (
    Company,
    Institution,
    InstitutionAlias,
    Invitation,
    Membership,
    MembershipRole,
)
from cooperation_portal.network.services.institution import keep_names, names_of
from cooperation_portal.network.services.records import write
from cooperation_portal.network.services.refusals import Refusal
from cooperation_portal.network.signals import company_changed, institution_changed
from cooperation_portal.shared.conflicts import EditedMeanwhile

Record = Any  # an Institution or a Company
Relation = models.ForeignKey[Any, Any]

# What the two may differ in and one of them is chosen for. Numbers that a list of a partner is known by stay where they
# are, so that the same list finds its records again.
INSTITUTION_FIELDS = (
    "name_ko", "name_original", "original_language", "name_en", "kind", "country", "city_ko", "city_original",
    "website",
)  # fmt: skip
COMPANY_FIELDS = (
    "name", "name_en", "business_number", "site_country", "local_registration_number", "company_class", "size",
    "industry", "products", "city", "established", "website",
)  # fmt: skip
FIELDS: dict[type, tuple[str, ...]] = {Institution: INSTITUTION_FIELDS, Company: COMPANY_FIELDS}


# --- how what points to a record is moved -----------------------------------------------------------------------------


def _all(relation: Relation, other: Record, survivor: Record) -> int:
    rows = relation.model._base_manager.filter(**{relation.name: other})
    return rows.update(**{relation.name: survivor})


def _unless_double(relation: Relation, other: Record, survivor: Record) -> int:
    """A row that the survivor has already, by a rule of the database, stays with the other record."""
    moved = 0
    for key in relation.model._base_manager.filter(**{relation.name: other}).values_list("pk", flat=True):
        try:
            with transaction.atomic():
                moved += relation.model._base_manager.filter(pk=key).update(**{relation.name: survivor})
        except IntegrityError:
            continue
    return moved


def _aliases(relation: Relation, other: Record, survivor: Record) -> int:
    """A spelling that the survivor has already stays with the other record."""
    present = survivor.aliases.values_list("name", "language")
    spare = [alias.pk for alias in other.aliases.all() if (alias.name, alias.language) not in set(present)]
    return InstitutionAlias.objects.filter(pk__in=spare).update(institution=survivor)


def _memberships(relation: Relation, other: Record, survivor: Record) -> int:
    """Who acts for both acts for the survivor once, with the stronger of the two roles."""
    here = {membership.user_id: membership for membership in Membership.objects.current().filter(company=survivor)}
    moved = 0
    for membership in Membership.objects.filter(company=other):
        twin = here.get(membership.user_id) if membership.ended_at is None else None
        if twin is None:
            membership.company = survivor
            moved += 1
        else:
            membership.ended_at = timezone.now()
            if membership.role == MembershipRole.OWNER and twin.role != MembershipRole.OWNER:
                twin.role = MembershipRole.OWNER
                twin.save(update_fields=["role"])
        membership.save(update_fields=["company", "ended_at"])
    return moved


def _invitations(relation: Relation, other: Record, survivor: Record) -> int:
    """Of two links to one person the survivor's stays good."""
    waiting = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    invited = waiting.filter(company=survivor).values("email")
    waiting.filter(company=other, email__in=invited).update(revoked_at=timezone.now())
    return Invitation.objects.filter(company=other).update(company=survivor)


def _not_doubles(relation: Relation, other: Record, survivor: Record) -> int:
    """What is not the other is not the survivor either."""
    added, pairs = 0, cast(Any, relation.model)._base_manager
    for pair in pairs.filter(**{relation.name: other}):
        third = pair.second_id if relation.name == "first" else pair.first_id
        first, second = sorted((third, survivor.pk))
        if first != second:
            decided = {"decided_by_id": pair.decided_by_id}
            added += pairs.get_or_create(first_id=first, second_id=second, defaults=decided)[1]
    return added


@dataclass(frozen=True)
class Move:
    """`followed`: what is written to the other record later, from a page that was open before, goes to the survivor."""

    run: Callable[[Relation, Record, Record], int] = _all
    followed: bool = True
    told: bool = True  # counted on the page that asks


# By app, model and field. Apps that stand above are named here and not imported.
MOVES: Mapping[str, Move] = {
    "network.Institution.merged_into": Move(followed=False, told=False),
    "network.InstitutionAlias.institution": Move(_aliases, followed=False),
    "network.InstitutionNotDouble.first": Move(_not_doubles, followed=False, told=False),
    "network.InstitutionNotDouble.second": Move(_not_doubles, followed=False, told=False),
    "catalogue.Technology.owner": Move(),
    "demands.Demand.institution": Move(),
    "experts.Expert.institution": Move(),
    "funded.Participation.institution": Move(_unless_double),
    "network.Company.merged_into": Move(followed=False, told=False),
    "network.CompanyNotDouble.first": Move(_not_doubles, followed=False, told=False),
    "network.CompanyNotDouble.second": Move(_not_doubles, followed=False, told=False),
    "network.Membership.company": Move(_memberships),
    "network.JoinRequest.company": Move(),
    "network.Invitation.company": Move(_invitations),
    "catalogue.Technology.owner_company": Move(),
    "demands.Demand.company": Move(),
    "funded.Project.company": Move(),
    "funded.Participation.company": Move(_unless_double),
}


def relations_to(model: type[models.Model]) -> dict[str, Relation]:
    """Every foreign key that points to the model, hidden ones and those of many-to-many tables too; history aside."""
    found: dict[str, Relation] = {}
    relations: Any = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        pointing: Any = relation.related_model
        if not issubclass(pointing, Event):
            found[f"{pointing._meta.label}.{relation.field.name}"] = relation.field
    return found


@dataclass(frozen=True)
class Moving:
    label: str
    count: int


def to_move(record: Record) -> list[Moving]:
    """What would go to the survivor if this record were merged into it."""
    counted = [
        (relation, relation.model._base_manager.filter(**{relation.name: record}).count())
        for name, relation in relations_to(type(record)).items()
        if MOVES[name].told
    ]
    return [Moving(str(relation.model._meta.verbose_name_plural), count) for relation, count in counted if count]


# --- merging ----------------------------------------------------------------------------------------------------------


def needs_reason(first: Record, second: Record) -> bool:
    """Two confirmed numbers of the tax office are two companies, unless somebody knows better and says why."""
    numbers = {getattr(record, "business_number", "") for record in (first, second)}
    return len(numbers - {""}) == 2


@transaction.atomic
def merge_institutions(
    survivor: Institution,
    other: Institution,
    *,
    by: Any,
    seen: Mapping[int, int],
    values: Mapping[str, Any],
    reason: str = "",
) -> Institution:
    """`seen` are the edit versions by primary key, `values` the fields of the survivor that change.

    Every name of both stays findable. Raises EditedMeanwhile and Refusal.
    """
    survivor, other = _locked(Institution, survivor, other, seen)
    names = [*names_of(survivor), *names_of(other)]
    _close(other, survivor, reason)
    write(survivor, values)
    _move_everything(other, survivor)
    keep_names(survivor, names)
    institution_changed.send(sender=Institution, institutions=[survivor.pk, other.pk], by=by)
    return survivor


@transaction.atomic
def merge_companies(
    survivor: Company, other: Company, *, by: Any, seen: Mapping[int, int], values: Mapping[str, Any], reason: str = ""
) -> Company:
    """As `merge_institutions`. With two business numbers a reason is needed."""
    survivor, other = _locked(Company, survivor, other, seen)
    if needs_reason(survivor, other) and not reason:
        raise Refusal(_("두 기업의 사업자등록번호가 다릅니다. 같은 기업으로 보는 사유를 적어 주십시오."))
    _close(other, survivor, reason)
    for name, value in values.items():
        setattr(survivor, name, value)
    if not survivor.business_number and not survivor.local_registration_number:
        raise Refusal(_("사업자등록번호나 현지 등록번호 가운데 하나는 남겨 주십시오."))
    if survivor.confirmed_at is None and _same_papers(survivor, other):
        survivor.confirmed_at = other.confirmed_at
    write(survivor, {})
    _move_everything(other, survivor)
    company_changed.send(sender=Company, companies=[survivor.pk, other.pk], by=by)
    return survivor


def _locked(model: Any, survivor: Record, other: Record, seen: Mapping[int, int]) -> tuple[Record, Record]:
    """In one order, so that two people who merge the same pair crosswise wait for each other and do not block."""
    rows = model.objects.select_for_update().filter(pk__in=(survivor.pk, other.pk)).order_by("pk")
    found = {record.pk: record for record in rows}
    for record in found.values():
        if record.merged_into_id is not None:
            raise Refusal(
                _("그사이 다른 사람이 ‘%(name)s’을(를) ‘%(into)s’(으)로 합쳤습니다.")
                % {"name": record, "into": record.merged_into}
            )
    for record in found.values():
        if record.edit_version != seen.get(record.pk):
            raise EditedMeanwhile(record)
    if found[survivor.pk].retired_on is not None:
        raise Refusal(
            _("‘%(name)s’은(는) 사용 중지되어 있습니다. 다시 사용하도록 바꾼 뒤 합쳐 주십시오.")
            % {"name": found[survivor.pk]}
        )
    return found[survivor.pk], found[other.pk]


def _close(other: Record, survivor: Record, reason: str) -> None:
    """First, since the survivor may take over a number that only one open record may have."""
    other.merged_into, other.merge_reason = survivor, reason
    other.retired_on = other.retired_on or timezone.localdate()
    other.edit_version += 1
    other.save()


def _move_everything(other: Record, survivor: Record) -> None:
    for name, relation in relations_to(type(other)).items():
        MOVES[name].run(relation, other, survivor)


def _same_papers(survivor: Company, other: Company) -> bool:
    """The officer who confirmed the other one looked at the numbers that the survivor goes by now."""
    return (survivor.site_country_id, survivor.local_registration_number, survivor.business_number) == (
        other.site_country_id,
        other.local_registration_number,
        other.business_number,
    )
