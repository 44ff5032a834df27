"""``manage.py up``: Labelyard on this host, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeling.errors import LabelyardError
from labeling.stack.running import end_on_signals, running_stack


class Command(BaseCommand):
    help = "Starts every process of Labelyard on this host and keeps them running until Ctrl-C."
    # The database is brought up to date first; until then there is nothing to check against.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port",
            type=int,
            default=settings.PORT,
            help="port of the pages (default: LABELYARD_PORT, else 8000, else any free one)",
        )
        parser.add_argument(
            "--data",
            type=Path,
            default=settings.DATA_DIR,
            help="folder for everything: database, media, queue, logs (default: LABELYARD_DATA)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        end_on_signals()
        try:
            self.run_stack(data_dir=options["data"], port=options["port"])
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        except LabelyardError as error:
            raise CommandError(error.sentence) from error

    def run_stack(self, *, data_dir: Path, port: int | None) -> None:
        self.stdout.write(f"Starting Labelyard on {data_dir} ...")
        self.stdout.flush()
        with running_stack(data_dir, port) as stack:
            self.stdout.write(f"Labelyard runs at {stack.url}")
            self.stdout.write(f"Logs: {stack.data_dir / 'logs'}. Ctrl-C stops everything.")
            self.stdout.flush()
            stack.wait()
