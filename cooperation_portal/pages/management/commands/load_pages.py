from typing import Any

from django.core.management.base import BaseCommand

from cooperation_portal.pages.loading import load_pages


class Command(BaseCommand):
    help = "Adds the texts that the portal ships and that are missing; what the office edited stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        load_pages()
