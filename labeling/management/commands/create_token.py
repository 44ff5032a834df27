"""``manage.py create_token USER``: make an API token and print it, and nothing else."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeling.errors import LabelyardError
from labeling.models import TokenScope, User
from labeling.services.tokens import token_create
from labeling.services.users import user_create


class Command(BaseCommand):
    help = "Print a new API token of a user. It is shown this once; what is stored is its digest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="who the token acts as")
        parser.add_argument("--scope", choices=TokenScope.values, default=TokenScope.WRITE.value)
        parser.add_argument("--days", type=int, help="how long it lives; without this until it is revoked")
        parser.add_argument(
            "--service", action="store_true", help="make a service account of this name, unless it is there"
        )
        parser.add_argument("--name", default="from the command line", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None and options["service"]:
            user = self.service_account(options["user"])
        if user is None:
            raise CommandError(f"There is no active user named {options['user']!r}.")
        try:
            new = token_create(user=user, name=options["name"], scope=options["scope"], days=options["days"])
        except LabelyardError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(new.secret)

    def service_account(self, name: str) -> User:
        """Make an account that signs in by tokens alone."""
        try:
            return user_create(username=name, is_service=True)
        except LabelyardError as error:
            raise CommandError(error.sentence) from error
