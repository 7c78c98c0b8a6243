"""The pages on which a company writes a demand down. A draft may be half done; what was filed may not become so."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company
from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.models import Technology
from matching.demands.forms.parts import ConditionsPart, GroupedFieldChoice, Part, ProblemPart, WhatPart
from matching.demands.missing import missing_of
from matching.demands.models import Demand, Step


class StepForm(Part):
    step: Step

    def full_clean(self) -> None:
        """What is marked as needed is not demanded of a draft before it is filed."""
        is_draft = self.demand is None or self.demand.is_draft
        strict = {field: (field.required, field.validators) for field in self.fields.values()}
        for field in strict if is_draft else ():
            field.required = False
            field.validators = [one for one in field.validators if not isinstance(one, MinLengthValidator)]
        super().full_clean()
        for field, (required, validators) in strict.items():
            field.required, field.validators = required, validators

    def point_out_missing(self, demand: Demand) -> None:
        """Says beside the fields what the draft still lacks; for a form that is bound to what is stored."""
        for missing in missing_of(demand):
            if missing.step == self.step and missing.field not in self.errors:
                self.add_error(missing.field, missing.text)

    def values(self) -> dict[str, Any]:
        """A choice that was left out of what was sent stays as it is."""
        given = super().values()
        always = {"kind", "purpose", "language", "confidentiality"}
        return {name: value for name, value in given.items() if value != "" or name not in always}


class WhatStep(WhatPart, StepForm):
    step = Step.WHAT
    fields_wanted = GroupedFieldChoice(
        queryset=TechnologyField.objects.none(),
        label=_("기술분야"),
        required=False,
        help_text=_("둘까지 고릅니다."),
        widget=forms.CheckboxSelectMultiple,
    )


class ProblemStep(ProblemPart, StepForm):
    step = Step.PROBLEM


class ConditionsStep(ConditionsPart, StepForm):
    step = Step.CONDITIONS


class FirstStep(WhatStep):
    """The first page of a new demand. It keeps for whom it was opened: the person may act for another company now."""

    company = forms.ModelChoiceField(queryset=Company.objects.none(), widget=forms.HiddenInput, required=False)
    technology = forms.ModelChoiceField(
        queryset=Technology.objects.none(),
        widget=forms.HiddenInput,
        required=False,
        label=_("관심을 보인 기술"),
        error_messages={"invalid_choice": _("지금은 볼 수 없는 기술입니다. 기술 없이 수요를 접수하실 수 있습니다.")},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["company"].queryset = Company.objects.visible_to(user)
        fields["technology"].queryset = Technology.objects.visible_to(user).published()

    def values(self) -> dict[str, Any]:
        given = super().values()
        return given | {"prompted_by": given.pop("technology")}


STEP_FORMS: dict[str, type[StepForm]] = {form.step: form for form in (WhatStep, ProblemStep, ConditionsStep)}
