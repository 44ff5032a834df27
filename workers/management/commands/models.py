"""``manage.py models``: which weights there are, whether they are what they should be, and fetching them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from labeling.errors import LabelyardError
from workers.backends.sam2.checkpoints import CHECKPOINTS, Checkpoint
from workers.backends.sam3.folder import answers_clicks
from workers.checkpoints import checkpoint_fetch, checkpoint_verify
from workers.sam2 import sam2_missing, sam2_options
from workers.sam3 import LICENCE, sam3_missing, sam3_options

MIB = 1024 * 1024
NAMES = ", ".join(CHECKPOINTS)


class Command(BaseCommand):
    """List the published checkpoints of SAM 2, verify their files, fetch them."""

    help = "List the checkpoints of SAM 2, verify their files by sha256, fetch them from their publisher."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="list | verify | fetch")
        actions.add_parser(
            "list", help="what there is, and whether SAM 2 and SAM 3 are offered (the default)"
        )
        verify = actions.add_parser("verify", help="compare files with the published sha256")
        verify.add_argument("names", nargs="*", metavar="NAME", help=f"{NAMES}; all that are there")
        fetch = actions.add_parser("fetch", help="fetch a checkpoint from its publisher")
        fetch.add_argument("names", nargs="+", metavar="NAME", help=NAMES)
        fetch.add_argument("--from", dest="address", default="", help="a mirror: its address of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match options["action"]:
                case "verify":
                    self.verify([known(name) for name in options["names"]])
                case "fetch":
                    self.fetch([known(name) for name in options["names"]], address=options["address"])
                case _:
                    self.tell()
        except LabelyardError as error:
            raise CommandError(error.sentence) from error

    def tell(self) -> None:
        """A line a checkpoint, and whether this host offers SAM 2 and SAM 3."""
        for checkpoint in CHECKPOINTS.values():
            state = "here" if path_of(checkpoint).exists() else "not fetched"
            self.stdout.write(f"{checkpoint.name:24}{checkpoint.size_bytes / MIB:6.0f} MiB  {state}")
        missing = sam2_missing()
        if missing:
            self.stdout.write(f"SAM 2 is not offered here. {missing}")
        else:
            chosen = sam2_options()
            self.stdout.write(
                f"SAM 2 is offered here: {chosen.name} from {chosen.checkpoint}, device {chosen.device}, "
                f"precision {chosen.precision}."
            )
        self.tell_sam3()

    def tell_sam3(self) -> None:
        missing = sam3_missing()
        if missing:
            self.stdout.write(f"SAM 3 is not offered here. {missing}")
        else:
            chosen = sam3_options()
            clicks = " and clicks" if answers_clicks(chosen.folder) else ", not by clicks"
            self.stdout.write(
                f"SAM 3 is offered here, by words{clicks}: {chosen.folder}, device {chosen.device}, "
                f"precision {chosen.precision}."
            )
        self.stdout.write(LICENCE)

    def verify(self, checkpoints: list[Checkpoint]) -> None:
        """Say of each that it is whole; the first that is not ends it."""
        chosen = checkpoints or [one for one in CHECKPOINTS.values() if path_of(one).exists()]
        if not chosen:
            raise CommandError(f"There is no published checkpoint in {settings.MODELS_DIR}.")
        for checkpoint in chosen:
            if not path_of(checkpoint).exists():
                raise CommandError(f"There is no {path_of(checkpoint)}; “manage.py models fetch” gets it.")
            checkpoint_verify(path_of(checkpoint), checkpoint)
            self.stdout.write(f"{checkpoint.name} is the published file, sha256 {checkpoint.sha256}.")

    def fetch(self, checkpoints: list[Checkpoint], *, address: str) -> None:
        for checkpoint in checkpoints:
            path = checkpoint_fetch(
                checkpoint, folder=settings.MODELS_DIR, url=address, progress=self.progress(checkpoint)
            )
            self.stdout.write(f"{checkpoint.name} is in {path}. Workers use it from their next start on.")

    def progress(self, checkpoint: Checkpoint) -> Any:
        """Tell each tenth."""
        told = 0

        def tell(done: int, total: int) -> None:
            nonlocal told
            if done * 10 // total > told:
                told = done * 10 // total
                self.stdout.write(f"{checkpoint.name}: {told * 10} % of {total / MIB:.0f} MiB")

        return tell


def known(name: str) -> Checkpoint:
    if name not in CHECKPOINTS:
        raise CommandError(f"There is no published checkpoint {name!r}; there are {NAMES}.")
    return CHECKPOINTS[name]


def path_of(checkpoint: Checkpoint) -> Path:
    return Path(settings.MODELS_DIR) / checkpoint.file_name
