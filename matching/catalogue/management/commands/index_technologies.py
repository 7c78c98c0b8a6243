from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from matching.catalogue import search
from matching.catalogue.models import Technology


class Command(BaseCommand):
    help = "Makes the search terms of technologies that have none; with --all of every one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        technologies = Technology.objects.order_by("pk")
        if not options["all"]:
            technologies = technologies.filter(search__isnull=True)
        keys = list(technologies.values_list("pk", flat=True))
        search.index_many(keys)
        self.stdout.write(f"{len(keys)} technologies can be searched now.")
