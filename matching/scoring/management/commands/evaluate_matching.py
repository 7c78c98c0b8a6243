import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from matching.engine.evaluation import evaluate, write_rankings
from matching.engine.glossary import shipped_version
from matching.scoring.encoders import encoder
from matching.scoring.inforce import in_force


class Command(BaseCommand):
    help = "Ranks the pool of a benchmark file for each of its demands and says how good the ranking is."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("benchmark", type=Path)
        parser.add_argument("--rankings", type=Path, help="write the rankings to this file")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, benchmark: Path, rankings: Path | None, **options: Any) -> None:
        if not benchmark.is_file():
            raise CommandError(f"{benchmark} is not a file.")
        figures, ranked = evaluate(benchmark, encoder=encoder())
        figures |= {"glossary": shipped_version(), "glossary in force": _glossary_in_force()}
        if rankings:
            write_rankings(rankings, ranked)
        if options["json"]:
            json.dump(figures, sys.stdout, ensure_ascii=False)
            self.stdout.write("")
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:28} {value}")


def _glossary_in_force() -> str | None:
    """Differs from the shipped one, which is measured here, once people added terms. None without a database."""
    try:
        return in_force().glossary_version
    except DatabaseError:
        return None
