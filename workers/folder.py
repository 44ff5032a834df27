"""Tracking through a folder of pictures, from and to index masks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.shapes import Shape, ShapeKind
from workers.anchors import keys_of
from workers.backends.base import FrameSource, RgbFrame, Tracked, Tracker
from workers.far_sides import FarSides
from workers.track_run import Anchor, Anchors, Order, TrackRun

PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}

IndexMask = NDArray[np.uint8]
"""Shape ``(height, width)``: the number of the object on each pixel, 0 for none."""


class FolderError(Exception):
    """A folder or mask cannot be used. ``str(error)`` is the sentence that people read."""


class FolderFrames:
    """The pictures of a folder by name order, as the frames of one media.

    ``seconds``: processor time spent on reading them so far.
    """

    def __init__(self, folder: Path) -> None:
        """Raises FolderError when there is no picture in ``folder``."""
        if not folder.is_dir():
            raise FolderError(f"There is no folder {folder}.")
        self.paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES)
        if not self.paths:
            raise FolderError(f"The folder {folder} holds no pictures.")
        self.seconds = 0.0
        self.height, self.width = self._read(0).shape[:2]

    def __len__(self) -> int:
        return len(self.paths)

    def read_rgb(self, frame: int) -> RgbFrame:
        """Return a picture. Raises FolderError when it cannot be read or has another size."""
        picture = self._read(frame)
        if picture.shape[:2] != (self.height, self.width):
            raise FolderError(
                f"{self.paths[frame].name} is not {self.width} x {self.height} as the first one."
            )
        return picture

    def reach(self, frame: int) -> None:
        """A picture of a folder is read when it is asked for; one that cannot be read is an error then."""

    def _read(self, frame: int) -> RgbFrame:
        started = time.process_time()
        path = self.paths[frame]
        try:
            with Image.open(path) as image:
                return np.asarray(image.convert("RGB"))
        except (OSError, UnidentifiedImageError) as error:
            raise FolderError(f"{path.name} cannot be read as a picture.") from error
        finally:
            self.seconds += time.process_time() - started


@dataclass(frozen=True)
class FolderResult:
    """``frames``: how many were tracked. ``seconds``: processor time of the tracker alone."""

    frames: int
    seconds: float

    @property
    def frames_per_second(self) -> float:
        return self.frames / self.seconds if self.seconds else 0.0


def index_mask_read(path: Path) -> IndexMask:
    """Read a palette or grey PNG. Raises FolderError when it is neither."""
    try:
        with Image.open(path) as image:
            if image.mode not in ("P", "L", "1"):
                raise FolderError(f"{path.name} is not an index mask: it has to be a palette or grey PNG.")
            return np.asarray(image, dtype=np.uint8)
    except (OSError, UnidentifiedImageError) as error:
        raise FolderError(f"{path.name} cannot be read as a mask.") from error


def index_mask_write(mask: IndexMask, path: Path) -> None:
    """Write a palette PNG in the colours of PASCAL VOC and DAVIS."""
    image = Image.fromarray(mask, mode="P")
    image.putpalette(_palette())
    image.save(path)


def folder_masks(folder: Path, frames: FolderFrames, *, every: int) -> dict[int, IndexMask]:
    """Read the masks of every ``every``-th frame; they bear the frames' names.

    Raises FolderError when there is none for the first frame.
    """
    found = {
        frame: index_mask_read(path)
        for frame in range(0, len(frames), every)
        if (path := folder / f"{frames.paths[frame].stem}.png").exists()
    }
    if 0 not in found:
        raise FolderError(f"The folder {folder} has no mask for {frames.paths[0].name}.")
    return found


def folder_track(
    frames: FolderFrames,
    masks: Mapping[int, IndexMask],
    *,
    tracker: Tracker,
    out: Path,
    kind: ShapeKind = ShapeKind.BITMASK,
    parameters: Mapping[str, object] | None = None,
) -> FolderResult:
    """Track the objects of ``masks`` (by frame, one on frame 0) through all frames.

    Each object is followed as a shape of ``kind``. An index mask a frame is written to ``out``,
    named as the frame; on the frames of ``masks``, the key frames, it is the given one. Between key
    frames both are used where the tracker gains from it. Where objects overlap, the surer one is on
    top. Raises FolderError for masks that do not fit, BackendError as the tracker does.
    """
    _check(masks, frames)
    out.mkdir(parents=True, exist_ok=True)
    reading, seconds = frames.seconds, 0.0
    course = _course(tracker, frames, _anchors(masks, kind), parameters or {})
    try:
        for frame, path in enumerate(frames.paths):
            started = time.process_time()
            tracked = _frame_tracked(course, frame)
            mask = _painted(tracked, frames) if frame not in masks else masks[frame]
            seconds += time.process_time() - started
            index_mask_write(mask, out / f"{path.stem}.png")
    finally:
        course.session.close()
    return FolderResult(frames=len(frames) - 1, seconds=seconds - (frames.seconds - reading))


def _course(
    tracker: Tracker, frames: FolderFrames, anchors: Anchors, parameters: Mapping[str, object]
) -> TrackRun:
    """Order all frames, forwards; an object that is out of sight is looked for until the end."""
    seeds = {one: frame for frame in sorted(anchors, reverse=True) for one in anchors[frame]}
    order = Order(
        first=0,
        last=len(frames) - 1,
        backwards=False,
        interval=len(frames),
        max_frames_after_key=None,
        seeds=seeds,
    )
    far_sides = None
    if tracker.two_sided:
        far_sides = FarSides(
            pictures=frames,
            open=lambda: tracker.open(frames, parameters=parameters),
            keys=keys_of(order, anchors),
        )
    return TrackRun(order, anchors, tracker.open(frames, parameters=parameters), far_sides=far_sides)


def _frame_tracked(course: TrackRun, frame: int) -> dict[int, Tracked]:
    for _ in course.look_back(frame):
        pass
    return {outcome.instance_id: outcome.tracked for outcome in course.advance(frame)}


def _anchors(masks: Mapping[int, IndexMask], kind: ShapeKind) -> Anchors:
    return {
        frame: {one: Anchor(shape) for one, shape in _shapes(mask, kind).items()}
        for frame, mask in masks.items()
    }


def _shapes(mask: IndexMask, kind: ShapeKind) -> dict[int, Shape]:
    shapes = {int(n): mask_to_shape(mask == n, kind) for n in np.unique(mask) if n}
    return {object_id: shape for object_id, shape in shapes.items() if shape is not None}


def _painted(tracked: Mapping[int, Tracked], frames: FrameSource) -> IndexMask:
    mask = np.zeros((frames.height, frames.width), np.uint8)
    for object_id, found in sorted(tracked.items(), key=lambda item: item[1].confidence):
        if found.shape is not None:
            mask[shape_to_mask(found.shape, width=frames.width, height=frames.height)] = object_id
    return mask


def _check(masks: Mapping[int, IndexMask], frames: FrameSource) -> None:
    for frame, mask in masks.items():
        if mask.shape != (frames.height, frames.width):
            size = f"{mask.shape[1]} x {mask.shape[0]}"
            raise FolderError(
                f"The mask of frame {frame} is {size}, and the frames are {frames.width} x {frames.height}."
            )
    if not masks[0].any():
        raise FolderError("The first mask is empty: there is nothing to track.")


def _palette() -> list[int]:
    """Return 256 colours: the bits of the index dealt out to red, green and blue, highest first."""
    colours = np.zeros((256, 3), np.uint8)
    index = np.arange(256)
    for bit in range(8):
        for channel in range(3):
            colours[:, channel] |= (((index >> (3 * bit + channel)) & 1) << (7 - bit)).astype(np.uint8)
    return [int(value) for value in colours.reshape(-1)]
