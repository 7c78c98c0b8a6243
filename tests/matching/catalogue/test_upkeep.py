"""Technologies are written down, completed, shown before they are published, and retired."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from matching.catalogue.missing import KINDS, lacking, missing_of
from matching.catalogue.models import Technology
from tests.people import make_company, make_institution, make_technology

pytestmark = pytest.mark.django_db

BODY = "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV при температуре 500 °C."


@pytest.fixture
def admin(content_admin: Any, client: Client) -> Client:
    client.force_login(content_admin)
    return client


def form_of(institution: Any, /, **changed: Any) -> dict[str, Any]:
    from cooperation_portal.taxonomy.models import TechnologyField

    written = {
        "owner": institution.pk,
        "direction": "inbound",
        "original_language": "ru",
        "field": TechnologyField.objects.get(code="0103").pk,
        "disclosure": "members",
        "text-ru-title": "Плазменное азотирование",
        "text-ru-body": BODY,
        "text-ko-title": "플라즈마 질화",
        "text-ko-body": "강의 표면을 단단하게 합니다.",
        "text-ko-origin": "human",
        "action": "save",
    }
    return {name: value for name, value in (written | changed).items() if value is not None}


def standing(technology: Technology, **changed: Any) -> dict[str, Any]:
    """The edit form as the page shows it."""
    technology = Technology.objects.with_texts().get(pk=technology.pk)
    texts = {
        f"text-{text.language}-{part}": getattr(text, part)
        for text in technology.texts.all()
        for part in ("title", "body", "advantages", "specification")
    }
    origins = {f"text-{text.language}-origin": "human" for text in technology.texts.all()}
    facts = form_of(technology.owner, country=technology.country.code, edit_version=technology.edit_version)
    return {**facts, **texts, **origins, **changed}


def test_a_technology_is_first_a_draft_that_only_the_staff_sees(admin: Client, member: Any, client: Client) -> None:
    answer = admin.post(reverse("add_technology"), form_of(make_institution()))
    technology = Technology.objects.get()
    assert answer.headers["Location"] == reverse("edit_technology", args=[technology.pk])
    assert technology.status == "draft"
    assert technology.country.code == "RU"
    assert {text.language: text.origin for text in technology.texts.all()} == {"ru": "source", "ko": "human"}
    reader = Client()
    reader.force_login(member)
    assert reader.get(reverse("technology_detail", args=[technology.pk])).status_code == 404


def test_saving_and_publishing_shows_it_to_members(admin: Client, member: Any) -> None:
    admin.post(reverse("add_technology"), form_of(make_institution(), action="publish"))
    technology = Technology.objects.get()
    reader = Client()
    reader.force_login(member)
    assert "플라즈마 질화" in reader.get(reverse("technology_detail", args=[technology.pk])).content.decode()


def test_what_cannot_be_published_is_saved_and_says_what_is_missing(admin: Client) -> None:
    written = form_of(make_institution(), action="publish", **{"text-ru-body": "мало"})
    answer = admin.post(reverse("add_technology"), written, follow=True)
    assert Technology.objects.get().status == "draft"
    assert "저장했지만 등록하지는 못했습니다" in answer.content.decode()
    assert "원문 내용(40자 이상)" in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"owner": ""}, "owner", "보유기관을 골라 주십시오."),
        ({"field": ""}, "field", "기술분야를 골라 주십시오."),
        ({"year": "2999"}, "year", "개발 연도가 올해보다 뒤입니다"),
        ({"year": "작년"}, "year", "네 자리 숫자로"),
        ({"year": "2020", "valid_until": "2019-01-01"}, "valid_until", "유효기간이 개발 연도보다 앞섭니다"),
        ({"country": "KR"}, "direction", "‘주는 협력’을 고르고"),
        ({"valid_until": "3월 2일"}, "valid_until", "2026-03-02처럼"),
        ({"text-ru-title": ""}, "title", "기술명을 적어 주십시오."),
        ({"text-en-body": "A body without a title."}, "title", "기술명을 적어 주십시오."),
        ({"text-ru-body": "a\x00b"}, "body", "제어 문자"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_lost(
    admin: Client, changed: dict[str, Any], field: str, message: str
) -> None:
    answer = admin.post(reverse("add_technology"), form_of(make_institution(), **changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "플라즈마 질화" in page
    assert Technology.objects.count() == 0


def test_both_owners_are_one_too_many(admin: Client) -> None:
    written = form_of(make_institution(), owner_company=make_company().pk)
    page = admin.post(reverse("add_technology"), written).content.decode()
    assert "보유기관과 보유기업 가운데 하나만" in page


def test_a_source_number_is_used_once(admin: Client) -> None:
    first = make_technology(source_reference="RU-1")
    answer = admin.post(reverse("add_technology"), form_of(make_institution(), source_reference="RU-1"))
    assert f"이미 {first.number}에 쓴 출처 번호입니다" in answer.content.decode()


def test_a_changed_original_makes_an_untouched_translation_stale(admin: Client) -> None:
    technology = make_technology()
    admin.post(
        reverse("edit_technology", args=[technology.pk]), standing(technology, **{"text-ru-title": "Новое название"})
    )
    assert {text.language: text.is_stale for text in technology.texts.all()} == {"ru": False, "ko": True}


def test_a_translation_that_was_looked_at_is_fresh_again(admin: Client) -> None:
    technology = make_technology()
    address = reverse("edit_technology", args=[technology.pk])
    admin.post(address, standing(technology, **{"text-ru-title": "Новое название"}))
    admin.post(address, standing(technology, **{"text-ko-checked": "on"}))
    assert not technology.texts.filter(is_stale=True).exists()


def test_saving_without_a_change_asks_for_no_score(admin: Client) -> None:
    technology = make_technology()
    admin.post(reverse("edit_technology", args=[technology.pk]), standing(technology))
    before = technology.content_version
    technology.refresh_from_db()
    assert technology.content_version == before
    assert not technology.texts.filter(is_stale=True).exists()


def test_a_translation_without_a_title_is_taken_away(admin: Client) -> None:
    technology = make_technology()
    emptied = {f"text-ko-{part}": "" for part in ("title", "body", "advantages", "specification")}
    admin.post(reverse("edit_technology", args=[technology.pk]), standing(technology, **emptied))
    assert [text.language for text in technology.texts.all()] == ["ru"]


def test_another_original_language_turns_the_old_original_into_a_translation(admin: Client) -> None:
    technology = make_technology()
    changed = standing(technology, original_language="en", **{"text-en-title": "Nitriding", "text-en-body": BODY})
    assert admin.post(reverse("edit_technology", args=[technology.pk]), changed).status_code == 302
    assert {text.language: text.origin for text in technology.texts.all()} == {
        "ru": "human",
        "ko": "human",
        "en": "source",
    }


def test_a_second_editor_is_told_and_loses_nothing(admin: Client) -> None:
    technology = make_technology()
    address = reverse("edit_technology", args=[technology.pk])
    mine = standing(technology, **{"text-ko-title": "내가 고친 이름"})
    admin.post(address, standing(technology, **{"text-ko-title": "동료가 고친 이름"}))
    answer = admin.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "동료가 고친 이름" in page
    assert "내가 고친 이름" in page
    technology.refresh_from_db()
    assert admin.post(address, mine | {"edit_version": technology.edit_version}).status_code == 302
    assert technology.texts.get(language="ko").title == "내가 고친 이름"


def test_retired_technologies_come_back_as_drafts(admin: Client) -> None:
    technology = make_technology()
    admin.post(reverse("retire_technology", args=[technology.pk]))
    technology.refresh_from_db()
    assert technology.status == "retired"
    admin.post(reverse("restore_technology", args=[technology.pk]))
    technology.refresh_from_db()
    assert technology.status == "draft"


def test_the_history_tells_what_changed_and_by_whom(admin: Client, content_admin: Any) -> None:
    technology = make_technology()
    admin.post(reverse("edit_technology", args=[technology.pk]), standing(technology, year="2021"))
    page = admin.get(reverse("technology_history", args=[technology.pk])).content.decode()
    assert "개발 연도: 없음 → 2021" in page
    assert content_admin.name in page


def test_each_kind_of_gap_is_found_alike_in_a_list_and_in_one_technology() -> None:
    full = {"stage": "market", "ipr_status": "granted", "cooperation": ["license"]}
    technologies = [
        make_technology(**full),
        make_technology(korean=None, body="мало"),
        make_technology(valid_until="2020-01-01", hidden=["stage", "advantages"]),
        make_technology(language="ko", title="질화", body="가" * 39 + "\n나"),
    ]
    technologies[0].texts.update(advantages="전", specification="전", is_stale=True)
    for kind in KINDS:
        listed = set(Technology.objects.filter(lacking(kind.code)).values_list("pk", flat=True))
        one_by_one = {t.pk for t in Technology.objects.with_texts() if kind in missing_of(t)}
        assert listed == one_by_one, kind.code
        assert listed, f"no technology of the test lacks {kind.code}"


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), name: str = "그림.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue())


def test_a_picture_is_drawn_anew_and_served_to_who_may_see_the_technology(admin: Client, member: Any) -> None:
    technology = make_technology()
    hidden_words = picture()
    hidden_words = SimpleUploadedFile("그림.png", hidden_words.read() + b"<script>alert(1)</script>")
    answer = admin.post(
        reverse("add_technology_picture", args=[technology.pk]), {"picture": hidden_words, "caption": "시험 장치"}
    )
    assert answer.status_code == 302
    kept = technology.pictures.get()
    address = reverse("technology_picture", args=[technology.pk, kept.pk])
    reader = Client()
    assert reader.get(address).status_code in (302, 404)
    reader.force_login(member)
    served = reader.get(address)
    content = b"".join(served.streaming_content) if served.streaming else served.content  # type: ignore[attr-defined]
    assert served.headers["Content-Type"].startswith("image/")
    assert b"script" not in content
    assert Image.open(io.BytesIO(content)).size == (40, 30)


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00not a picture", b"<svg onload='x()'/>", b"", b"\x89PNG\r\n\x1a\nbroken"]
)
def test_what_is_no_picture_is_refused_with_a_reason(admin: Client, content: bytes) -> None:
    technology = make_technology()
    answer = admin.post(
        reverse("add_technology_picture", args=[technology.pk]),
        {"picture": SimpleUploadedFile("그림.png", content), "caption": "시험 장치"},
    )
    assert answer.status_code == 422
    assert "시험 장치" in answer.content.decode()
    assert not technology.pictures.exists()


def test_a_removed_picture_is_gone_from_the_disk(admin: Client, django_capture_on_commit_callbacks: Any) -> None:
    from cooperation_portal.files.services import path_of

    technology = make_technology()
    admin.post(reverse("add_technology_picture", args=[technology.pk]), {"picture": picture(), "caption": "그림"})
    kept = technology.pictures.get()
    path = path_of(kept.file)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(reverse("remove_technology_picture", args=[technology.pk, kept.pk]))
    assert not path.exists()
    assert not technology.pictures.exists()


def test_nothing_is_called_the_original_before_somebody_chose(admin: Client) -> None:
    page = admin.get(reverse("add_technology")).content.decode()
    assert "원문</span>" not in page and 'name="text-ko-origin"' in page
    technology = make_technology()
    page = admin.get(reverse("edit_technology", args=[technology.pk])).content.decode()
    assert "원문</span>" in page and 'name="text-ru-origin"' not in page


def test_an_owner_leads_to_its_technologies(admin: Client, content_admin: Any, officer: Any) -> None:
    from cooperation_portal.network.related import belongings

    institution, company = make_institution(name_ko="걷는연구소"), make_company("걷는기업")
    technology = make_technology(owner=institution)
    make_technology(owner=None, owner_company=company, direction="outbound", country="KR")
    retired = make_technology(owner=institution)
    Technology.objects.filter(pk=retired.pk).update(status="retired")
    for person, page in ((content_admin, "edit_technology"), (officer, "technology_detail")):
        told = {one.label: one for one in belongings(institution, person)}["원천기술"]
        assert told.count == 1
        admin.force_login(person)
        assert reverse(page, args=[technology.pk]) in admin.get(told.url).content.decode()
    assert [one.count for one in belongings(company, officer) if one.label == "보유한 원천기술"] == [1]
