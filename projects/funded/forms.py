from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country, Programme, TechnologyField
from matching.catalogue.models import Technology
from projects.funded.checks import faults
from projects.funded.fields import AmountField, DayInput
from projects.funded.models import Case, PartyRole, Project
from projects.funded.parties import NotAParty, PartyBook, company_line, line_of

_WORDS = ("serial", "title", "field_as_quoted", "stop_reason", "issue_notes", "source_reference")
_AMOUNTS = ("budget_krw", "private_cash_krw", "private_in_kind_krw")
_SECTIONS = (
    (_("무슨 과제입니까"), ("programme", "year", "serial", "title", "source_reference")),
    (_("누구와 무엇을 합니까"), ("company", "partner_country", "technology_number", "field", "field_as_quoted")),
    (
        _("유형과 기간"),
        ("project_type", "case", "origin", "already_developed", "starts_on", "months", "ends_on"),
    ),
    (_("돈"), (*_AMOUNTS, "pays_royalty")),
    (_("진행과 기업명 표시"), ("status", "stop_reason", "name_disclosure", "issue_notes")),
)


class FieldChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}" if obj.parent_id else str(obj)


def _won(label: Any) -> AmountField:
    return AmountField(label=label, required=False, whole=True)


class ProjectForm(forms.ModelForm):
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
        help_text=_("비우면 단기현장지원 6, 현지화형 12, 원천형 24개월로 합니다."),
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
            "year": {
                "required": _("사업 연도를 적어 주십시오."),
                "invalid": _("연도는 2025처럼 네 자리 숫자로 적어 주십시오."),
                "min_value": _("연도는 1980년에서 2100년 사이로 적어 주십시오."),
                "max_value": _("연도는 1980년에서 2100년 사이로 적어 주십시오."),
            },
            "title": {"required": _("과제명을 적어 주십시오.")},
            "company": {"required": _("대표 기업을 골라 주십시오. 목록에 없으면 먼저 ‘기업’에서 등록합니다.")},
            "partner_country": {"required": _("협력 대상국을 골라 주십시오.")},
            "project_type": {"required": _("과제 유형을 골라 주십시오.")},
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
        if project.pk:
            number = project.technology.number if project.technology else ""
            self.initial.update(edit_version=project.edit_version, technology_number=number)
            del fields["submission"]

    def sections(self) -> Iterator[dict[str, Any]]:
        for legend, names in _SECTIONS:
            yield {"legend": legend, "fields": [self[name] for name in names]}

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


class PartyForm(forms.Form):
    role = forms.ChoiceField(label=_("역할"), choices=[("", _("고르기")), *PartyRole.choices], required=False)
    party = PlainCharField(
        label=_("기업·기관"), max_length=240, required=False, widget=forms.TextInput(attrs={"list": "parties"})
    )
    country = forms.ModelChoiceField(
        queryset=Country.objects.none(),
        label=_("국가(목록에 없는 이름일 때)"),
        required=False,
        empty_label=_("고르지 않음"),
        to_field_name="code",
    )
    amount_krw = AmountField(label=_("배정액(원)"), required=False, whole=True, help_text="")
    note = PlainCharField(label=_("맡은 일"), max_length=200, required=False)

    def __init__(self, *args: Any, book: PartyBook, countries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._book = book
        country: Any = self.fields["country"]
        country.queryset = countries

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = cleaned.get("party", "")
        if not text:
            if any(cleaned.get(name) for name in ("amount_krw", "note")):
                self.add_error("party", _("누구인지 적어 주십시오."))
            return cleaned
        if not cleaned.get("role"):
            self.add_error("role", _("역할을 골라 주십시오."))
        try:
            cleaned["found"] = self._book.find(text)
        except NotAParty as wrong:
            self.add_error("party", str(wrong))
            return cleaned
        if "other_name" in cleaned["found"]:
            if cleaned.get("country") is None:
                self.add_error(
                    "country",
                    _("목록에 없는 이름입니다. 이름을 확인하고, 등록되지 않은 곳이 맞으면 국가를 골라 주십시오."),
                )
            else:
                cleaned["found"] = cleaned["found"] | {"other_country_id": cleaned["country"].pk}
        return cleaned


class BasePartyFormSet(forms.BaseFormSet):
    @property
    def lines(self) -> list[str]:
        """What may be picked, for one list that all rows share."""
        book: PartyBook = self.form_kwargs["book"]
        return list(book.lines)

    def clean(self) -> None:
        if any(self.errors):
            return
        seen, leads = set(), 0
        for form in self.forms:
            found = form.cleaned_data.get("found")
            if not found:
                continue
            role = form.cleaned_data["role"]
            leads += role == PartyRole.LEAD
            if leads > 1:
                form.add_error("role", _("주관은 한 곳만 고를 수 있습니다."))
                return
            key = (role, *sorted(found.items()))
            if key in seen:
                form.add_error("party", _("같은 역할로 두 번 적었습니다. 하나만 남겨 주십시오."))
                return
            seen.add(key)

    def is_valid(self) -> bool:
        """Errors that clean() of the whole finds stand in the forms."""
        return super().is_valid() and not any(form.errors for form in self.forms)

    def by_role(self) -> dict[str, list[dict[str, Any]]]:
        """What the service takes: every role, also those that nobody has."""
        roles: dict[str, list[dict[str, Any]]] = {role: [] for role in PartyRole.values}
        for row in self.cleaned_data:
            if row.get("found"):
                said = {"amount_krw": row["amount_krw"], "note": row["note"]}
                roles[row["role"]].append(row["found"] | said)
        return roles


_PartyFormSet = formset_factory(
    PartyForm, formset=BasePartyFormSet, extra=3, max_num=40, absolute_max=60, validate_max=True
)


def party_formset(data: Any, *, user: Any, project: Project | None = None) -> Any:
    """What is retired stays to be chosen only where the project had chosen it before."""
    parties = list(project.participations.all()) if project else []
    companies = Q(retired_on__isnull=True) | Q(pk__in=[party.company_id for party in parties if party.company_id])
    institutions = Q(retired_on__isnull=True) | Q(
        pk__in=[party.institution_id for party in parties if party.institution_id]
    )
    book = PartyBook(
        Company.objects.visible_to(user).filter(companies),
        Institution.objects.visible_to(user).filter(institutions).order_by("name_ko"),
    )
    initial = [
        {
            "role": party.role,
            "party": company_line(party.company) if party.company
            else line_of(party.institution) if party.institution else party.other_name,
            "country": party.other_country,
            "amount_krw": party.amount_krw,
            "note": party.note,
        }
        for party in parties
    ]  # fmt: skip
    countries = Country.objects.filter(retired_on__isnull=True)
    return _PartyFormSet(data, prefix="parties", initial=initial, form_kwargs={"book": book, "countries": countries})


class TitleForm(forms.Form):
    title = PlainCharField(label=_("다른 과제명"), max_length=300, required=False)
    found_in = PlainCharField(label=_("쓰인 곳"), max_length=120, required=False, help_text=_("예: 성과보고서 본문"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("found_in") and not cleaned.get("title"):
            self.add_error("title", _("다른 과제명을 적어 주십시오."))
        return cleaned


class BaseTitleFormSet(forms.BaseFormSet):
    def filled(self) -> list[dict[str, Any]]:
        """Each title once."""
        return list({row["title"]: row for row in self.cleaned_data if row.get("title")}.values())


_TitleFormSet = formset_factory(
    TitleForm, formset=BaseTitleFormSet, extra=2, max_num=20, absolute_max=30, validate_max=True
)


def title_formset(data: Any, *, project: Project | None = None) -> Any:
    known = list(project.titles.values("title", "found_in")) if project else []
    return _TitleFormSet(data, prefix="titles", initial=known)
