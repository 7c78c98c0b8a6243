"""Mail as a kind of work."""

from django.utils.translation import gettext_lazy as _

from cooperation_portal.notices.models import Mail
from cooperation_portal.notices.services import SEND_MAIL, deliver, mark_sent
from cooperation_portal.work.models import Queue
from cooperation_portal.work.registry import Kind, Progress


def _send(subject: str, progress: Progress) -> None:
    mail = Mail.objects.filter(pk=subject, sent_at__isnull=True).first()
    if mail is not None:
        deliver(mail)


def _done(subject: str, result: None) -> None:
    mark_sent(int(subject))


SEND = Kind(SEND_MAIL, _("메일 발송"), Queue.INTERACTIVE, _send, _done)
