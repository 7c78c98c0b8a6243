import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.engine.evaluation import evaluate, write_rankings
from matching.scoring.encoders import encoder


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
        if rankings:
            write_rankings(rankings, ranked)
        if options["json"]:
            json.dump(figures, sys.stdout, ensure_ascii=False)
            self.stdout.write("")
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:28} {value}")
