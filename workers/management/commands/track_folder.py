"""``manage.py track_folder``: the trackers of the jobs, on a folder of pictures."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labeling.geometry.shapes import ShapeKind
from workers.backends.base import BackendError
from workers.backends.registry import tracker_get
from workers.folder import (
    FolderError,
    FolderFrames,
    FolderResult,
    folder_masks,
    folder_track,
    index_mask_read,
)

_KINDS = [
    ShapeKind.BITMASK,
    ShapeKind.POLYGON,
    ShapeKind.BOUNDING_BOX,
    ShapeKind.ROTATABLE_BOUNDING_BOX,
]


class Command(BaseCommand):
    """Track the objects of an index mask through a folder of frames."""

    help = "Track the objects of an index mask through a folder of frames and write index masks."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("frames", type=Path, help="folder of pictures, in the order of their names")
        given = parser.add_mutually_exclusive_group(required=True)
        given.add_argument("--mask", type=Path, help="index PNG of the first frame")
        given.add_argument("--masks", type=Path, help="folder of index PNGs, named as the frames")
        parser.add_argument("--every", type=int, default=20, help="with --masks: every n-th is a key frame")
        parser.add_argument("--algorithm", default="fast", help="name of the tracker")
        parser.add_argument("--out", type=Path, required=True, help="folder for the index PNGs")
        parser.add_argument("--shape", choices=[str(kind) for kind in _KINDS], default=str(_KINDS[0]))
        parser.add_argument("--seed", type=int, default=0, help="random seed of the tracker")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = _tracked(options)
        except (FolderError, BackendError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{result.frames} frames in {result.seconds:.2f} s of one core: "
            f"{result.frames_per_second:.1f} frames a second (reading and writing not counted)"
        )


def _tracked(options: dict[str, Any]) -> FolderResult:
    if options["every"] < 1:
        raise FolderError("--every has to be 1 or more.")
    frames = FolderFrames(options["frames"])
    if options["masks"] is None:
        masks = {0: index_mask_read(options["mask"])}
    else:
        masks = folder_masks(options["masks"], frames, every=options["every"])
    return folder_track(
        frames,
        masks,
        tracker=tracker_get(options["algorithm"]),
        out=options["out"],
        kind=ShapeKind(options["shape"]),
        parameters={"seed": options["seed"]},
    )
