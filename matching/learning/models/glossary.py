from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.shared.languages import TextLanguage
from matching.learning.vocabulary import GLOSSARY_FIELDS


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("제안")
    ACCEPTED = "accepted", _("사용 중")
    REFUSED = "refused", _("반려")
    RETIRED = "retired", _("사용 중지")


class GlossaryProposalQuerySet(models.QuerySet["GlossaryProposal"]):
    def visible_to(self, user: Any) -> GlossaryProposalQuerySet:
        return self if holds(user, Role.OFFICER, Role.CONTENT_ADMIN) else self.none()


@audited()
class GlossaryProposal(models.Model):
    """Terms that an officer wants in the glossary: of a concept that is there (`concept`) or of a new one."""

    # A new one gets its key when it is accepted.
    concept = models.CharField(_("개념"), max_length=80, blank=True)
    is_new = models.BooleanField(_("새 개념"), default=False)
    field = models.CharField(_("분야"), max_length=40, choices=GLOSSARY_FIELDS, blank=True)
    broader = models.CharField(_("상위 개념"), max_length=80, blank=True)
    terms = models.JSONField(_("용어"))
    name = models.CharField(_("대표 용어"), max_length=120)
    note = models.CharField(_("제안 이유"), max_length=500, blank=True)
    state = models.CharField(_("상태"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("제안한 사람")
    )
    proposed_at = models.DateTimeField(_("제안일"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("처리한 사람"),
    )
    reason = models.CharField(_("처리 사유"), max_length=500, blank=True)
    # Drawn by the form, so that one sent twice makes one proposal.
    submission = models.UUIDField(null=True, unique=True, editable=False)
    edit_version = models.PositiveIntegerField(default=1, editable=False)

    objects = GlossaryProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("용어 제안")
        verbose_name_plural = _("용어 제안")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            choices_constraint("state", ProposalState, "proposal_state_is_known"),
            models.CheckConstraint(
                name="accepted_terms_have_a_concept", condition=~Q(state__in=["accepted", "retired"]) | ~Q(concept="")
            ),
            models.CheckConstraint(
                name="known_concept_or_a_new_one_with_a_field",
                condition=Q(is_new=True) & ~Q(field="") | Q(is_new=False) & ~Q(concept=""),
            ),
            models.CheckConstraint(
                name="refused_terms_say_why", condition=~Q(state__in=["refused", "retired"]) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="answered_proposal_says_by_whom", condition=Q(state="proposed") | Q(decided_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def number(self) -> str:
        return f"G-{self.pk:04d}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ProposalState.PROPOSED

    @property
    def is_in_use(self) -> bool:
        return self.state == ProposalState.ACCEPTED


@audited()
class GlossaryTerm(models.Model):
    """A term that was accepted. `form` is what the recogniser compares: two terms of one form would be one."""

    proposal = models.ForeignKey(
        GlossaryProposal, on_delete=models.PROTECT, related_name="accepted", verbose_name=_("용어 제안")
    )
    concept = models.CharField(_("개념"), max_length=80)
    language = models.CharField(_("언어"), max_length=2, choices=TextLanguage)
    term = models.CharField(_("용어"), max_length=120)
    form = models.CharField(max_length=120, editable=False)
    retired_on = models.DateField(_("사용 중지일"), null=True, blank=True)

    class Meta:
        verbose_name = _("용어")
        verbose_name_plural = _("용어")
        ordering = ["concept", "language", "pk"]
        constraints = [
            choices_constraint("language", TextLanguage, "term_language_is_known"),
            models.UniqueConstraint(
                fields=["language", "form"], condition=Q(retired_on__isnull=True), name="one_accepted_term_of_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} ({self.language})"
