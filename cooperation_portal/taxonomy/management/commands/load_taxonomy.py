from typing import Any

from django.core.management.base import BaseCommand

from cooperation_portal.taxonomy.services import load_taxonomy


class Command(BaseCommand):
    help = (
        "Adds the technology fields, industries, countries and programmes that the portal ships and that are missing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        load_taxonomy()
