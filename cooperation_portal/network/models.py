from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Grant, Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.names import NameKey
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.shared.identifiers import format_business_number, is_business_number
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.masking import mask_company_name
from cooperation_portal.taxonomy.models import Country, Industry


class InstitutionKind(models.TextChoices):
    GOVERNMENT = "government", _("정부기관")
    RESEARCH_INSTITUTE = "research_institute", _("연구기관")
    UNIVERSITY = "university", _("대학")
    COMPANY = "company", _("기업")
    ASSOCIATION = "association", _("협회·단체")


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, user: Any) -> InstitutionQuerySet:
        """Institutions are no secret among those who sign in; what they offer has its own disclosure level."""
        return self if user.is_authenticated else self.none()

    def current(self) -> InstitutionQuerySet:
        return self.filter(retired_on__isnull=True)


@audited()
class Institution(models.Model):
    """A foreign or Korean organisation that offers technologies or asks for them."""

    kind = models.CharField(_("기관 유형"), max_length=20, choices=InstitutionKind)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="institutions", verbose_name=_("국가"))
    city_ko = models.CharField(_("도시"), max_length=80, blank=True)
    city_original = models.CharField(_("도시(현지어)"), max_length=80, blank=True)
    name_ko = models.CharField(_("기관명"), max_length=200)
    name_original = models.CharField(_("기관명(원어)"), max_length=200)
    original_language = models.CharField(_("원어"), max_length=2, choices=TextLanguage)
    name_en = models.CharField(_("영문 기관명"), max_length=200, blank=True)
    website = models.URLField(_("누리집"), blank=True)
    source_reference = models.CharField(_("출처 번호"), max_length=80, blank=True)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    retired_on = models.DateField(_("사용 중지일"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("합친 기관")
    )
    merge_reason = models.CharField(_("합친 사유"), max_length=300, blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("기관")
        verbose_name_plural = _("기관")
        ordering = ["name_ko", "pk"]
        constraints = [
            choices_constraint("kind", InstitutionKind, "institution_kind_is_known"),
            choices_constraint("original_language", TextLanguage, "institution_language_is_known"),
            models.UniqueConstraint(
                fields=["source_reference"],
                condition=~Q(source_reference=""),
                name="one_institution_for_each_reference",
            ),
            models.CheckConstraint(
                name="merged_institution_is_retired",
                condition=Q(merged_into__isnull=True) | Q(retired_on__isnull=False),
            ),
        ]
        # A row of a spreadsheet without a source reference is known by this.
        indexes = [models.Index(NameKey("name_original"), name="institution_name_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ko if get_language() == "ko" else self.name_en or self.name_original


class AliasKind(models.TextChoices):
    FORMER = "former", _("옛 이름")
    ABBREVIATION = "abbreviation", _("약칭")
    OTHER = "other", _("다른 이름")


@audited()
class InstitutionAlias(models.Model):
    """Another name of an institution: centres are reorganised and partners write them in many ways."""

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("기관")
    )
    kind = models.CharField(_("종류"), max_length=20, choices=AliasKind)
    name = models.CharField(_("이름"), max_length=200)
    language = models.CharField(_("언어"), max_length=2, choices=TextLanguage)

    class Meta:
        verbose_name = _("기관의 다른 이름")
        verbose_name_plural = _("기관의 다른 이름")
        ordering = ["institution", "kind", "name"]
        constraints = [
            choices_constraint("kind", AliasKind, "alias_kind_is_known"),
            choices_constraint("language", TextLanguage, "alias_language_is_known"),
            models.UniqueConstraint(fields=["institution", "name", "language"], name="one_alias_for_each_spelling"),
        ]

    def __str__(self) -> str:
        return self.name


class CompanyClass(models.TextChoices):
    STARTUP = "startup", _("스타트업")
    SME = "sme", _("중소기업")
    VENTURE = "venture", _("벤처기업")


class CompanySize(models.TextChoices):
    SMALL = "small", _("소기업")
    MEDIUM = "medium", _("중기업")
    MIDDLE = "middle", _("중견기업")
    LARGE = "large", _("대기업")


class NameDisclosure(models.TextChoices):
    """How a company is named to an audience. A masked name is for reading, never a key."""

    FULL = "full", _("실명")
    MASKED = "masked", _("마스킹")
    CODE = "code", _("코드")


def validate_business_number(value: str) -> None:
    if not is_business_number(value):
        raise ValidationError(
            _("사업자등록번호가 맞지 않습니다. 사업자등록증의 숫자 10자리를 다시 확인해 주십시오."),
            code="business_number",
        )


def new_company_code() -> str:
    """Stands for the company where its name may not be read: tells nothing, not even which came first."""
    return "C-" + get_random_string(8, "23456789ABCDEFGHJKMNPQRSTUVWXYZ")


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: Any) -> CompanyQuerySet:
        """Officers and admins see every company, members their own; nobody else sees any."""
        if holds(user, Role.OFFICER, Role.CONTENT_ADMIN):
            return self
        return self.of_member(user) if user.is_authenticated else self.none()

    def of_member(self, user: Any) -> CompanyQuerySet:
        """Those that the person acts for, whatever else the person may see."""
        return self.filter(memberships__user_id=user.pk, memberships__ended_at__isnull=True)

    def current(self) -> CompanyQuerySet:
        return self.filter(retired_on__isnull=True)


@audited()
class Company(models.Model):
    """A Korean company; one at work abroad (진출기업) has its site's country and local registration number."""

    code = models.CharField(_("기업 코드"), max_length=20, unique=True, default=new_company_code)
    name = models.CharField(_("기업명"), max_length=120)
    name_en = models.CharField(_("영문 기업명"), max_length=160, blank=True)
    business_number = models.CharField(
        _("사업자등록번호"), max_length=10, blank=True, validators=[validate_business_number]
    )
    site_country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="companies", verbose_name=_("소재 국가")
    )
    local_registration_number = models.CharField(_("현지 등록번호"), max_length=40, blank=True)
    company_class = models.CharField(_("기업 구분"), max_length=20, choices=CompanyClass)
    size = models.CharField(_("기업 규모"), max_length=20, choices=CompanySize)
    industry = models.ForeignKey(
        Industry, on_delete=models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("업종")
    )
    products = models.CharField(_("주요 제품"), max_length=200, blank=True)
    city = models.CharField(_("소재지"), max_length=80, blank=True)
    established = models.PositiveSmallIntegerField(_("설립 연도"), null=True, blank=True)
    website = models.URLField(_("누리집"), blank=True)
    # An officer looked at the papers; a company abroad may not act before that.
    confirmed_at = models.DateTimeField(_("확인일"), null=True, blank=True)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    retired_on = models.DateField(_("사용 중지일"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("합친 기업")
    )
    merge_reason = models.CharField(_("합친 사유"), max_length=300, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("기업")
        verbose_name_plural = _("기업")
        ordering = ["name", "pk"]
        constraints = [
            choices_constraint("company_class", CompanyClass, "company_class_is_known"),
            choices_constraint("size", CompanySize, "company_size_is_known"),
            models.CheckConstraint(
                name="business_number_has_ten_digits",
                condition=Q(business_number="") | Q(business_number__regex=r"^[0-9]{10}$"),
            ),
            models.CheckConstraint(
                name="company_has_a_registration_number",
                condition=~Q(business_number="") | ~Q(local_registration_number=""),
            ),
            models.CheckConstraint(
                name="merged_company_is_retired", condition=Q(merged_into__isnull=True) | Q(retired_on__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["business_number"],
                condition=~Q(business_number="") & Q(merged_into__isnull=True),
                name="one_company_for_each_business_number",
            ),
            models.UniqueConstraint(
                fields=["site_country", "local_registration_number"],
                condition=~Q(local_registration_number="") & Q(merged_into__isnull=True),
                name="one_company_for_each_local_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def business_number_shown(self) -> str:
        return format_business_number(self.business_number)

    def display_name(self, disclosure: str) -> str:
        if disclosure == NameDisclosure.FULL:
            return self.name
        return mask_company_name(self.name) if disclosure == NameDisclosure.MASKED else self.code


class NotDouble(models.Model):
    """Two records that look alike and are not the same: somebody looked, and they are not shown as doubles again."""

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("확인한 사람")
    )
    decided_at = models.DateTimeField(_("확인일"), auto_now_add=True)

    class Meta:
        abstract = True


@audited()
class InstitutionNotDouble(NotDouble):
    first = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("기관"))
    second = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("다른 기관"))

    class Meta:
        verbose_name = _("서로 다른 기관")
        verbose_name_plural = _("서로 다른 기관")
        constraints = [
            models.CheckConstraint(name="not_double_institutions_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(fields=["first", "second"], name="one_row_for_each_pair_of_institutions"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


@audited()
class CompanyNotDouble(NotDouble):
    first = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("기업"))
    second = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("다른 기업"))

    class Meta:
        verbose_name = _("서로 다른 기업")
        verbose_name_plural = _("서로 다른 기업")
        constraints = [
            models.CheckConstraint(name="not_double_companies_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(fields=["first", "second"], name="one_row_for_each_pair_of_companies"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class MembershipRole(models.TextChoices):
    OWNER = "owner", _("기업 대표 담당자")
    MEMBER = "member", _("기업 담당자")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Any) -> MembershipQuerySet:
        """The people of the companies that one acts for, oneself among them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__in=Company.objects.of_member(user).values("pk"))

    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at__isnull=True)

    def owners(self) -> MembershipQuerySet:
        """Those who decide for their company now; an account that was switched off decides nothing."""
        return self.current().filter(role=MembershipRole.OWNER, user__is_active=True)


@audited()
class Membership(models.Model):
    """A person who acts for a company; one person may act for several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("사용자")
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("기업"))
    role = models.CharField(_("역할"), max_length=10, choices=MembershipRole)
    joined_at = models.DateTimeField(_("등록일"), auto_now_add=True)
    ended_at = models.DateTimeField(_("종료일"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("기업 회원")
        verbose_name_plural = _("기업 회원")
        ordering = ["company", "role", "pk"]
        constraints = [
            choices_constraint("role", MembershipRole, "membership_role_is_known"),
            models.UniqueConstraint(
                fields=["user", "company"], condition=Q(ended_at__isnull=True), name="one_current_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.company}"


class JoinState(models.TextChoices):
    """What became of a person's wish to act for a company."""

    UNCONFIRMED = "unconfirmed", _("이메일 확인 전")
    DETAILS = "details", _("기업 정보 입력 전")
    WITH_OWNER = "with_owner", _("기업 대표 담당자 승인 대기")
    WITH_OFFICER = "with_officer", _("사업담당자 확인 대기")
    APPROVED = "approved", _("승인")
    REFUSED = "refused", _("거절")
    WITHDRAWN = "withdrawn", _("철회")


# What may follow what. Codes decide, never labels.
JOIN_TRANSITIONS: dict[str, frozenset[str]] = {
    JoinState.UNCONFIRMED: frozenset(
        {JoinState.DETAILS, JoinState.WITH_OWNER, JoinState.WITH_OFFICER, JoinState.WITHDRAWN}
    ),
    JoinState.DETAILS: frozenset(
        {JoinState.WITH_OWNER, JoinState.WITH_OFFICER, JoinState.APPROVED, JoinState.WITHDRAWN}
    ),
    JoinState.WITH_OWNER: frozenset(
        {JoinState.WITH_OFFICER, JoinState.APPROVED, JoinState.REFUSED, JoinState.WITHDRAWN}
    ),
    JoinState.WITH_OFFICER: frozenset({JoinState.APPROVED, JoinState.REFUSED, JoinState.WITHDRAWN}),
    JoinState.APPROVED: frozenset(),
    JoinState.REFUSED: frozenset(),
    JoinState.WITHDRAWN: frozenset(),
}
OPEN_JOIN_STATES = (JoinState.UNCONFIRMED, JoinState.DETAILS, JoinState.WITH_OWNER, JoinState.WITH_OFFICER)


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def visible_to(self, user: Any) -> JoinRequestQuerySet:
        """A person's own; a company's, to its owners; those that officers have to decide on or have decided on."""
        if not user.is_authenticated:
            return self.none()
        owned = Membership.objects.owners().filter(user_id=user.pk).values("company")
        seen = Q(user_id=user.pk) | Q(company__in=owned) & ~Q(state=JoinState.WITH_OFFICER)
        if holds(user, Role.OFFICER):
            officers = Grant.objects.filter(role=Role.OFFICER).values("user")
            seen |= _waits_for_officer() | Q(decided_by__in=officers)
        return self.filter(seen)

    def open(self) -> JoinRequestQuerySet:
        return self.filter(state__in=OPEN_JOIN_STATES)

    def waiting_for_officer(self) -> JoinRequestQuerySet:
        return self.filter(_waits_for_officer())


def _waits_for_officer() -> Q:
    """Also what waits for an owner who is not there any more: nobody else could answer it."""
    orphaned = Q(state=JoinState.WITH_OWNER) & ~Q(company__in=Membership.objects.owners().values("company"))
    return Q(state=JoinState.WITH_OFFICER) | orphaned


@audited()
class JoinRequest(models.Model):
    """A person who says to act for a company, and who decided on it.

    The number is what the person typed; the company is looked up only once the person's address is confirmed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("사용자")
    )
    business_number = models.CharField(
        _("사업자등록번호"), max_length=10, blank=True, validators=[validate_business_number]
    )
    site_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+", verbose_name=_("소재 국가"))
    local_registration_number = models.CharField(_("현지 등록번호"), max_length=40, blank=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="join_requests", verbose_name=_("기업")
    )
    state = models.CharField(_("상태"), max_length=12, choices=JoinState, default=JoinState.UNCONFIRMED)
    note = models.CharField(_("전하는 말"), max_length=500, blank=True)
    # What the person wrote of a company abroad; it becomes a company only when an officer has confirmed it.
    details = models.JSONField(_("기업 정보"), default=dict, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("처리한 사람"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("처리일"), null=True, blank=True)
    refusal = models.CharField(_("거절 사유"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("신청일"), auto_now_add=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("기업 회원 신청")
        verbose_name_plural = _("기업 회원 신청")
        ordering = ["-created_at", "-pk"]
        constraints = [
            choices_constraint("state", JoinState, "join_state_is_known"),
            models.CheckConstraint(
                name="join_request_has_one_number",
                condition=Q(business_number="") ^ Q(local_registration_number=""),
            ),
            models.UniqueConstraint(
                fields=["user", "business_number"],
                condition=Q(state__in=OPEN_JOIN_STATES) & ~Q(business_number=""),
                name="one_open_request_for_each_business_number",
            ),
            models.UniqueConstraint(
                fields=["user", "site_country", "local_registration_number"],
                condition=Q(state__in=OPEN_JOIN_STATES) & ~Q(local_registration_number=""),
                name="one_open_request_for_each_local_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_JOIN_STATES

    @property
    def is_domestic(self) -> bool:
        return bool(self.business_number)

    @property
    def number(self) -> str:
        """As the person would write it."""
        return format_business_number(self.business_number) if self.is_domestic else self.local_registration_number


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Any) -> InvitationQuerySet:
        """The owners of the company that invites."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__in=Membership.objects.owners().filter(user_id=user.pk).values("company"))

    def open(self) -> InvitationQuerySet:
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


@audited(exclude=["token_hash"])
class Invitation(models.Model):
    """A company's owner asks a colleague in. Only the hash of the link's token is kept."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("기업"))
    email = models.EmailField(_("이메일"))
    role = models.CharField(_("역할"), max_length=10, choices=MembershipRole, default=MembershipRole.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("초대한 사람")
    )
    invited_at = models.DateTimeField(_("초대일"), default=timezone.now)
    expires_at = models.DateTimeField(_("유효기간"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("수락한 사람"),
    )  # fmt: skip
    accepted_at = models.DateTimeField(_("수락일"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("취소일"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("초대")
        verbose_name_plural = _("초대")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            choices_constraint("role", MembershipRole, "invitation_role_is_known"),
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_for_each_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} → {self.pk}"
