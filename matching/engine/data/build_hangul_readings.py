"""Makes `hangul_readings.tsv` from the Unihan database.

usage: python -m matching.engine.data.build_hangul_readings Unihan_Readings.txt[.bz2|.gz]

The input is the file of that name in the Unicode character database (Debian: package `unicode-data`). Only the
field kHangul is kept, without the letters that name its sources. Run it again only for a new Unicode version: the
file's hash is part of the engine version, so every stored score becomes outdated with it.
"""

import bz2
import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

READINGS_FILE = Path(__file__).with_name("hangul_readings.tsv")
HEADER = (
    "# Han character, its Korean readings. Made from the field kHangul of the Unihan database, Unicode 15.0.0;\n"
    "# this is a modified extract of a Unicode data file. Copyright 1991-2022 Unicode, Inc.; see README.md.\n"
)


def readings_from_unihan(lines: list[str]) -> dict[str, list[str]]:
    """kHangul rows look like `U+8ECA<tab>kHangul<tab>차:0E 거:0E`; the order of the readings is kept."""
    table: dict[str, list[str]] = {}
    for line in lines:
        parts = line.rstrip("\n").split("\t")
        if len(parts) == 3 and parts[1] == "kHangul" and parts[0].startswith("U+"):
            syllables = [entry.partition(":")[0] for entry in parts[2].split()]
            table[chr(int(parts[0].removeprefix("U+"), 16))] = list(dict.fromkeys(syllables))
    return table


def write_table(table: dict[str, list[str]], path: Path = READINGS_FILE) -> None:
    rows = (f"{character}\t{' '.join(table[character])}\n" for character in sorted(table))
    path.write_text(HEADER + "".join(rows), encoding="utf-8")


def main(source: str) -> None:
    openers: dict[str, Callable[..., Any]] = {".bz2": bz2.open, ".gz": gzip.open}
    with openers.get(Path(source).suffix, open)(source, mode="rt", encoding="utf-8") as lines:
        write_table(readings_from_unihan(list(lines)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
