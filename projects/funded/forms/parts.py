"""Who takes part in a project, and its other titles: rows of which empty ones are left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country
from projects.funded.fields import AmountField
from projects.funded.models import PartyRole, Project
from projects.funded.parties import NotAParty, PartyBook, company_line, line_of


class PartyForm(forms.Form):
    role = forms.ChoiceField(label=_("역할"), choices=[("", _("골라 주십시오")), *PartyRole.choices], required=False)
    party = PlainCharField(
        label=_("기업·기관"), max_length=240, required=False, widget=forms.TextInput(attrs={"list": "parties"})
    )
    country = forms.ModelChoiceField(
        queryset=Country.objects.none(),
        label=_("국가"),
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
