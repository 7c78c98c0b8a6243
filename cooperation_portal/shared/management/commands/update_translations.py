from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cooperation_portal.shared import catalogues


class Command(BaseCommand):
    help = "Brings the catalogues of translations up to the messages in the sources and compiles them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.LOCALE_PATHS[0]
        try:
            differences = catalogues.update(settings.BASE_DIR, folder, [code for code, _name in settings.LANGUAGES])
            catalogues.compile_one(folder, catalogues.SOURCE_LANGUAGE)
        except catalogues.BabelMissing as error:
            raise CommandError(str(error)) from error
        for one in differences:
            self.stdout.write(
                f"{one.language}: {one.added} new, {one.removed} no longer used, {one.missing} to be translated"
            )
