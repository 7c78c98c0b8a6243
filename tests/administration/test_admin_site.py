"""Django's admin site: what is registered, who may use it, and what it never does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cooperation_portal.accounts.models import Grant, User
from cooperation_portal.home.administration import site
from cooperation_portal.pages import queries
from cooperation_portal.taxonomy.models import Programme, TechnologyField
from tests.contracts.test_visible_to import faults
from tests.people import make_user

pytestmark = pytest.mark.django_db

NO_GRANTS = {"grants-TOTAL_FORMS": "0", "grants-INITIAL_FORMS": "0"}


@pytest.fixture
def admin(client: Any, system_admin: Any) -> Any:
    client.force_login(system_admin)
    return client


def test_accounts_vocabularies_and_settings_are_registered_and_nothing_else() -> None:
    assert {model._meta.label for model in site._registry} == {
        "accounts.User",
        "accounts.Grant",
        "account.EmailAddress",
        "taxonomy.TechnologyField",
        "taxonomy.Industry",
        "taxonomy.Region",
        "taxonomy.Country",
        "taxonomy.Programme",
        "pages.Office",
    }


def test_django_s_own_site_is_empty_and_has_no_address() -> None:
    from django.contrib import admin
    from django.urls import get_resolver

    assert not admin.site._registry
    sites = [pattern for pattern in get_resolver().url_patterns if getattr(pattern, "app_name", "") == "admin"]
    assert [str(pattern.pattern) for pattern in sites] == ["django-admin/"]


@pytest.mark.parametrize("who", ["officer", "content_admin", "member", None])
def test_others_stay_outside(client: Any, request: pytest.FixtureRequest, who: str | None) -> None:
    urls = [reverse("admin:index"), reverse("admin:accounts_user_changelist"), reverse("admin:accounts_user_add")]
    if who is None:
        for url in urls:
            assert client.get(url)["Location"] == f"{reverse('account_login')}?next={url}"
        return
    client.force_login(request.getfixturevalue(who))
    assert [client.get(url).status_code for url in urls] == [403] * len(urls)


@pytest.mark.parametrize("ending", ["today", "never"])
def test_an_ended_role_opens_nothing(client: Any, ending: str) -> None:
    person = make_user(role="system_admin")
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    Grant.objects.filter(user=person).update(
        starts_on=yesterday, ends_on=yesterday if ending == "never" else timezone.localdate()
    )
    client.force_login(person)
    assert client.get(reverse("admin:index")).status_code == (200 if ending == "today" else 403)


def test_signing_in_and_passwords_are_left_to_the_portal(admin: Any) -> None:
    for name in ("login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}")
    page = admin.get(reverse("admin:index")).content.decode()
    assert reverse("account_logout") in page and reverse("account_change_password") in page


def test_nothing_can_be_deleted(admin: Any, officer: Any) -> None:
    for model in site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_delete", args=[1])
        page = admin.get(reverse(f"admin:{name}_changelist")).content.decode()
        assert "delete_selected" not in page
    admin.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "delete_selected", "_selected_action": [officer.pk], "post": "yes"},
    )
    assert User.objects.filter(pk=officer.pk).exists()


def test_pages_keep_to_the_content_security_policy(admin: Any, officer: Any) -> None:
    urls = [reverse("admin:index"), reverse("admin:accounts_user_add"), reverse("admin:jsi18n")]
    for model in site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        assert row is not None, name
        urls += [reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_change", args=[row.pk]),
                 reverse(f"admin:{name}_history", args=[row.pk])]  # fmt: skip
    for url in urls:
        answer = admin.get(url)
        assert answer.status_code == 200, url
        if "html" in answer["Content-Type"]:
            assert faults(answer.content.decode()) - {"links to a script"} == set(), url
        assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_labels_are_korean(admin: Any) -> None:
    page = admin.get(reverse("admin:index")).content.decode()
    for word in (
        "계정·분류·설정",
        "사용자",
        "권한",
        "기술분야",
        "업종",
        "권역",
        "국가",
        "사업",
        "기관 정보",
        "로그아웃",
    ):
        assert word in page, word
    for name in ("accounts_user", "account_emailaddress"):
        page = admin.get(reverse(f"admin:{name}_changelist")).content.decode()
        assert "를(을)" not in page and "변경할" not in page


# --- accounts ---------------------------------------------------------------------------------------------------------


def add_user(admin: Any, **changed: Any) -> Any:
    data = {"email": "new@portal.example", "name": "새 담당자", "language": "ko", **NO_GRANTS} | changed
    return admin.post(reverse("admin:accounts_user_add"), data)


def test_a_new_account_gets_a_mail_and_no_password(
    admin: Any, system_admin: Any, client: Any, mailoutbox: list[Any]
) -> None:
    granted = {
        "grants-TOTAL_FORMS": "1",
        "grants-0-role": "officer",
        "grants-0-starts_on": str(timezone.localdate()),
        "grants-0-reason": "인사 발령",
    }
    assert "password" not in admin.get(reverse("admin:accounts_user_add")).content.decode().split("<form")[2]
    assert add_user(admin, **granted).status_code == 302
    person = User.objects.get(email="new@portal.example")
    assert not person.has_usable_password() and person.roles == {"officer"}
    assert person.grants.get().granted_by == system_admin
    assert EmailAddress.objects.get(user=person).verified
    assert [mail.to for mail in mailoutbox] == [["new@portal.example"]]
    link = re.search(r"https?://\S+/password/reset/key/\S+", str(mailoutbox[0].body))
    assert link is not None

    admin.logout()
    form = client.get(link[0], follow=True)
    url = form.redirect_chain[-1][0]
    secret = "아무도 모르는 긴 문장 하나"
    client.post(url, {"password1": secret, "password2": secret})
    client.post(reverse("account_login"), {"login": "new@portal.example", "password": secret})
    assert client.get("/demands/").status_code == 200


def test_a_role_needs_a_reason(admin: Any) -> None:
    answer = add_user(
        admin, **{"grants-TOTAL_FORMS": "1", "grants-0-role": "officer", "grants-0-starts_on": "2026-01-01"}
    )
    assert answer.status_code == 200 and not User.objects.filter(email="new@portal.example").exists()


def test_an_address_has_one_account(admin: Any, officer: Any) -> None:
    answer = add_user(admin, email=officer.email.upper())
    assert answer.status_code == 200 and "이미 계정이 있는 이메일 주소입니다." in answer.content.decode()


def test_a_password_is_neither_shown_nor_typed_and_a_mail_can_be_sent_again(
    admin: Any, officer: Any, mailoutbox: list[Any]
) -> None:
    officer.set_password("비밀번호 하나 둘 셋 넷")
    officer.save()
    page = admin.get(reverse("admin:accounts_user_change", args=[officer.pk])).content.decode()
    assert "argon2" not in page and 'type="password"' not in page
    before = User.objects.get(pk=officer.pk).password
    data = {
        "name": "고친 이름",
        "language": "en",
        "is_active": "on",
        "password": "x",
        "email": "evil@b.example",
        **NO_GRANTS,
    }
    assert admin.post(reverse("admin:accounts_user_change", args=[officer.pk]), data).status_code == 302
    officer.refresh_from_db()
    assert (officer.name, officer.password, officer.email != "evil@b.example") == ("고친 이름", before, True)
    admin.post(
        reverse("admin:accounts_user_changelist"), {"action": "send_password_mail", "_selected_action": [officer.pk]}
    )
    assert mailoutbox[0].to == [officer.email] and "/password/reset/key/" in str(mailoutbox[0].body)


def test_an_account_is_switched_off_and_its_sessions_end(admin: Any, officer: Any) -> None:
    theirs = type(admin)()
    theirs.force_login(officer)
    assert theirs.get("/demands/").status_code == 200
    admin.post(
        reverse("admin:accounts_user_change", args=[officer.pk]), {"name": officer.name, "language": "ko", **NO_GRANTS}
    )
    assert theirs.get("/demands/").status_code == 302


def test_nobody_locks_oneself_out(admin: Any, system_admin: Any) -> None:
    answer = admin.post(
        reverse("admin:accounts_user_change", args=[system_admin.pk]), {"name": "x", "language": "ko", **NO_GRANTS}
    )
    assert "스스로 중지할 수 없습니다." in answer.content.decode()
    own = system_admin.grants.get()
    answer = admin.post(reverse("admin:accounts_grant_change", args=[own.pk]), {"ends_on": str(timezone.localdate())})
    assert "스스로 끝낼 수 없습니다." in answer.content.decode()
    system_admin.refresh_from_db()
    assert system_admin.is_active and system_admin.grants.get().ends_on is None


def test_a_grant_is_ended_and_never_turned_into_another(admin: Any, officer: Any) -> None:
    grant = officer.grants.get()
    url = reverse("admin:accounts_grant_change", args=[grant.pk])
    admin.post(url, {"ends_on": str(timezone.localdate()), "role": "system_admin", "reason": "다른 까닭", "user": "1"})
    grant.refresh_from_db()
    assert (grant.role, grant.reason, grant.ends_on) == ("officer", "시험", timezone.localdate())
    answer = admin.post(url, {"ends_on": "1999-01-01"})
    assert answer.status_code == 200


def test_a_role_is_given_once_at_a_time(admin: Any, officer: Any) -> None:
    data = {"user": officer.pk, "role": "officer", "starts_on": "2026-01-01", "reason": "또"}
    assert admin.post(reverse("admin:accounts_grant_add"), data).status_code == 200
    assert officer.grants.count() == 1
    assert admin.post(reverse("admin:accounts_grant_add"), data | {"role": "content_admin"}).status_code == 302


def test_addresses_are_looked_at_and_confirmations_sent_again(admin: Any, officer: Any, mailoutbox: list[Any]) -> None:
    address = EmailAddress.objects.create(user=officer, email="second@portal.example", verified=False, primary=False)
    url = reverse("admin:account_emailaddress_change", args=[address.pk])
    assert admin.post(url, {"verified": "on"}).status_code == 405
    page = admin.get(url).content.decode()
    assert 'name="verified"' not in page
    admin.post(
        reverse("admin:account_emailaddress_changelist"),
        {"action": "send_confirmation", "_selected_action": [address.pk]},
    )
    assert [mail.to for mail in mailoutbox] == [["second@portal.example"]]


# --- vocabularies, settings, history ----------------------------------------------------------------------------------


def test_a_term_keeps_its_code_and_is_retired(admin: Any) -> None:
    term = TechnologyField.objects.get(code="0103")
    url = reverse("admin:taxonomy_technologyfield_change", args=[term.pk])
    data = {
        "code": "9999",
        "name_ko": "고친 말",
        "name_en": "x",
        "position": "1",
        "parent": term.parent_id,
        "retired_on": "2026-01-01",
    }
    assert admin.post(url, data).status_code == 302
    term.refresh_from_db()
    assert (term.code, term.name_ko, str(term.retired_on)) == ("0103", "고친 말", "2026-01-01")


def test_countries_of_a_programme_stay_as_they_are(admin: Any) -> None:
    programme = Programme.objects.exclude(countries=None).first()
    assert programme is not None
    before = set(programme.countries.all())
    url = reverse("admin:taxonomy_programme_change", args=[programme.pk])
    assert next(iter(before)).name_ko in admin.get(url).content.decode()
    admin.post(url, {"name_ko": "고친 사업", "name_en": "x", "position": "1", "countries": []})
    programme.refresh_from_db()
    assert programme.name_ko == "고친 사업" and set(programme.countries.all()) == before


def test_the_office_is_one_row_that_is_shown_at_once(admin: Any, django_capture_on_commit_callbacks: Any) -> None:
    assert queries.frame().phone == ""
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.post(reverse("admin:pages_office_change", args=[1]), {"phone": "02-1234-5678"})
    assert answer.status_code == 302 and queries.frame().phone == "02-1234-5678"
    wrong = admin.post(reverse("admin:pages_office_change", args=[1]), {"business_number": "1234567890"})
    assert "사업자등록번호가 맞지 않습니다." in wrong.content.decode()
    with pytest.raises(NoReverseMatch):
        reverse("admin:pages_office_add")


def test_changes_are_in_the_history_with_who_and_where_and_in_no_other_log(
    admin: Any, system_admin: Any, officer: Any
) -> None:
    url = reverse("admin:accounts_user_change", args=[officer.pk])
    admin.post(url, {"name": "고친 이름", "language": "ko", "is_active": "on", **NO_GRANTS})
    written = officer.events.latest("pgh_id")
    assert (written.pgh_context["user"], written.pgh_context["url"], written.name) == (
        system_admin.pk,
        url,
        "고친 이름",
    )
    page = admin.get(reverse("admin:accounts_user_history", args=[officer.pk])).content.decode()
    assert "한서윤" in page and "고친 이름" in page and system_admin.name in page and "argon2" not in page
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("key", ["999999", "x", "1" * 30, "1 or 1=1"])
def test_a_record_that_does_not_exist(admin: Any, key: str) -> None:
    for view in ("change", "history"):
        assert admin.get(reverse(f"admin:accounts_user_{view}", args=[key])).status_code == 404
