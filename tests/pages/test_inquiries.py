"""문의: who may ask, who is told, who answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from cooperation_portal.notices.models import Mail
from cooperation_portal.pages import services
from cooperation_portal.pages.models import Inquiry, Office
from tests.people import make_inquiry, make_user

pytestmark = pytest.mark.django_db

ASKED = {
    "category": "programme",
    "subject": "신청 기간",
    "text": "하반기 과제는 언제까지 신청할 수 있습니까?",
    "name": "민채원",
    "email": "guest@elsewhere.example",
    "company": "민채원공방",
    "consent": "on",
    "website": "",
}


def ask(client: Any, **changed: Any) -> Any:
    return client.post(reverse("inquiry"), ASKED | changed)


def test_anybody_asks_and_the_office_is_told_without_the_text(client: Any) -> None:
    Office.objects.update(email="office@portal.example")
    answer = ask(client)
    assert answer.status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.name, inquiry.user, inquiry.state) == ("민채원", None, "received")
    assert inquiry.privacy is not None and inquiry.privacy.page.slug == "privacy"
    mail = Mail.objects.get()
    assert mail.recipient == "office@portal.example" and inquiry.number in mail.subject
    assert reverse("answer_inquiry", args=[inquiry.pk]) in mail.text and ASKED["text"] not in mail.text
    assert "문의를 접수했습니다." in client.get(answer["Location"]).content.decode()


def test_without_an_address_of_the_office_the_keepers_of_texts_are_told(client: Any, content_admin: Any) -> None:
    ask(client)
    assert [mail.recipient for mail in Mail.objects.all()] == [content_admin.email]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"category": ""}, "분류를 골라 주십시오."),
        ({"category": "evil"}, "category"),
        ({"subject": ""}, "제목을 한 줄로 적어 주십시오."),
        ({"text": "짧다"}, "10자 이상 적어 주십시오."),
        ({"name": ""}, "이름을 적어 주십시오."),
        ({"email": "x"}, "이메일 주소를 적어 주십시오."),
        ({"consent": ""}, "동의하지 않으시면 답변을 드릴 수 없습니다."),
        ({"text": "비밀\x07" * 10}, "제어 문자"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client: Any, changed: dict[str, str], said: str) -> None:
    answer = ask(client, **changed)
    shown = answer.content.decode()
    assert answer.status_code == 422 and said in shown and not Inquiry.objects.exists()
    assert "민채원공방" in shown


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_stored(client: Any) -> None:
    answer = ask(client, website="https://spam.example")
    assert answer.status_code == 302 and not Inquiry.objects.exists() and not Mail.objects.exists()


def test_the_trap_is_out_of_the_way_of_people(client: Any) -> None:
    shown = client.get(reverse("inquiry")).content.decode()
    assert 'class="cp-form__trap" aria-hidden="true"' in shown and 'tabindex="-1"' in shown


def test_too_many_within_an_hour_are_refused_with_words(client: Any) -> None:
    for _number in range(services.INQUIRIES_PER_HOUR):
        assert ask(client).status_code == 302
    answer = ask(client)
    assert answer.status_code == 429 and "한 시간 뒤에 다시 보내시거나" in answer.content.decode()
    assert ASKED["text"] in answer.content.decode()
    assert ask(client, email="x").status_code == 422, "what is wrong is not counted"
    assert client.post(reverse("inquiry"), ASKED, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert Inquiry.objects.count() == services.INQUIRIES_PER_HOUR + 1


def test_members_find_their_name_filled_in_and_their_inquiries_below(client: Any, member: Any, outsider: Any) -> None:
    client.force_login(member)
    shown = client.get(reverse("inquiry")).content.decode()
    assert member.name in shown and f'value="{member.email}"' in shown
    ask(client, subject="회원의 문의")
    make_inquiry(outsider, subject="남의 문의")
    mine = Inquiry.objects.get(subject="회원의 문의")
    services.answer(mine, text="이렇게 하십시오.", by=make_user("한서윤", "officer"))
    shown = client.get(reverse("inquiry")).content.decode()
    assert "회원의 문의" in shown and "이렇게 하십시오." in shown and "남의 문의" not in shown


def test_who_sees_which_inquiries(
    officer: Any, content_admin: Any, system_admin: Any, member: Any, outsider: Any
) -> None:
    from django.contrib.auth.models import AnonymousUser

    mine, guests = make_inquiry(member), make_inquiry()
    for person in (officer, content_admin):
        assert set(Inquiry.objects.visible_to(person)) == {mine, guests}
    assert list(Inquiry.objects.visible_to(member)) == [mine]
    for person in (outsider, system_admin, AnonymousUser()):
        assert not Inquiry.objects.visible_to(person).exists()


def test_an_answer_is_mailed_once_in_the_language_of_the_asker(client: Any, officer: Any, content_admin: Any) -> None:
    with translation.override("en"):
        inquiry = make_inquiry(subject="How to apply")
    Mail.objects.all().delete()
    client.force_login(officer)
    url = reverse("answer_inquiry", args=[inquiry.pk])
    assert "How to apply" in client.get(url).content.decode()
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "Please sign up first."}).status_code == 302
    mail = Mail.objects.get()
    assert mail.recipient == "guest@elsewhere.example" and "Please sign up first." in mail.text
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.answered_by, inquiry.language) == ("answered", officer, "en")

    client.force_login(content_admin)
    second = client.post(url, {"text": "Another answer."})
    assert second.status_code == 409 and f"이미 {officer} 님이 답변했습니다." in second.content.decode()
    assert Mail.objects.count() == 1 and "Please sign up first." in client.get(url).content.decode()


def test_the_list_is_filtered_and_searched(client: Any, officer: Any) -> None:
    first, second = make_inquiry(subject="가나다"), make_inquiry(subject="라마바", category="joining")
    services.answer(second, text="답", by=officer)
    client.force_login(officer)

    def found(**query: str) -> list[Any]:
        return list(client.get(reverse("inquiry_list"), query).context["page_obj"])

    assert found() == [second, first]
    assert found(state="received") == [first] and found(category="joining") == [second]
    assert found(q="라마") == [second] and found(q=first.number) == [first] and found(q="없는말") == []
    assert "답변을 기다리는 문의 1건" in client.get(reverse("inquiry_list")).content.decode()


@pytest.mark.parametrize("who", ["member", "system_admin"])
def test_others_do_not_answer(client: Any, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    inquiry = make_inquiry()
    assert client.get(reverse("inquiry_list")).status_code == 403
    assert client.post(reverse("answer_inquiry", args=[inquiry.pk]), {"text": "x"}).status_code == 403
    inquiry.refresh_from_db()
    assert not inquiry.is_answered
