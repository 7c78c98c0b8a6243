"""A form that was filled in on an old page, shown again with what stands now."""

from typing import cast

from django.forms import Form
from django.http import QueryDict


def now_seen(form: Form, field: str, version: int) -> None:
    """Writes the current version into a bound form: sending it again replaces knowingly what is shown beside it."""
    data = cast(QueryDict, form.data).copy()
    data[field] = str(version)
    form.data = data
