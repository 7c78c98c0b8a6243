"""Two people at one record: a form that was filled in on an old page is shown again with what stands now."""

from typing import Any, cast

from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _


class EditedMeanwhile(Exception):
    """Someone saved the record since the form was opened; `current` is what stands now."""

    def __init__(self, current: Any, text: str = "") -> None:
        super().__init__(text or _("그사이 다른 사람이 고쳤습니다."))
        self.current = current


def now_seen(form: BaseForm, field: str, version: int) -> None:
    """Writes the current version into a bound form: sending it again replaces knowingly what is shown beside it."""
    data = cast(QueryDict, form.data).copy()
    data[field] = str(version)
    form.data = data
