"""The pages of an import as a person meets them."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cooperation_portal.exchange.models import Import
from cooperation_portal.network.models import Institution
from tests.exchange.conftest import file_of
from tests.exchange.spreadsheets import line, table, text, xlsx
from tests.people import make_user

pytestmark = pytest.mark.django_db

NAMES = ["기관 번호", "이름", "종류"]


@pytest.fixture
def admin(client, content_admin):
    client.force_login(content_admin)
    return client


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def detail(run) -> str:
    return reverse("import_detail", kwargs={"pk": run.pk})


def test_a_person_uploads_looks_and_stores(admin, work):
    page = admin.get(reverse("new_import"))
    assert page.status_code == 200
    answer = admin.post(reverse("new_import"), {"places": SimpleUploadedFile("기관.csv", text(table(line(1))))})
    run = Import.objects.get()
    assert answer["Location"] == detail(run)
    assert "차례를 기다리고" in words(admin.get(detail(run)))
    work()
    preview = admin.get(detail(run))
    assert "오류가 없습니다. 1행을 한꺼번에 저장합니다." in words(preview)
    admin.post(reverse("confirm_import", kwargs={"pk": run.pk}), {"preview": "1", "rows": "all"})
    assert "저장" in words(admin.get(detail(run))) and not Institution.objects.exists()
    work()
    done = admin.get(detail(run))
    assert "저장을 마쳤습니다" in words(done) and "시험 기관 목록 보기" in words(done)
    assert Institution.objects.count() == 1


def test_the_upload_page_says_the_order_the_limits_and_gives_templates(admin):
    page = admin.get(reverse("new_import"))
    told = words(page)
    assert told.index("시험 기관") < told.index("시험 이름")
    assert "20 MB" in told and "100,000줄" in told
    for name in ("places", "names"):
        assert reverse("import_template", kwargs={"name": name}) in page.content.decode()


def test_a_person_sees_only_the_kinds_that_the_person_may_bring(client, officer):
    client.force_login(officer)
    told = words(client.get(reverse("new_import")))
    assert "시험 기관" in told and "시험 이름" not in told
    assert client.get(reverse("import_template", kwargs={"name": "names"})).status_code == 404


def test_a_kind_that_the_person_may_not_bring_is_not_taken_from_the_form(client, officer):
    client.force_login(officer)
    upload = {"names": SimpleUploadedFile("a.csv", text([NAMES, ["00001", "ИМ", ""]]))}
    assert client.post(reverse("new_import"), upload).status_code == 422
    assert not Import.objects.exists()


def test_a_wrong_file_is_said_beside_its_field(admin):
    answer = admin.post(reverse("new_import"), {"places": SimpleUploadedFile("기관.xlsx", b"MZ\x90\x00" + bytes(99))})
    assert answer.status_code == 422
    assert "XLSX 또는 CSV 파일만" in words(answer)


def test_who_chose_several_files_is_told_to_choose_all_of_them_again(admin):
    right = SimpleUploadedFile("이름.csv", text([NAMES, ["00001", "ИМ", ""]]))
    wrong = SimpleUploadedFile("기관.xlsx", b"MZ\x90\x00" + bytes(99))
    answer = admin.post(reverse("new_import"), {"places": wrong, "names": right})
    assert answer.status_code == 422
    assert "다른 칸의 파일도 함께 다시 골라" in words(answer)


def test_an_upload_beyond_the_limit_is_cut_off_and_said(admin, monkeypatch):
    from cooperation_portal.files import uploads

    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 100_000)
    answer = admin.post(reverse("new_import"), {"places": SimpleUploadedFile("기관.csv", b"a" * 300_000)})
    assert answer.status_code == 422
    assert "20 MB까지" in words(answer)
    assert not Import.objects.exists()


def test_a_wrong_row_is_named_by_row_column_and_heading(admin, upload):
    run = upload(xlsx(table(line(1), line(2, 인원="많음"))))
    told = words(admin.get(detail(run)))
    assert "3행 · I열 ‘인원’ : ‘많음’은(는) 숫자가 아닙니다." in told
    assert "맞는 행만 저장" in told and "고쳐서 다시 올리기" in told
    new = words(admin.get(detail(run), {"state": "new"}))
    assert "시험 연구소 1" in new


def test_a_changed_row_shows_old_and_new(admin, upload, stored):
    stored(upload(xlsx(table(line(1)))))
    run = upload(xlsx(table(line(1, 도시="카잔", 인원=None))))
    told = words(admin.get(detail(run), {"state": "changed"}))
    assert "도시 지금 모스크바 → 저장한 뒤 카잔" in told
    assert "인원 지금 120 → 저장한 뒤 빈칸" in told


def test_rows_are_shown_page_by_page_and_strange_addresses_lead_to_the_first(admin, upload):
    run = upload(xlsx(table(*(line(number) for number in range(120)))))
    assert "51–100건" in words(admin.get(detail(run), {"page": "2"}))
    for query in ({"file": "x"}, {"file": "99999999999999999999"}, {"state": "ъ"}, {"page": "-7"}, {"state": "wrong"}):
        assert admin.get(detail(run), query).status_code == 200


def test_a_yes_to_an_old_page_shows_what_stands_now(admin, upload):
    run = upload(xlsx(table(line(1))))
    answer = admin.post(reverse("confirm_import", kwargs={"pk": run.pk}), {"preview": "7", "rows": "all"})
    assert answer.status_code == 409
    assert "그사이 미리보기가 바뀌었습니다" in words(answer)
    assert Import.objects.get().state == "ready"


def test_a_form_without_a_choice_changes_nothing(admin, upload):
    run = upload(xlsx(table(line(1))))
    answer = admin.post(reverse("confirm_import", kwargs={"pk": run.pk}), {"preview": "1", "rows": "some"})
    assert answer.status_code == 302
    assert Import.objects.get().state == "ready"


def test_the_same_file_is_said_with_name_and_time_to_who_may_know(client, upload, stored, officer, content_admin):
    content = xlsx(table(line(1)))
    stored(upload(content, by=content_admin))
    mine = upload(content, by=content_admin)
    client.force_login(content_admin)
    assert "오하린 님이 가져왔습니다(I-" in words(client.get(detail(mine)))
    officers = upload(content, by=officer)
    client.force_login(officer)
    told = words(client.get(detail(officers)))
    assert "같은 파일을 이미 가져온 적이 있습니다." in told and "오하린" not in told


def test_who_sees_an_import_of_others_may_look_and_no_more(client, upload, officer, content_admin):
    run = upload(xlsx(table(line(1))), by=officer)
    client.force_login(content_admin)
    told = words(client.get(detail(run)))
    assert "올린 사람만 저장하거나 취소할 수 있습니다" in told and "모두 저장" not in told
    for name in ("confirm_import", "cancel_import"):
        answer = client.post(reverse(name, kwargs={"pk": run.pk}), {"preview": "1", "rows": "all"})
        assert answer.status_code == 403
    client.force_login(make_user("문태호", "officer"))
    assert client.get(detail(run)).status_code == 404
    assert client.get(reverse("import_list")).content.decode().count("I-0") == 0


def test_progress_is_asked_for_until_there_is_something_to_see(admin, content_admin, work, upload):
    admin.post(reverse("new_import"), {"places": SimpleUploadedFile("a.csv", text(table(line(1))))})
    run = Import.objects.get()
    url = reverse("import_progress", kwargs={"pk": run.pk})
    waiting = admin.get(url)
    assert f'hx-get="{url}"' in waiting.content.decode() and "HX-Refresh" not in waiting
    work()
    assert admin.get(url)["HX-Refresh"] == "true"


def test_a_refused_file_says_why_and_offers_to_try_again(admin, upload):
    run = upload("번호,기관명\n1,가\x00".encode())
    told = words(admin.get(detail(run)))
    assert "2번째 줄에 깨진 글자(NUL)" in told and "파일 다시 올리기" in told


def test_columns_that_are_not_read_are_noted(admin, upload):
    run = upload(xlsx([["번호", "기관명", "국가", "담당자"], ["00001", "가", "러시아", "김"]]))
    assert "D열 ‘담당자’은(는) 모르는 열이라 가져오지 않습니다." in words(admin.get(detail(run)))


def test_an_import_can_be_cancelled_and_then_offers_a_new_one(admin, upload):
    run = upload(xlsx(table(line(1))))
    admin.post(reverse("cancel_import", kwargs={"pk": run.pk}))
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert "파일 다시 올리기" in words(admin.get(detail(run)))


def test_what_came_with_a_file_is_text_and_never_markup(admin, upload):
    run = upload(xlsx(table(line(1, 기관명="<script>alert(1)</script>"), line(2, 인원="<b>많음</b>"))))
    for state in ("new", "wrong"):
        page = admin.get(detail(run), {"state": state}).content.decode()
        assert "<script>alert" not in page and "<b>많음" not in page
    assert file_of(run).row_count == 2


def test_the_list_is_empty_at_first_and_says_what_to_do(admin):
    assert "아직 가져온 자료가 없습니다." in words(admin.get(reverse("import_list")))
