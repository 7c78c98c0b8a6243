from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from cooperation_portal.network.related import hindrances


class Refusal(Exception):
    """It cannot be done as things stand; the text says why and what to do."""


class NumberTaken(Refusal):
    """A number that two records may not share was registered in this very moment."""


def check_not_merged(record: Any) -> None:
    if record.merged_into_id is not None:
        raise Refusal(
            _("이미 ‘%(name)s’(으)로 합쳐져 바꿀 수 없습니다. 그쪽을 고쳐 주십시오.") % {"name": record.merged_into}
        )


def check_nothing_hinders(record: Any, by: Any) -> None:
    left = hindrances(record, by)
    if left:
        named = ", ".join(_("%(label)s %(count)s건") % {"label": one.label, "count": one.count} for one in left)
        raise Refusal(_("아직 %(what)s이 남아 있어 사용을 중지할 수 없습니다. 먼저 정리해 주십시오.") % {"what": named})


@contextmanager
def one_number_each() -> Iterator[None]:
    """A form has looked already; here two people at once are told apart."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as broken:
        if not isinstance(broken.__cause__, UniqueViolation):
            raise
        raise NumberTaken(
            _("그사이 같은 번호가 등록되었습니다. 목록에서 찾아 고치거나 번호를 다시 확인해 주십시오.")
        ) from broken
