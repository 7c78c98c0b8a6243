from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cooperation_portal.shared import catalogues


class Command(BaseCommand):
    help = "Says what is wrong in the catalogues of translations, and which languages are complete."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        known = [code for code, _name in settings.LANGUAGES]
        offered = list(settings.PORTAL_LANGUAGES)
        try:
            reports = catalogues.check(settings.BASE_DIR, settings.LOCALE_PATHS[0], known, offered)
        except catalogues.BabelMissing as error:
            raise CommandError(str(error)) from error
        faults = sum(len(report.faults) for report in reports)
        for report in reports:
            self.stdout.write(_line(report, offered))
            for fault in report.faults:
                self.stdout.write(f"  {fault}")
        for code in offered:
            if code not in known:
                faults += 1
                self.stdout.write(f"{code}: PORTAL_LANGUAGES names it, LANGUAGES does not")
        if faults:
            raise CommandError(f"Translations: {faults} faults. manage.py update_translations finds new messages.")


def _line(report: catalogues.Report, offered: list[str]) -> str:
    counts = f"{report.language}: translated {report.translated} of {report.total}"
    if report.language == catalogues.SOURCE_LANGUAGE:
        return f"{counts} messages of other packages; the source language of our own"
    if report.language in offered:
        return f"{counts}; offered"
    return f"{counts}; complete, may be offered" if report.complete else f"{counts}; not complete, not offered"
