import time, resource
import pytest
from cooperation_portal.exchange import services, staging, storing
from cooperation_portal.work import services as work
from cooperation_portal.work.models import Work
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.exchange.spreadsheets import line, table, xlsx, text
from cooperation_portal.network.models import Institution
from cooperation_portal.exchange.models import ImportRow


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("n", [3000, 100000])
def test_measure(content_admin, n):
    t = time.monotonic()
    content = xlsx(table(*(line(i) for i in range(n))))
    print(f"\nwrite {time.monotonic() - t:.1f}s {len(content) / 1e6:.1f} MB")

    def go(kind):
        Work.objects.exclude(kind=kind).update(state="done")
        row = Work.objects.get(kind=kind)
        claim = work.claim(row.pk)
        t = time.monotonic()
        k = work.kind_of(kind)
        c0 = resource.getrusage(resource.RUSAGE_SELF)
        result = k.compute(claim.subject, work.progress_of(claim))
        t1 = time.monotonic()
        ok = work._store(claim, k.store, result)
        t2 = time.monotonic()
        print(
            f"{kind}: compute {t1 - t:.1f}s store {t2 - t1:.1f}s ok={ok} maxrss self {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB children {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB cpu {resource.getrusage(resource.RUSAGE_SELF).ru_utime - c0.ru_utime:.1f}"
        )

    for again in ("new", "same", "changed"):
        if again == "changed":
            content = xlsx(table(*(line(i, 도시="카잔") for i in range(n))))
        run = services.start(uploads={"places": SimpleUploadedFile("a.xlsx", content)}, by=content_admin)
        go("read_import")
        run.refresh_from_db()
        f = run.files.get()
        print(again, f.new_count, f.changed_count, f.same_count, f.wrong_count)
        if again == "new":
            import cProfile, pstats
        if again != "same":
            services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=content_admin)
            go("store_import")
            run.refresh_from_db()
            print(run.state, Institution.objects.count())
        Work.objects.all().delete()
