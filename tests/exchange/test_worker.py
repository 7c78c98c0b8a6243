"""A real worker is killed while an import is half read or half stored: nothing is lost, doubled or left half-done."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cooperation_portal.celery import app
from cooperation_portal.exchange import services
from cooperation_portal.exchange.models import Import, ImportRow
from cooperation_portal.work.models import Work
from tests.exchange.spreadsheets import text
from tests.people import make_user
from tests.running import wait_until

REAL_SHEETS = True  # a worker is another process and knows no others
pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

EXPERT_HEADINGS = [
    "출처 번호", "유치·파견", "이름(한글 표기)", "이름의 언어", "거주 국가", "활동 가능 여부", "기술분야", "경력 연수",
    "해결할 수 있는 문제", "지도 방식", "사용 언어",
]  # fmt: skip


def experts(count: int) -> bytes:
    rows = [
        [
            f"JP-{number:04d}",
            "유치",
            f"전문가 {number}",
            "일본어",
            "일본",
            "협의 후 가능",
            "0201",
            40,
            "금형 변형 대책",
            "현장 지도",
            "일본어",
        ]
        for number in range(count)
    ]
    return text([EXPERT_HEADINGS, *rows])


@pytest.fixture
def started(transactional_db, servers):
    servers.flush_valkey()
    admin = make_user("오하린", "content_admin")
    return services.start(uploads={"experts": SimpleUploadedFile("전문가.csv", experts(5))}, by=admin)


@pytest.fixture
def stops(tmp_path):
    return lambda point: {"FAULT_POINT": point, "FAULT_MARKER": str(tmp_path / "reached")}


@pytest.fixture
def reached(tmp_path):
    return lambda: wait_until((tmp_path / "reached").exists, "the fault point is reached", 120)


def state_of(run) -> str:
    return Import.objects.get(pk=run.pk).state


def wait_for(run, state: str) -> None:
    wait_until(lambda: state_of(run) == state, f"the import is {state}, and not {state_of(run)}", 180)


def confirm(run) -> None:
    run.refresh_from_db()
    services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=run.uploaded_by)


def stored() -> int:
    from experts.models import Expert

    return Expert.objects.filter(source_reference__startswith="JP-").count()


def test_a_worker_killed_while_it_reads_leaves_one_whole_preview(started, worker, stops, reached):
    worker.start(**stops("read_import.before_commit"))
    reached()
    assert not ImportRow.objects.exists()
    worker.kill()
    worker.start()
    wait_for(started, "ready")
    assert list(ImportRow.objects.values_list("number", "state")) == [(number, "new") for number in range(2, 7)]
    assert Import.objects.get().previews == 1
    assert Work.objects.get(kind="read_import").attempt == 2


@pytest.mark.parametrize("point", ["rows", "before_commit"])
def test_a_worker_killed_while_it_stores_stores_nothing_and_then_everything_once(
    started, worker, stops, reached, point
):
    worker.start(**stops(f"store_import.{point}"))
    wait_for(started, "ready")
    confirm(started)
    reached()
    assert (stored(), state_of(started)) == (0, "storing")
    worker.kill()
    assert (stored(), state_of(started)) == (0, "storing")
    worker.start()
    wait_for(started, "done")
    assert stored() == 5
    assert Work.objects.get(kind="store_import").attempt == 2


def test_a_worker_killed_after_the_commit_stores_nothing_twice(started, worker, stops, reached):
    worker.start(**stops("store_import.after_commit"))
    wait_for(started, "ready")
    confirm(started)
    reached()
    assert (stored(), state_of(started)) == (5, "done")
    worker.kill()
    worker.start()
    app.send_task("work.run", args=[Work.objects.get(kind="store_import").pk], queue="interactive")
    wait_until(lambda: not Work.objects.filter(kind="store_import").exclude(state="done").exists(), "it is done")
    assert stored() == 5
