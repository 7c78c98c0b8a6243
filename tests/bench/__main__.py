"""Runs every benchmark, prints a table and writes `build/bench.json`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    os.environ["PORTAL_MODE"] = "test"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperation_portal.settings")
    # One thread for both sides of each comparison: what is compared is work, not the number of processors.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    import django

    django.setup()
    from tests.bench import catalogue, engine, imports, matching, officer_list, scoring
    from tests.bench.rows import Row, fresh_database, table

    rows: list[Row] = [*engine.rows(), *matching.rows()]
    with fresh_database():
        rows += officer_list.rows()
        rows += catalogue.rows()
    with fresh_database():
        rows += imports.rows()
    with fresh_database():
        rows += scoring.rows()
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    (build / "bench.json").write_text(json.dumps([row.to_dict() for row in rows], ensure_ascii=False, indent=1))
    print(table(rows))
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
