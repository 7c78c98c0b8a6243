from cooperation_portal.network.models.company import (
    Company,
    CompanyClass,
    CompanyQuerySet,
    CompanySize,
    NameDisclosure,
    new_company_code,
    validate_business_number,
)
from cooperation_portal.network.models.doubles import CompanyNotDouble, InstitutionNotDouble, NotDouble
from cooperation_portal.network.models.institution import (
    AliasKind,
    Institution,
    InstitutionAlias,
    InstitutionKind,
    InstitutionQuerySet,
)
from cooperation_portal.network.models.joining import (
    JOIN_TRANSITIONS,
    OPEN_JOIN_STATES,
    Invitation,
    InvitationQuerySet,
    JoinRequest,
    JoinRequestQuerySet,
    JoinState,
)
from cooperation_portal.network.models.membership import Membership, MembershipQuerySet, MembershipRole

__all__ = [
    "JOIN_TRANSITIONS",
    "OPEN_JOIN_STATES",
    "AliasKind",
    "Company",
    "CompanyClass",
    "CompanyNotDouble",
    "CompanyQuerySet",
    "CompanySize",
    "Institution",
    "InstitutionAlias",
    "InstitutionKind",
    "InstitutionNotDouble",
    "InstitutionQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "JoinRequest",
    "JoinRequestQuerySet",
    "JoinState",
    "Membership",
    "MembershipQuerySet",
    "MembershipRole",
    "NameDisclosure",
    "NotDouble",
    "new_company_code",
    "validate_business_number",
]
