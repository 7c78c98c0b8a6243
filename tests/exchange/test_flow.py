"""An import from the upload to the stored records, without a browser."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cooperation_portal.exchange import services
from cooperation_portal.exchange.models import TRANSITIONS, Import, ImportRow, ImportState
from cooperation_portal.network.models import Institution, InstitutionAlias
from cooperation_portal.work.models import Work
from tests.exchange.conftest import counts, file_of, problems
from tests.exchange.spreadsheets import line, table, text, xlsx
from tests.people import make_user

pytestmark = pytest.mark.django_db

NAMES = ["기관 번호", "이름", "종류"]


def test_new_changed_and_same_rows_are_told_apart_and_stored(upload, stored):
    first = upload(xlsx(table(line(1), line(2))))
    assert (first.state, counts(first)) == ("ready", (2, 0, 0, 0))
    assert not Institution.objects.exists(), "a preview stores nothing"
    assert stored(first).state == "done"
    assert Institution.objects.count() == 2

    second = upload(xlsx(table(line(1), line(2, 도시="카잔"), line(3))))
    assert counts(second) == (1, 1, 1, 0)
    changed = ImportRow.objects.get(file=file_of(second), state="changed")
    assert (changed.before, changed.values["city"]) == ({"city": "모스크바"}, "카잔")
    stored(second)
    assert Institution.objects.count() == 3
    assert Institution.objects.get(source_reference="00002").city_ko == "카잔"


def test_columns_that_are_not_in_the_file_stay_as_they_are(upload, stored):
    stored(upload(xlsx(table(line(1)))))
    run = upload(xlsx([["번호", "기관명", "국가"], ["00001", "새 이름", "러시아"]]))
    assert counts(run) == (0, 1, 0, 0)
    stored(run)
    one = Institution.objects.get(source_reference="00001")
    assert (one.name_ko, one.city_ko, one.name_original) == ("새 이름", "모스크바", "Институт 1")


def test_an_empty_cell_empties_the_field(upload, stored):
    stored(upload(xlsx(table(line(1)))))
    run = upload(xlsx(table(line(1, 도시=None))))
    assert counts(run) == (0, 1, 0, 0)
    stored(run)
    assert Institution.objects.get().city_ko == ""


def test_the_same_line_twice_in_a_file_is_named_with_its_first_place(upload):
    run = upload(xlsx(table(line(1), line(2), line(1))))
    assert problems(run) == {(4, "", "duplicate")}
    assert "2행" in ImportRow.objects.get(state="wrong").problems[0]["text"]


def test_a_later_file_may_refer_to_what_an_earlier_one_brings(upload, stored):
    names = xlsx([NAMES, ["00001", "ИМ", "약칭"], ["00009", "없음", ""]])
    alone = upload({"names": names})
    assert problems(alone, "names") == {(2, "place", "unknown_place"), (3, "place", "unknown_place")}

    # Whatever the order of the fields in the form: the sheets say what comes first.
    together = upload({"names": names, "places": xlsx(table(line(1)))})
    assert [file.sheet for file in together.files.all()] == ["places", "names"]
    assert problems(together, "names") == {(3, "place", "unknown_place")}
    stored(together, only_right_rows=True)
    assert InstitutionAlias.objects.get().institution.source_reference == "00001"


def test_a_wrong_row_brings_nothing_that_others_could_refer_to(upload):
    names = xlsx([NAMES, ["00001", "ИМ", "약칭"]])
    run = upload({"names": names, "places": xlsx(table(line(1, 인원="많음")))})
    assert problems(run, "names") == {(2, "place", "unknown_place")}


def test_wrong_rows_need_a_word_before_the_right_ones_are_stored(upload, stored):
    run = upload(xlsx(table(line(1), line(2, 국가="아틀란티스"))))
    assert counts(run) == (1, 0, 0, 1)
    with pytest.raises(services.Refusal):
        services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=run.uploaded_by)
    run.refresh_from_db()
    assert run.state == "ready"
    stored(run, only_right_rows=True)
    assert (run.state, run.only_right_rows) == ("done", True)
    assert [one.source_reference for one in Institution.objects.all()] == ["00001"]


def test_nothing_to_store_is_said_and_not_stored(upload, stored):
    stored(upload(xlsx(table(line(1)))))
    run = upload(xlsx(table(line(1))))
    assert counts(run) == (0, 0, 1, 0)
    with pytest.raises(services.Refusal):
        stored(run)


def test_confirming_twice_is_confirming_once(upload, work):
    run = upload(xlsx(table(line(1))))
    for _time in range(2):
        services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=run.uploaded_by)
    assert Work.objects.get(kind="store_import").version == 1
    work()
    services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=run.uploaded_by)
    work()
    assert Institution.objects.count() == 1
    assert Work.objects.get(kind="store_import").version == 1


def test_history_says_who_stored_a_row_and_in_which_import(upload, stored):
    run = stored(upload(xlsx(table(line(1)))))
    event = Institution.objects.get().events.latest("pgh_id")
    assert event.pgh_context == {"user": run.uploaded_by_id, "url": f"/imports/{run.pk}/"}


# --- rights -----------------------------------------------------------------------------------------------------------


def test_changing_needs_the_right_to_change(upload, stored, officer):
    stored(upload(xlsx(table(line(1), line(2)))))
    run = upload(xlsx(table(line(1, 도시="카잔"), line(2), line(3))), by=officer)
    assert counts(run) == (1, 0, 1, 1)
    assert problems(run) == {(2, "", "may_not_change")}


def test_rights_that_ended_after_the_preview_stop_the_storing(upload, officer):
    run = upload(xlsx(table(line(1))), by=officer)
    officer.grants.update(ends_on=timezone.localdate() - timezone.timedelta(days=1), starts_on="2020-01-01")
    again = type(officer).objects.get(pk=officer.pk)
    with pytest.raises(services.Refusal):
        services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=again)


def test_who_sees_which_import(upload, officer, content_admin, system_admin, member):
    own = upload(xlsx(table(line(1))), by=officer)
    other = upload(xlsx(table(line(2))), by=make_user("문태호", "officer"))
    names = upload({"names": xlsx([NAMES, ["00001", "ИМ", ""]])})

    def seen(user):
        return set(Import.objects.visible_to(user).values_list("pk", flat=True))

    assert seen(officer) == {own.pk}
    assert seen(content_admin) == {own.pk, other.pk, names.pk}
    assert seen(system_admin) == seen(member) == set()


def test_files_of_a_kind_that_one_does_not_work_with_are_not_shown(upload, officer, content_admin, monkeypatch):
    run = upload(xlsx(table(line(1))), by=officer)
    from tests.exchange.sheets import InstitutionSheet

    monkeypatch.setattr(InstitutionSheet, "may_add", lambda self, user: user.pk == officer.pk)
    monkeypatch.setattr(InstitutionSheet, "may_change", lambda self, user: False)
    assert not Import.objects.visible_to(content_admin).exists()
    assert Import.objects.visible_to(officer).get() == run


# --- what moves in between --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["changed", "added", "deleted", "same row changed"])
def test_data_that_moved_after_the_preview_is_shown_anew_and_nothing_is_stored(upload, stored, how):
    stored(upload(xlsx(table(line(1), line(2)))))
    run = upload(xlsx(table(line(1, 도시="카잔"), line(2), line(3))))
    if how == "changed":
        Institution.objects.filter(source_reference="00001").update(city_ko="툴라")
    elif how == "added":
        Institution.objects.filter(source_reference="00002").update(source_reference="00003")
    elif how == "deleted":
        Institution.objects.filter(source_reference="00001").delete()
    else:
        Institution.objects.filter(source_reference="00002").update(city_ko="툴라")
    before = list(Institution.objects.order_by("pk").values_list("source_reference", "city_ko"))
    previews = run.previews
    stored(run)
    assert (run.state, run.previews) == ("ready", previews + 1)
    assert "자료가 바뀌었습니다" in run.cause
    assert (run.confirmed_by, run.confirmed_at) == (None, None)
    assert list(Institution.objects.order_by("pk").values_list("source_reference", "city_ko")) == before
    stored(run)
    assert run.state == "done"
    assert Institution.objects.get(source_reference="00001").city_ko == "카잔"


def test_a_column_that_the_file_does_not_have_may_change_meanwhile(upload, stored):
    stored(upload(xlsx(table(line(1)))))
    run = upload(xlsx([["번호", "기관명", "국가"], ["00001", "새 이름", "러시아"]]))
    Institution.objects.update(city_ko="툴라")
    assert stored(run).state == "done"
    assert Institution.objects.get().city_ko == "툴라"


def test_a_yes_to_an_older_preview_is_no_yes(upload, stored):
    run = upload(xlsx(table(line(1))))
    with pytest.raises(services.Stale):
        services.confirm(run, seen_preview=run.previews - 1, only_right_rows=False, by=run.uploaded_by)


def test_what_one_file_brings_does_not_look_like_a_change_to_the_next(upload, stored):
    """The names are compared with institutions as they stood before this import touched them."""
    stored(upload({"places": xlsx(table(line(1))), "names": xlsx([NAMES, ["00001", "ИМ", "약칭"]])}))
    both = {"places": xlsx(table(line(1, 기관명="새 이름"))), "names": xlsx([NAMES, ["00001", "ИМ", "옛 이름"]])}
    assert stored(upload(both)).state == "done"
    assert (Institution.objects.get().name_ko, InstitutionAlias.objects.get().kind) == ("새 이름", "former")


def test_a_fault_in_the_last_file_leaves_nothing_of_the_first(upload, monkeypatch):
    from tests.exchange.sheets import NameSheet

    run = upload({"places": xlsx(table(line(1))), "names": xlsx([NAMES, ["00001", "ИМ", "약칭"]])})
    services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=run.uploaded_by)
    monkeypatch.setattr(NameSheet, "store", lambda self, rows, by: 1 / 0)
    from cooperation_portal.work.services import run_waiting

    run_waiting()
    run.refresh_from_db()
    assert run.state == "storing"
    assert not Institution.objects.exists()
    assert Work.objects.get(kind="store_import").cause == "ZeroDivisionError"


# --- the same file twice ----------------------------------------------------------------------------------------------


def test_the_same_file_is_recognised_when_it_was_stored(upload, stored):
    content = xlsx(table(line(1)))
    first = upload(content)
    assert file_of(upload(content)).duplicate_of is None, "what was not stored is no reason to warn"
    stored(first)
    again = upload(content, name="다른 이름.xlsx")
    assert file_of(again).duplicate_of == file_of(first)
    assert counts(again) == (0, 0, 1, 0)


# --- ends -------------------------------------------------------------------------------------------------------------


def test_a_cancelled_import_is_neither_read_nor_stored(content_admin, work):
    from django.core.files.uploadedfile import SimpleUploadedFile

    run = services.start(uploads={"places": SimpleUploadedFile("a.csv", text(table(line(1))))}, by=content_admin)
    services.cancel(run, by=content_admin)
    work()
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not ImportRow.objects.exists()
    with pytest.raises(services.Stale):
        services.confirm(run, seen_preview=0, only_right_rows=False, by=content_admin)


def test_what_is_stored_cannot_be_cancelled(upload, stored):
    run = stored(upload(xlsx(table(line(1)))))
    with pytest.raises(services.Refusal):
        services.cancel(run, by=run.uploaded_by)


def test_old_imports_lose_their_rows_and_files_and_stay_in_the_list(upload, stored, settings):
    from cooperation_portal.files.models import StoredFile

    done, open_ = stored(upload(xlsx(table(line(1))))), upload(xlsx(table(line(2))))
    assert services.sweep() == 0
    long_ago = timezone.now() - timezone.timedelta(days=settings.IMPORT_KEPT_DAYS + 1)
    Import.objects.filter(pk=done.pk).update(finished_at=long_ago)
    Import.objects.filter(pk=open_.pk).update(created_at=long_ago)
    assert services.sweep() == 2
    for run, state in ((done, "done"), (open_, "cancelled")):
        run.refresh_from_db()
        assert (run.state, run.swept_at is not None) == (state, True)
        assert (file_of(run).stored, file_of(run).name) == (None, "기관.xlsx")
    assert not ImportRow.objects.exists() and not StoredFile.objects.exists()
    assert counts(done) == (1, 0, 0, 0)
    assert services.sweep() == 0


def test_work_that_was_given_up_fails_its_import_and_may_be_taken_up_again(upload, stored, work):
    from cooperation_portal.work.services import retry

    run = upload(xlsx(table(line(1))))
    services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=run.uploaded_by)
    Work.objects.filter(kind="store_import").update(state="failed", finished_at=timezone.now())
    assert services.note_failures() == 1
    run.refresh_from_db()
    assert (run.state, run.finished_at is not None) == ("failed", True)
    retry(Work.objects.get(kind="store_import"), by=run.uploaded_by)
    work()
    run.refresh_from_db()
    assert run.state == "done"
    assert Institution.objects.count() == 1


def test_who_uploaded_may_try_again_what_failed_and_nobody_waits_for_it(upload, work, content_admin):
    run = upload(xlsx(table(line(1))))
    with pytest.raises(services.Refusal):
        services.retry(run, by=content_admin)
    services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=run.uploaded_by)
    Work.objects.filter(kind="store_import").update(state="failed", finished_at=timezone.now())
    services.note_failures()
    assert services.retry(run, by=content_admin).state == "storing"
    assert services.note_failures() == 0
    work()
    run.refresh_from_db()
    assert (run.state, Institution.objects.count()) == ("done", 1)


def test_a_file_that_could_not_be_read_is_read_again(content_admin, work):
    from django.core.files.uploadedfile import SimpleUploadedFile

    run = services.start(uploads={"places": SimpleUploadedFile("a.csv", text(table(line(1))))}, by=content_admin)
    Work.objects.filter(kind="read_import").update(state="failed", finished_at=timezone.now())
    assert services.note_failures() == 1
    assert [services.retry(run, by=content_admin).state for _time in range(2)] == ["reading", "reading"]
    work()
    assert counts(run) == (1, 0, 0, 0)


def test_states_follow_their_table():
    run = Import(state=ImportState.DONE)
    with pytest.raises(ValueError, match="done"):
        run.pass_to(ImportState.READING)
    assert set(TRANSITIONS) == set(ImportState.values)
    assert all(following <= set(ImportState.values) for following in TRANSITIONS.values())
