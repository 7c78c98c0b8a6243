from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country, Programme, TechnologyField
from matching.catalogue.models import Technology
from projects.funded.checks import faults
from projects.funded.fields import AmountField, DayInput
from projects.funded.models import FIRST_YEAR, LAST_YEAR, Case, Project, ProjectType

_WORDS = ("serial", "title", "field_as_quoted", "stop_reason", "issue_notes", "source_reference")
_AMOUNTS = ("budget_krw", "private_cash_krw", "private_in_kind_krw")
# Legend, fields that take the whole width, fields side by side.
_SECTIONS = (
    (_("무슨 과제입니까"), ("title",), ("programme", "year", "serial", "source_reference")),
    (_("누구와 무엇을 합니까"), (), ("company", "partner_country", "technology_number", "field", "field_as_quoted")),
    (
        _("유형과 기간"),
        (),
        ("project_type", "case", "origin", "starts_on", "months", "ends_on", "already_developed"),
    ),
    (_("예산"), (), (*_AMOUNTS, "pays_royalty")),
    (_("진행과 기업명 표시"), ("stop_reason", "issue_notes"), ("status", "name_disclosure")),
)


class FieldChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}" if obj.parent_id else str(obj)


def _won(label: Any) -> AmountField:
    return AmountField(label=label, required=False, whole=True)


class ProjectForm(forms.ModelForm):
    year = forms.IntegerField(
        label=_("사업 연도"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            "required": _("사업 연도를 적어 주십시오."),
            "invalid": _("연도는 2025처럼 네 자리 숫자로 적어 주십시오."),
            "min_value": _("연도는 1980년에서 2100년 사이로 적어 주십시오."),
            "max_value": _("연도는 1980년에서 2100년 사이로 적어 주십시오."),
        },
    )
    project_type = forms.ChoiceField(
        label=_("과제 유형"),
        choices=[("", _("골라 주십시오")), *ProjectType.choices],
        error_messages={"required": _("과제 유형을 골라 주십시오.")},
    )
    technology_number = PlainCharField(
        label=_("원천기술 번호"),
        max_length=80,
        required=False,
        help_text=_("T-00012처럼 포털의 번호나 출처 번호를 적습니다. 원천기술 없이 시작한 과제이면 비웁니다."),
    )
    field = FieldChoice(queryset=TechnologyField.objects.none(), label=_("기술분야"), required=False)
    case = forms.ChoiceField(
        label=_("Case"),
        choices=[("", _("모름")), *Case.choices],
        required=False,
        help_text=_("Case 1은 해외 원천기술을 들여오는 과제, Case 2는 국내 제품을 해외에 맞게 고치는 과제입니다."),
    )
    months = forms.IntegerField(
        label=_("기간(개월)"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_(
            "비우면 시작일과 종료일로 셉니다. 종료일도 비우면 단기현장지원 6, 현지화형 12, 원천형 24개월입니다."
        ),
        error_messages={
            "invalid": _("기간은 6처럼 개월 수만 적어 주십시오."),
            "min_value": _("기간은 1개월에서 120개월 사이로 적어 주십시오."),
            "max_value": _("기간은 1개월에서 120개월 사이로 적어 주십시오."),
        },
    )
    budget_krw = _won(_("정부출연금(원)"))
    private_cash_krw = _won(_("민간부담금 현금(원)"))
    private_in_kind_krw = _won(_("민간부담금 현물(원)"))
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    class Meta:
        model = Project
        fields = (
            "programme", "year", "serial", "title", "source_reference", "company", "partner_country", "field",
            "field_as_quoted", "project_type", "case", "origin", "already_developed", "starts_on", "months", "ends_on",
            "budget_krw", "private_cash_krw", "private_in_kind_krw", "pays_royalty", "status", "stop_reason",
            "name_disclosure", "issue_notes",
        )  # fmt: skip
        field_classes = dict.fromkeys(_WORDS, PlainCharField)
        widgets = {"starts_on": DayInput(), "ends_on": DayInput(), "issue_notes": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "serial": _("문서에 적힌 그대로 적습니다. 예: 단기형-②"),
            "source_reference": _(
                "문서나 대장에 번호가 있으면 적습니다. 엑셀 파일로 고칠 때 같은 과제를 찾는 번호입니다."
            ),
            "field_as_quoted": _("문서에서 나눈 이름이 다르면 그대로 적습니다. 예: 공정분야"),
            "ends_on": _("비우면 시작일과 기간으로 계산합니다."),
            "name_disclosure": _("참여한 다른 기업에게 이 과제의 기업 이름을 어떻게 보일지 정합니다."),
            "issue_notes": _("사업기간, 참여 형태, 성과 확산에서 어려웠던 점을 적습니다. 기업에는 보이지 않습니다."),
        }
        error_messages = {
            "programme": {"required": _("어느 사업의 과제인지 골라 주십시오.")},
            "title": {"required": _("과제명을 적어 주십시오.")},
            "company": {"required": _("대표 기업을 골라 주십시오. 목록에 없으면 먼저 ‘기업’에서 등록합니다.")},
            "partner_country": {"required": _("협력 대상국을 골라 주십시오.")},
            "starts_on": {"invalid": _("날짜는 2026-03-02처럼 적어 주십시오.")},
            "ends_on": {"invalid": _("날짜는 2026-03-02처럼 적어 주십시오.")},
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """What is retired stays to be chosen only where the project had chosen it before."""
        super().__init__(*args, **kwargs)
        self._user, project = user, self.instance
        fields: dict[str, Any] = self.fields
        for name, queryset in (
            ("programme", Programme.objects.all()),
            ("partner_country", Country.objects.exclude(code="KR")),
            ("company", Company.objects.visible_to(user).order_by("name", "pk")),
            ("field", TechnologyField.objects.select_related("parent").order_by("code")),
        ):
            chosen = getattr(project, f"{name}_id")
            fields[name].queryset = queryset.filter(Q(retired_on__isnull=True) | Q(pk=chosen))
            fields[name].empty_label = _("골라 주십시오")
        if project.pk:
            number = project.technology.number if project.technology else ""
            self.initial.update(edit_version=project.edit_version, technology_number=number)
            del fields["submission"]

    def sections(self) -> Iterator[dict[str, Any]]:
        for legend, wide, columns in _SECTIONS:
            yield {"legend": legend, "wide": [self[name] for name in wide], "fields": [self[name] for name in columns]}

    def clean_technology_number(self) -> str:
        """Keeps the technology found for `values`."""
        number: str = self.cleaned_data["technology_number"]
        self.cleaned_data["technology"] = None
        if number:
            by_number = number.upper().removeprefix("T-")
            chosen = Q(source_reference=number)
            if number.upper().startswith("T-") and by_number.isdecimal() and len(by_number) <= 9:
                chosen |= Q(pk=int(by_number))
            found = Technology.objects.visible_to(self._user).filter(chosen).first()
            if found is None:
                raise forms.ValidationError(
                    _("그 번호의 원천기술이 없습니다. 원천기술 목록에서 번호를 확인해 주십시오.")
                )
            self.cleaned_data["technology"] = found
        return number

    def clean(self) -> dict[str, Any]:
        """The rules of the database are asked here, each beside its field."""
        cleaned = self.cleaned_data
        partner = cleaned.get("partner_country")
        for fault in faults(cleaned, partner=partner.code if partner else None):
            self.add_error(fault.field, fault.text)
        # What this form made when it was sent the first time is no other project.
        others = Project.objects.visible_to(self._user).exclude(pk=self.instance.pk)
        others = others.exclude(submission=cleaned["submission"]) if cleaned.get("submission") else others
        reference = cleaned.get("source_reference")
        if reference and others.filter(source_reference=reference).exists():
            text = _("이 출처 번호를 쓰는 과제가 이미 있습니다. 번호를 확인하거나 그 과제를 고쳐 주십시오.")
            self.add_error("source_reference", text)
        key = {name: cleaned.get(name) for name in ("programme", "year", "serial")}
        if all(key.values()) and others.filter(**key).exists():
            self.add_error("serial", _("같은 사업과 연도에 이 번호의 과제가 이미 있습니다. 번호를 확인해 주십시오."))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """All: ModelForm would ask the rules again, and refuse as taken what this form itself made a moment ago."""
        return {field.name for field in Project._meta.fields}

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data.get(name) for name in (*self.Meta.fields, "technology")}
