"""How many rows each choice of a filter would leave, so that nobody chooses the way to an empty list."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, F


class CountedFilterSet(django_filters.FilterSet):
    """`counted` maps a filter of choices to what it compares: a field, or an expression over a row."""

    counted: dict[str, Any] = {}

    def count_choices(self) -> None:
        """Writes the numbers beside the choices and takes those away that lead nowhere; one query for each filter."""
        if not self.is_bound:
            raise ValueError("Only what was asked for can be counted.")
        chosen = {name: self.form.cleaned_data.get(name) for name in self.form.fields if not self.errors.get(name)}
        for name in self.counted:
            counts = self.counts_of(name)
            self.form.fields[name].choices = [
                (code, f"{label} ({counts.get(code, 0)})")
                for code, label in self.filters[name].extra["choices"]
                if counts.get(code) or code == chosen.get(name)
            ]

    def filter_queryset(self, queryset: Any, without: str = "") -> Any:
        """The rows under every condition but one."""
        for name, value in self.form.cleaned_data.items():
            if name != without:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def counts_of(self, name: str) -> dict[str, int]:
        compared = self.counted[name]
        expression = F(compared) if isinstance(compared, str) else compared
        rows = self.filter_queryset(self.queryset.all(), without=name).order_by().annotate(compared=expression)
        return dict(rows.values_list("compared").annotate(Count("pk")))
