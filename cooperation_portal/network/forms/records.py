from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.doubles import Likeness
from cooperation_portal.shared.text import PlainCharField
from cooperation_portal.taxonomy.models import Country


class WebsiteField(forms.URLField):
    """An address written without https:// is completed."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": _("누리집 주소를 확인해 주십시오. https://www.example.com처럼 적습니다.")}
        super().__init__(assume_scheme="https", max_length=200, required=False, error_messages=messages, **kwargs)


class RecordForm(forms.Form):
    """What forms of institutions and companies share: the version that was seen, and the doubles that were."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    seen_doubles = PlainCharField(widget=forms.HiddenInput, required=False, max_length=200)
    names: tuple[str, ...] = ()  # fields that tell who it is

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        own = RecordForm.base_fields
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    @property
    def seen_version(self) -> int:
        return self.cleaned_data["edit_version"] or 0

    @property
    def is_named_anew(self) -> bool:
        return any(name in self.changed_data for name in self.names)

    def must_see(self, alike: Iterable[Likeness]) -> bool:
        """Whether there are doubles that the person has not been shown; from now on they count as shown."""
        shown = {str(likeness.record.pk) for likeness in alike}
        unseen = shown - set(self.cleaned_data["seen_doubles"].split(","))
        data = cast(QueryDict, self.data).copy()
        data["seen_doubles"] = ",".join(sorted(shown))
        self.data = data
        return bool(unseen)


def countries_to_choose(chosen: int | None) -> Any:
    """Those in use, and the one that the record had chosen before."""
    return Country.objects.filter(Q(retired_on__isnull=True) | Q(pk=chosen)).order_by("position", "name_ko")
