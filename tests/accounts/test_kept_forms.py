"""A session that ends in the middle of a form, or a browser that is closed, costs nothing that was typed."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation_portal.accounts import kept_forms
from cooperation_portal.accounts.models import KEPT_CHARACTERS, KeptForm
from cooperation_portal.accounts.tasks import sweep_kept_forms
from tests.people import make_user

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "저온 질화 기술을 찾습니다",
    "problem": "기어 변형 없이 500 ℃ 이하에서 질화해야 합니다. 꼭 필요합니다.",
}


def expire(client: Client) -> None:
    """As if the session had run out: its cookie is worthless, every other cookie stays."""
    client.session.flush()
    del client.cookies["session"]


def test_the_same_person_finds_what_was_typed(officer):
    client = Client()
    client.force_login(officer)
    client.get(reverse("add_demand"))
    expire(client)
    answer = client.post(reverse("add_demand"), TYPED)
    assert answer.status_code == 302
    assert answer.url.endswith(f"?next={reverse('add_demand')}")
    client.force_login(officer)
    page = client.get(reverse("add_demand")).content.decode()
    assert TYPED["title"] in page
    assert TYPED["problem"] in page
    assert "저장되지 않은 내용" in page
    assert TYPED["title"] not in client.get(reverse("add_demand")).content.decode()


def test_another_person_at_the_same_computer_does_not(officer):
    client = Client()
    client.force_login(officer)
    client.get("/")
    expire(client)
    client.post(reverse("add_demand"), TYPED)
    client.force_login(make_user("문태호", "officer"))
    assert TYPED["title"] not in client.get(reverse("add_demand")).content.decode()


def test_signing_out_forgets_the_person(officer):
    client = Client()
    client.force_login(officer)
    client.get("/")
    client.post(reverse("account_logout"))
    client.post(reverse("add_demand"), TYPED)
    client.force_login(officer)
    assert TYPED["title"] not in client.get(reverse("add_demand")).content.decode()


# --- kept while it is typed -------------------------------------------------------------------------------------------

FORMSET = {
    "metrics-TOTAL_FORMS": "2",
    "metrics-INITIAL_FORMS": "0",
    "metrics-1-name": "두께",
    "metrics-1-value": "0.05",
}


@pytest.fixture
def client(client, officer):
    client.force_login(officer)
    return client


def autosave(client, path=None, **fields):
    body = urlencode(fields or TYPED | FORMSET, doseq=True)
    return client.post(reverse("autosave"), {"path": path or reverse("add_demand"), "body": body})


def test_what_is_typed_outlives_the_browser(client, officer):
    answer = autosave(client)
    assert answer.json()["saved_at"] == timezone.localtime(KeptForm.objects.get().saved_at).strftime("%H:%M")
    client.post(reverse("account_logout"))
    elsewhere = Client()
    elsewhere.force_login(officer)
    page = elsewhere.get(reverse("add_demand"))
    html = page.content.decode()
    assert TYPED["title"] in html and TYPED["problem"] in html
    assert page.context["metrics"][1]["name"].value() == "두께"
    assert "임시 저장한 내용을 다시 보여 드립니다." in html and "불러온 내용 버리기" in html
    assert TYPED["title"] in elsewhere.get(reverse("add_demand")).content.decode(), "until it is saved or thrown away"


def test_nobody_else_is_given_it(client, officer, system_admin):
    autosave(client)
    for person in (make_user("문태호", "officer"), system_admin):
        other = Client()
        other.force_login(person)
        assert TYPED["title"] not in other.get(reverse("add_demand")).content.decode()
        assert not KeptForm.objects.visible_to(person).exists()
        other.post(reverse("autosave"), {"path": reverse("add_demand"), "forget": "1"})
    assert KeptForm.objects.visible_to(officer).count() == 1, "nor may others throw it away"


def test_of_one_page_only_the_last_is_kept(client):
    autosave(client, title="첫째")
    autosave(client, title="둘째")
    autosave(client, "/demands/", q="다른 화면")
    assert KeptForm.objects.count() == 2
    html = client.get(reverse("add_demand")).content.decode()
    assert "둘째" in html and "첫째" not in html


def test_saving_the_form_forgets_what_was_kept(client, company):
    page = client.get(reverse("add_demand")).context["form"]
    values = {name: page[name].value() for name in page.fields if page[name].value() is not None}
    values |= TYPED | {"company": company.pk, "metrics-TOTAL_FORMS": "0", "metrics-INITIAL_FORMS": "0"}
    autosave(client, **values)
    assert client.post(reverse("add_demand"), values | {"title": ""}).status_code == 422
    assert KeptForm.objects.exists(), "what is wrong is not saved, and so not forgotten"
    assert client.post(reverse("add_demand"), values).status_code == 302
    assert not KeptForm.objects.exists()


def test_it_may_be_thrown_away(client):
    autosave(client)
    address = reverse("add_demand") + "?from=list"
    answer = client.post(reverse("autosave"), {"path": address, "forget": "1"})
    assert answer.url == address
    assert TYPED["title"] not in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "demands/new/",
        "//evil.example/",
        "https://evil.example/demands/new/",
        "/nowhere/",
        "/\\evil.example",
        "/" + "a" * 400,
    ],
)
def test_only_pages_of_the_portal_are_kept_and_led_to(client, path):
    assert client.post(reverse("autosave"), {"path": path, "body": "title=x"}).status_code == 422
    assert client.post(reverse("autosave"), {"path": path, "forget": "1"}).url == "/"
    assert not KeptForm.objects.exists()


def test_too_much_is_refused_and_by_the_database_too(client, officer):
    assert autosave(client, title="가" * 100_000).status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptForm.objects.create(user=officer, path="/", body="x" * (KEPT_CHARACTERS + 1))
    assert not KeptForm.objects.exists()


def test_passwords_and_tokens_are_not_kept(client):
    autosave(client, title="x", csrfmiddlewaretoken="secret1", password="secret2", new_password1="secret3")
    assert KeptForm.objects.get().body == "title=x"


def test_a_person_keeps_a_limited_number_of_pages(client, officer):
    for number in range(55):
        kept_forms.save(officer, path=f"/demands/{number}/", body="q=x")
    assert KeptForm.objects.count() == 50
    assert (
        not KeptForm.objects.filter(path="/demands/0/").exists()
        and KeptForm.objects.filter(path="/demands/54/").exists()
    )


def test_what_nobody_came_back_for_is_swept_away(client, officer):
    autosave(client)
    kept_forms.save(officer, path="/demands/", body="q=x")
    KeptForm.objects.filter(path="/demands/").update(saved_at=timezone.now() - timedelta(days=31))
    sweep_kept_forms()
    assert KeptForm.objects.get().path == reverse("add_demand")


def test_what_is_typed_after_the_session_ended_comes_back_after_the_sign_in(client, officer):
    client.get(reverse("add_demand"))
    expire(client)
    assert autosave(client).status_code == 302, "to the sign-in: the page says that nothing was kept"
    client.force_login(officer)
    assert TYPED["title"] in client.get(reverse("add_demand")).content.decode()


def test_guests_keep_nothing():
    assert autosave(Client()).status_code == 302
    assert not KeptForm.objects.exists()
