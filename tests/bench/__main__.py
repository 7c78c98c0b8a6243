"""Runs the benchmarks, or those that are named, prints a table and writes `build/bench.json`.

usage: python -m tests.bench [engine] [matching] [officer_list] [catalogue] [imports] [scoring]
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Those in one group share a database, in this order.
GROUPS = (("engine", "matching"), ("officer_list", "catalogue"), ("imports",), ("scoring",))
WITHOUT_DATABASE = GROUPS[0]


def main(chosen: list[str]) -> int:
    if unknown := set(chosen) - {name for group in GROUPS for name in group}:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}\n{__doc__}")
    os.environ["PORTAL_MODE"] = "test"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperation_portal.settings")
    # One thread for both sides of each comparison: what is compared is work, not the number of processors.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    import django

    django.setup()
    from tests.bench.rows import Row, fresh_database, table

    rows: list[Row] = []
    for group in GROUPS:
        wanted = [name for name in group if not chosen or name in chosen]
        if wanted:
            with nullcontext() if group is WITHOUT_DATABASE else fresh_database():
                for name in wanted:
                    rows += import_module(f"tests.bench.{name}").rows()
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    (build / "bench.json").write_text(json.dumps([row.to_dict() for row in rows], ensure_ascii=False, indent=1))
    print(table(rows))
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
