from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution
from matching.catalogue.models import Direction
from matching.demands.forms.parts import ConditionsPart, ProblemPart, WhatPart


class DemandForm(ConditionsPart, ProblemPart, WhatPart):
    """A demand that an officer writes down for a company, or for a foreign institution (direction outbound)."""

    company = forms.ModelChoiceField(queryset=Company.objects.none(), label=_("수요기업"), required=False)
    institution = forms.ModelChoiceField(
        queryset=Institution.objects.none(),
        label=_("해외 수요기관"),
        required=False,
        help_text=_("국내 기술을 찾는 해외 기관의 수요일 때만 고릅니다."),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    field_order = ("company", "institution", "kind", "purpose", "language", "title", "problem", "target_product",
                   "fields_wanted", "wanted_stage", "wanted_cooperation", "wanted_by", "confidentiality")  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = Q(retired_on__isnull=True)
        if self.demand is not None:
            usable |= Q(pk=self.demand.company_id)
        fields: dict[str, Any] = self.fields
        fields["company"].queryset = Company.objects.visible_to(user).filter(usable)
        fields["institution"].queryset = Institution.objects.visible_to(user).current().exclude(country__code="KR")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("company")) == bool(cleaned.get("institution")) and not self.errors.keys() & {
            "company",
            "institution",
        }:
            both = bool(cleaned.get("company"))
            message = (
                _("수요기업과 해외 수요기관 가운데 하나만 골라 주십시오.") if both else _("수요기업을 골라 주십시오.")
            )
            self.add_error("company", message)
        return cleaned

    def values(self) -> dict[str, Any]:
        chosen = super().values()
        del chosen["submission"]
        return chosen | {"direction": Direction.OUTBOUND if chosen["institution"] else Direction.INBOUND}
