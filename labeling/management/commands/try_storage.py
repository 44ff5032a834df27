"""``manage.py try_storage``: can the installation's bucket be used, and by pages of which origins?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeling.services.storage_trials import storage_trials


class Command(BaseCommand):
    help = (
        "Try the store of uploads: list and read, begin an upload straight into the bucket, and ask as a "
        "browser does whether pages may send files there (CORS). Exit code 1: something is in the way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--origin",
            action="append",
            default=None,
            help="Origin of your pages (https://labelyard.example.org); by default CSRF_TRUSTED_ORIGINS.",
        )

    def handle(self, *args: Any, origin: list[str] | None, **options: Any) -> None:
        trials = storage_trials(origins=origin or settings.CSRF_TRUSTED_ORIGINS)
        for trial in trials:
            (self.stdout if trial.code == "ok" else self.stderr).write(trial.sentence)
        if any(trial.code != "ok" for trial in trials):
            raise CommandError("Not everything works.")
