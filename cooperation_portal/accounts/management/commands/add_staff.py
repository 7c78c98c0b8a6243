from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from cooperation_portal.accounts.models import Grant, Role, User


class Command(BaseCommand):
    help = "Makes an account for a member of staff, such as the first administrator. No password is set or printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--reason", default="Made by the operator on the command line")

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str, role: str, reason: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"There is an account for {email} already.")
        user = User.objects.create_user(email, None, name=name)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        Grant.objects.create(user=user, role=role, reason=reason)
        self.stdout.write(f"{user.email} now chooses a password by “비밀번호를 잊으셨나요?” on the sign-in page.")
