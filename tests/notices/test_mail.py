"""Mail: written with what it tells of, delivered by the worker, told of when it cannot be delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction

from cooperation_portal.notices.models import Mail
from cooperation_portal.notices.services import SEND_MAIL, keep, notify
from cooperation_portal.work.models import MAX_ATTEMPTS, Work
from tests.notices.smtp import MailServer
from tests.people import make_demand, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "cooperation_portal.notices.backends.OutboxBackend"  # tests put Django's own in its place


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    running = MailServer()
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
    yield running
    running.stop()


# --- writing ----------------------------------------------------------------------------------------------------------


def test_mail_becomes_a_row_and_a_piece_of_work(server: MailServer) -> None:
    send_mail("제목", "본문", None, ["a@b.example", "c@d.example"])
    assert set(Mail.objects.values_list("recipient", "subject", "text")) == {
        ("a@b.example", "제목", "본문"),
        ("c@d.example", "제목", "본문"),
    }
    subjects = set(Work.objects.filter(kind=SEND_MAIL, state="waiting").values_list("subject", flat=True))
    assert subjects == {str(pk) for pk in Mail.objects.values_list("pk", flat=True)}
    assert server.received == []


def test_copies_go_to_everyone_and_html_is_kept() -> None:
    message = EmailMultiAlternatives("제목", "본문", None, ["a@b.example"], cc=["c@b.example"], bcc=["d@b.example"])
    message.attach_alternative("<p>본문</p>", "text/html")
    message.send()
    assert sorted(Mail.objects.values_list("recipient", "html")) == [
        (f"{name}@b.example", "<p>본문</p>") for name in "acd"
    ]


def test_what_is_rolled_back_was_never_written() -> None:
    with transaction.atomic():
        send_mail("제목", "본문", None, ["a@b.example"])
        assert Mail.objects.count() == Work.objects.count() == 1
        transaction.set_rollback(True)
    assert not Mail.objects.exists() and not Work.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_failing_request_wrote_is_gone() -> None:
    @transaction.atomic
    def request() -> None:
        keep(recipient="a@b.example", subject="제목", text="본문")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        request()
    assert not Mail.objects.exists() and not Work.objects.exists()


def test_one_event_is_one_mail_for_each_person() -> None:
    first = keep(recipient="a@b.example", subject="하나", text="", event="release:1")
    assert keep(recipient="a@b.example", subject="둘", text="", event="release:1") is None
    assert keep(recipient="c@b.example", subject="셋", text="", event="release:1") is not None
    assert keep(recipient="a@b.example", subject="넷", text="", event="release:2") is not None
    assert first is not None and Mail.objects.count() == Work.objects.count() == 3


def test_mails_without_an_event_are_all_kept() -> None:
    for _number in range(2):
        keep(recipient="a@b.example", subject="같은 제목", text="같은 본문")
    assert Mail.objects.values("message_id").distinct().count() == 2


@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_line_break_in_a_subject_begins_no_header(server: MailServer, scored: Callable[[], int], break_: str) -> None:
    keep(recipient="a@b.example", subject=f"제목{break_}Bcc: evil@b.example{break_}{break_}본문 아닌 것", text="본문")
    scored()
    [received] = server.received
    assert received["Bcc"] is None
    assert received["Subject"].strip() == "제목 Bcc: evil@b.example 본문 아닌 것"
    assert received.get_content().strip() == "본문"


def test_line_break_in_the_title_of_a_demand_is_harmless(
    server: MailServer, scored: Callable[[], int], officer: Any
) -> None:
    demand = make_demand(title="제목\r\nBcc: evil@b.example")
    reader = make_user("김\r\nBcc: evil@b.example")
    notify([reader], "assigned", {"demand": demand, "by": officer}, event="assignment:1")
    scored()
    assert [(mail["To"], mail["Bcc"]) for mail in server.received] == [(reader.email, None)]


def test_long_subject_is_cut_and_not_refused() -> None:
    assert keep(recipient="a@b.example", subject="가" * 400, text="").subject == "가" * 255  # type: ignore[union-attr]


# --- delivering -------------------------------------------------------------------------------------------------------


def test_delivered_mail_reads_as_written_and_is_marked(server: MailServer, scored: Callable[[], int]) -> None:
    mail = keep(
        recipient="a@b.example",
        subject="추천 기술 2건",
        text="안녕하십니까.\n.점으로 시작하는 줄\n끝",
        html="<p>안녕</p>",
    )
    scored()
    [received] = server.received
    assert (received["To"], received["Subject"], received["From"]) == (
        "a@b.example",
        "추천 기술 2건",
        "portal@localhost",
    )
    plain, html = received.get_body(("plain",)), received.get_body(("html",))
    assert plain is not None and html is not None
    assert plain.get_content().splitlines() == ["안녕하십니까.", ".점으로 시작하는 줄", "끝"]
    assert html.get_content().strip() == "<p>안녕</p>"
    mail.refresh_from_db()  # type: ignore[union-attr]
    assert mail is not None and mail.sent_at is not None and received["Message-ID"] == mail.message_id


def test_mail_is_delivered_once_however_often_it_is_asked_for(server: MailServer, scored: Callable[[], int]) -> None:
    from cooperation_portal.work.services import enqueue

    mail = keep(recipient="a@b.example", subject="제목", text="본문")
    scored()
    enqueue(SEND_MAIL, mail.pk)  # type: ignore[union-attr]
    scored()
    assert len(server.received) == 1


def test_second_attempt_carries_the_same_message_id(server: MailServer, scored: Callable[[], int]) -> None:
    server.breaks_off = 1
    mail = keep(recipient="a@b.example", subject="제목", text="본문")
    scored()
    assert [received["Message-ID"] for received in server.received] == [mail.message_id] * 2  # type: ignore[union-attr]
    mail.refresh_from_db()  # type: ignore[union-attr]
    assert mail.sent_at is not None  # type: ignore[union-attr]


def test_server_that_is_down_is_tried_again_then_told_to_the_administrator_who_may_retry(
    server: MailServer, scored: Callable[[], int], client: Any, system_admin: Any
) -> None:
    port = server.port
    server.stop()
    mail = keep(recipient="secret@b.example", subject="비밀 제목", text="비밀 본문")
    assert mail is not None
    scored()
    row = Work.objects.get(kind=SEND_MAIL)
    assert (row.state, row.attempt) == ("failed", MAX_ATTEMPTS)
    assert row.cause == "ConnectionRefusedError"

    client.force_login(system_admin)
    page = client.get("/work/failed/").content.decode()
    assert "메일 발송" in page and "ConnectionRefusedError" in page
    assert "secret@b.example" not in page and "비밀 제목" not in page

    again = MailServer(port)
    try:
        client.post(f"/work/failed/{row.pk}/retry/")
        scored()
    finally:
        again.stop()
    assert [received["Message-ID"] for received in again.received] == [mail.message_id]
    assert "메일 발송" not in client.get("/work/failed/").content.decode()


def test_mail_that_was_deleted_is_no_failure(server: MailServer, scored: Callable[[], int]) -> None:
    keep(recipient="a@b.example", subject="제목", text="본문")
    Mail.objects.all().delete()
    scored()
    assert Work.objects.get().state == "done" and server.received == []


def test_address_of_a_person_is_in_no_log_of_a_row() -> None:
    assert "a@b.example" not in repr(keep(recipient="a@b.example", subject="제목", text="본문"))


# --- mail of a portal without a mail server ---------------------------------------------------------------------------


def test_kept_mail_is_read_in_development(client: Any, settings: Any) -> None:
    assert "보낸 메일이 없습니다." in client.get("/dev/mail/").content.decode()
    mail = keep(
        recipient="a@b.example", subject="<b>제목</b>", text="http://localhost:8000/x\n<script>alert(1)</script>"
    )
    assert mail is not None
    listed = client.get("/dev/mail/?page=999").content.decode()
    assert "&lt;b&gt;제목&lt;/b&gt;" in listed and "<b>제목" not in listed
    page = client.get(f"/dev/mail/{mail.pk}/").content.decode()
    assert 'href="http://localhost:8000/x"' in page and "<script>alert" not in page
    assert client.get("/dev/mail/999999/").status_code == 404


def test_message_without_a_recipient_is_nothing() -> None:
    assert EmailMessage("제목", "본문", None, []).send() == 0
    assert not Mail.objects.exists()
