import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cooperation_portal.home import sample_data
from cooperation_portal.pages.loading import load_pages
from cooperation_portal.taxonomy.services import load_taxonomy

PASSWORD_FILE = settings.VAR_DIR / "sample-password"


class Command(BaseCommand):
    help = "Loads the invented sample data once and prints the sample accounts. Refuses in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="instead of one that is drawn at the first start")

    def handle(self, *args: Any, password: str | None = None, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Sample accounts have a known password: they are never created in production.")
        if not sample_data.is_loaded():
            load_taxonomy()
            load_pages()
            password = password or _drawn_password(PASSWORD_FILE)
            sample_data.load(password)
        self._print_accounts(password or _kept_password(PASSWORD_FILE))

    def _print_accounts(self, password: str) -> None:
        self.stdout.write("견본 계정 (sample accounts):")
        for email, name, role, companies in sample_data.ACCOUNTS:
            label = role.label if role else f"기업 회원 ({', '.join(companies)})"
            self.stdout.write(f"  {email:28} {password}  {label} {name}")


def _drawn_password(path: Path) -> str:
    password = secrets.token_urlsafe(12)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(password)
    return password


def _kept_password(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else "(set when the sample was loaded)"
