"""Every mail of the portal goes to the outbox first; a worker delivers it."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from cooperation_portal.notices.services import keep


class OutboxBackend(BaseEmailBackend):
    """Writes mail as rows in the caller's transaction: what is rolled back is never sent, what is committed always."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for recipient in message.recipients():
                keep(recipient=recipient, subject=str(message.subject), text=str(message.body), html=_html_of(message))
        return len(email_messages)


class KeptBackend(BaseEmailBackend):
    """Delivers nothing: in development mail is read at /dev/mail/."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)


def _html_of(message: EmailMessage) -> str:
    if isinstance(message, EmailMultiAlternatives):
        for alternative in message.alternatives:
            if alternative[1] == "text/html":
                return str(alternative[0])
    return ""
