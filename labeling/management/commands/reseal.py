"""``manage.py reseal``: seal all stored secrets with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labeling.services.sealed import secrets_reseal


class Command(BaseCommand):
    help = (
        "Seal every stored secret with SECRET_KEY, after it has changed; what SECRET_KEY_FALLBACKS opens is "
        "sealed anew. What no key opens is named and left, and the exit code is 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        told = secrets_reseal()
        parts = ", ".join(f"{count} of {things}" for things, count in told.counts.items())
        self.stdout.write(f"Sealed {told.counts.total()} secrets anew{f': {parts}' if parts else ''}.")
        for sentence in told.unopened:
            self.stderr.write(sentence)
        if told.unopened:
            raise CommandError(f"{len(told.unopened)} could not be opened and were left as they are.")
