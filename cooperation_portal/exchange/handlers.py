"""Imports as kinds of work."""

from django.utils.translation import gettext_lazy as _

from cooperation_portal.exchange import kinds, staging, storing
from cooperation_portal.work.models import Queue
from cooperation_portal.work.registry import Kind


def _number(subject: str) -> str:
    return f"I-{int(subject):05d}"


KINDS = (
    Kind(
        kinds.READ_IMPORT,
        _("가져올 파일 읽기"),
        Queue.INTERACTIVE,
        staging.read_import,
        staging.store_reading,
        describe=_number,
    ),
    Kind(
        kinds.STORE_IMPORT,
        _("가져온 자료 저장"),
        Queue.INTERACTIVE,
        storing.prepare,
        storing.store_import,
        describe=_number,
    ),
)
