from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.network.merging import FIELDS, needs_reason
from cooperation_portal.network.models import Company
from cooperation_portal.shared.text import PlainCharField

FIRST, SECOND = "first", "second"


@dataclass(frozen=True)
class Compared:
    """One line of the page: what both say, and the field that asks where they differ."""

    name: str
    label: str
    first: str
    second: str
    field: Any = None


class MergeForm(forms.Form):
    """Which of two records stays, and for each thing that they differ in whose value it has then."""

    survivor = forms.ChoiceField(label=gettext_lazy("남는 쪽"), widget=forms.RadioSelect)
    reason = PlainCharField(label=gettext_lazy("합치는 사유"), max_length=300, required=False)
    first_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    second_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, first: Any, second: Any, preferred: Any, **kwargs: Any) -> None:
        """`preferred` is the one that stays unless the person says otherwise."""
        self.first, self.second = first, second
        kwargs["initial"] = {
            "survivor": str(preferred.pk),
            "first_version": first.edit_version,
            "second_version": second.edit_version,
        }
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["survivor"].choices = [(str(record.pk), record.numbered) for record in (first, second)]
        for name in self.differing():
            label = str(self._model_field(name).verbose_name)
            kept = FIRST if preferred is first else SECOND
            if not _stored(preferred, name):
                kept = SECOND if kept == FIRST else FIRST
            shown = [(FIRST, shown_value(first, name)), (SECOND, shown_value(second, name))]
            fields[name] = forms.ChoiceField(label=label, widget=forms.RadioSelect, choices=shown, initial=kept)
        if needs_reason(first, second):
            fields["reason"].required = True
            fields["reason"].error_messages["required"] = _(
                "사업자등록번호가 서로 다른 기업입니다. 같은 기업으로 보는 사유를 적어 주십시오."
            )

    def differing(self) -> list[str]:
        return [name for name in FIELDS[type(self.first)] if _stored(self.first, name) != _stored(self.second, name)]

    def _model_field(self, name: str) -> Any:
        return self.first._meta.get_field(name)

    @property
    def rows(self) -> list[Compared]:
        asked = self.differing()
        return [
            Compared(
                name,
                str(self._model_field(name).verbose_name),
                shown_value(self.first, name),
                shown_value(self.second, name),
                self[name] if name in asked else None,
            )
            for name in FIELDS[type(self.first)]
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if isinstance(self.first, Company) and not self.errors:
            left = [self._chosen(name) for name in ("business_number", "local_registration_number")]
            if not any(left):
                self.add_error(None, _("사업자등록번호나 현지 등록번호 가운데 하나는 남겨 주십시오."))
        return cleaned

    def _chosen(self, name: str) -> Any:
        """The value that the survivor will have."""
        return getattr(self.second if self.cleaned_data.get(name) == SECOND else self.first, name)

    @property
    def survivor_and_other(self) -> tuple[Any, Any]:
        stays = self.cleaned_data["survivor"] == str(self.first.pk)
        return (self.first, self.second) if stays else (self.second, self.first)

    def values(self) -> dict[str, Any]:
        return {name: self._chosen(name) for name in self.differing()}

    @property
    def seen(self) -> dict[int, int]:
        """Edit versions by primary key."""
        return {
            self.first.pk: self.cleaned_data["first_version"],
            self.second.pk: self.cleaned_data["second_version"],
        }

    @property
    def outcome(self) -> list[Compared]:
        """What the survivor will say, for the page that asks for the last time."""
        survivor, _other = self.survivor_and_other
        return [
            Compared(
                name,
                str(self._model_field(name).verbose_name),
                shown_value(survivor, name),
                shown_value(self.second if self.cleaned_data.get(name) == SECOND else self.first, name),
            )
            for name in FIELDS[type(self.first)]
        ]


def _stored(record: Any, name: str) -> Any:
    return getattr(record, record._meta.get_field(name).attname)


def shown_value(record: Any, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    return "" if value is None else str(value)
