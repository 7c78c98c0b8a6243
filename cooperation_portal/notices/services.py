"""Writing mail to the outbox and delivering it."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from cooperation_portal.accounts.middleware import offered_language
from cooperation_portal.notices.models import Mail
from cooperation_portal.work.services import enqueue

SEND_MAIL = "send_mail"


@transaction.atomic
def keep(*, recipient: str, subject: str, text: str, html: str = "", event: str = "") -> Mail | None:
    """Puts one mail into the outbox. None when the same event was already written to this recipient."""
    fields = {
        "subject": " ".join(subject.split())[:255],  # a line break would begin a new header
        "text": text,
        "html": html,
        "message_id": make_msgid(domain="portal"),
    }
    if event:
        mail, created = Mail.objects.get_or_create(event=event, recipient=recipient, defaults=fields)
        if not created:
            return None
    else:
        mail = Mail.objects.create(recipient=recipient, **fields)
    enqueue(SEND_MAIL, mail.pk)
    return mail


def notify(people: Iterable[Any], template: str, context: dict[str, Any], *, event: str) -> None:
    """Writes `email/<template>.{subject,body}.txt` to each person in that person's language."""
    for person in people:
        with translation.override(offered_language(person.language)):
            full = {
                **context,
                "recipient_name": person.name,
                "portal_url": settings.PORTAL_URL,
                "portal_name": _portal_name(),
            }
            keep(
                recipient=person.email,
                subject=render_to_string(f"email/{template}.subject.txt", full),
                text=render_to_string(f"email/{template}.body.txt", full),
                event=event,
            )


def _portal_name() -> str:
    return settings.PORTAL_NAME_KO if translation.get_language() == "ko" else settings.PORTAL_NAME_EN


def deliver(mail: Mail) -> None:
    """Hands the mail to the mail server. Raises what the server's refusal raises."""
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.recipient],
        headers=mail.headers(),
        connection=get_connection(settings.MAIL_DELIVERY_BACKEND),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()


def mark_sent(mail_id: int) -> None:
    Mail.objects.filter(pk=mail_id, sent_at__isnull=True).update(sent_at=timezone.now())
