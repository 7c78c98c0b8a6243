"""`python -m reading PATH LIMITS [WORKSHEET …]`: the first line tells of the file, then one line for each filled row.

LIMITS is JSON: memory (bytes), cpu (seconds), output (bytes), rows.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any, TextIO


def _limit(limits: dict[str, int]) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_FSIZE, limits["output"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _tell(out: TextIO, line: Any) -> int:
    return out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def main(out: TextIO, path: Path, limits: dict[str, int], preferred: tuple[str, ...]) -> None:
    _limit(limits)
    # Only now: what reads the file is itself loaded under the limits.
    from . import plain_text, workbook
    from .refusals import Refused
    from .signatures import FIRST_BYTES, OLE, TEXT, ZIP, kind_of

    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(FIRST_BYTES))
        if kind == OLE:
            workbook.check_ole(path)
        if kind not in (ZIP, TEXT):
            raise Refused(kind)
        about, lines = workbook.read(path, preferred) if kind == ZIP else plain_text.read(path)
        _tell(out, about)
        rows = letters = 0
        for line in lines:
            if rows == limits["rows"]:
                break
            rows += 1
            letters += _tell(out, line)
            if 4 * letters > limits["output"]:  # a letter has up to four bytes
                raise Refused("too_heavy")
        _tell(out, {"end": rows})
    except Refused as refused:
        _tell(out, {"refused": refused.code, **refused.details})
    except MemoryError:
        _tell(out, {"refused": "too_heavy"})


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
    main(sys.stdout, Path(sys.argv[1]), json.loads(sys.argv[2]), tuple(sys.argv[3:]))
    sys.stdout.flush()
