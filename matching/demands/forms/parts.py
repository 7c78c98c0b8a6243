"""What a demand is asked for, in parts: the officer's one form and the company's steps are put together from them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.models import Cooperation, Stage
from matching.demands import missing
from matching.demands.models import (
    FIELDS_MAXIMUM,
    PROBLEM_MAXIMUM,
    PROBLEM_MINIMUM,
    TITLE_MINIMUM,
    Confidentiality,
    Demand,
    DemandKind,
    Purpose,
)

_YEARS_AHEAD = 20


class FieldChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}" if obj.parent_id else str(obj)


class _ByParent(ModelChoiceIterator):
    """Choices under the headings of their parents; the queryset is ordered by code, so that each comes together."""

    def __iter__(self) -> Iterator[Any]:
        for parent, fields in groupby(self.queryset, key=attrgetter("parent")):
            choices = [self.choice(field) for field in fields]
            yield (str(parent), choices) if parent else choices[0]


class GroupedFieldChoice(FieldChoice):
    iterator = _ByParent

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class Part(forms.Form):
    """`demand` is the one that is changed; what is retired stays to be chosen where it had been chosen before."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, demand: Demand | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.demand = demand

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name != "edit_version"}
        if "fields_wanted" in chosen:
            chosen["fields"] = list(chosen.pop("fields_wanted"))
        return chosen

    @classmethod
    def initial_of(cls, demand: Demand) -> dict[str, Any]:
        """By the names of the form's fields."""
        names = [name for name in cls.base_fields if name != "fields_wanted" and hasattr(demand, name)]
        initial = {name: getattr(demand, name) for name in names}
        if "fields_wanted" in cls.base_fields:
            initial["fields_wanted"] = [field.pk for field in demand.fields.all()]
        return initial


class WhatPart(Part):
    kind = forms.ChoiceField(
        label=_("구분"),
        choices=DemandKind,
        initial=DemandKind.DEMAND,
        help_text=_("새로 들여오려는 기술은 수요기술, 생산 현장에서 막힌 문제는 애로기술입니다."),
    )
    purpose = forms.ChoiceField(
        label=_("목적"),
        choices=Purpose,
        initial=Purpose.USE_TECHNOLOGY,
        help_text=_("해외 기술을 쓰려면 기술활용, 해외에 나가려면 시장진출을 고릅니다."),
    )
    language = forms.ChoiceField(label=_("작성 언어"), choices=TextLanguage, initial=TextLanguage.KOREAN)
    title = PlainCharField(
        label=_("수요기술명"),
        max_length=200,
        min_length=TITLE_MINIMUM,
        error_messages={"required": missing.TITLE_REQUIRED, "min_length": missing.TITLE_SHORT},
    )
    fields_wanted = FieldChoice(
        queryset=TechnologyField.objects.none(),
        label=_("기술분야"),
        required=False,
        help_text=_("둘까지 고릅니다. Ctrl 키를 누른 채 고르면 여러 개를 고를 수 있습니다."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Q(pk__in=[field.pk for field in self.demand.fields.all()]) if self.demand else Q()
        current = TechnologyField.objects.filter(Q(retired_on__isnull=True, parent__isnull=False) | chosen)
        fields: dict[str, Any] = self.fields
        fields["fields_wanted"].queryset = current.select_related("parent").order_by("code")

    def clean_fields_wanted(self) -> Any:
        chosen = self.cleaned_data["fields_wanted"]
        if len(chosen) > FIELDS_MAXIMUM:
            raise forms.ValidationError(_("기술분야는 둘까지만 골라 주십시오."))
        return chosen


class ProblemPart(Part):
    problem = PlainCharField(
        label=_("해결하려는 문제"),
        max_length=PROBLEM_MAXIMUM,
        min_length=PROBLEM_MINIMUM,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "무엇을 만들고 있고 무엇이 안 되는지, 목표 수치와 사용 조건을 적어 주십시오. 자세할수록 잘 찾습니다."
        ),
        error_messages={"required": missing.PROBLEM_REQUIRED, "min_length": missing.PROBLEM_SHORT},
    )
    target_product = PlainCharField(label=_("적용 제품"), max_length=200, required=False)


class ConditionsPart(Part):
    wanted_stage = forms.ChoiceField(
        label=_("희망 개발 단계"), choices=[("", _("상관없음")), *Stage.choices], required=False
    )
    wanted_cooperation = forms.MultipleChoiceField(
        label=_("희망 협력 방식"),
        choices=Cooperation,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("여러 개를 고를 수 있습니다. 아직 정하지 않았으면 비워 두십시오."),
    )
    wanted_by = forms.DateField(
        label=_("희망 시기"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("언제까지 기술이 필요한지 적습니다. 정해지지 않았으면 비워 두십시오."),
        error_messages={"invalid": _("2027-03-31처럼 연-월-일로 적어 주십시오.")},
    )
    confidentiality = forms.ChoiceField(
        label=_("비밀 여부"),
        choices=Confidentiality,
        initial=Confidentiality.NORMAL,
        help_text=_(
            "대외비로 고르면 사업담당자의 화면에 표시됩니다. 다른 기업은 어느 쪽이든 이 수요를 볼 수 없습니다."
        ),
    )

    def clean_wanted_by(self) -> Any:
        wanted, today = self.cleaned_data["wanted_by"], timezone.localdate()
        if wanted is None or (self.demand and wanted == self.demand.wanted_by):
            return wanted
        if wanted < today:
            raise forms.ValidationError(missing.WANTED_BY_PAST)
        if wanted.year > today.year + _YEARS_AHEAD:
            raise forms.ValidationError(_("희망 시기의 연도를 다시 확인해 주십시오."))
        return wanted
