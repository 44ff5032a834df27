"""The pictures of frames, as JPEG. They are decoded by child processes and kept in a capped cache."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import cast

from labeling.errors import LabelyardError, conflict, refused
from labeling.media.configured import media_stills
from labeling.media.errors import FrameUnreadable, MediaRefused, StorageError
from labeling.media.frametable import FrameTable
from labeling.media.kinds import FramesKind
from labeling.media.picturetable import PictureTable
from labeling.media.reader import table_of
from labeling.media.stillboard import GreyWindow
from labeling.media.stills import StillSource
from labeling.models import Media, MediaFrames, MediaKind, MediaState
from labeling.selectors.media_files import media_local_path

# A still may be thrown out of the cache between being made and being read.
TRIES = 3
WINDOW_STEPS = 1024
PICTURES = (
    MediaKind.VIDEO,
    MediaKind.IMAGE,
    MediaKind.IMAGE_GROUP,
    MediaKind.IMAGE_SEQUENCE,
    MediaKind.DICOM,
)
TABLED = tuple(kind for kind in PICTURES if kind != MediaKind.IMAGE)


def still_jpeg(*, media: Media, frame: int, width: int | None, window: GreyWindow | None = None) -> bytes:
    """Return the JPEG of ``frame`` (from 0), no wider than ``width`` pixels; a DICOM series with the
    grey values of ``window``, as ``window_rounded`` gave it.

    Raises ``media_not_ready`` (409), ``media_opaque`` and ``frame_unreadable`` (422),
    ``frame_out_of_range`` (404), ``storage_…``.
    """
    if media.state != MediaState.READY:
        raise conflict("media_not_ready", f"“{media}” is {MediaState(media.state).label.lower()}.")
    if media.kind not in PICTURES:
        raise refused("media_opaque", f"“{media}” is {media.noun}, which has no frames to show.")
    if not 0 <= frame < (media.frame_count or 0):
        sentence = f"“{media}” has the frames 0 to {(media.frame_count or 1) - 1}; there is no frame {frame}."
        raise LabelyardError("frame_out_of_range", sentence, status=404)
    for _ in range(TRIES):
        try:
            return still_read(media, frame=frame, width=width, window=window)
        except FileNotFoundError:
            continue
    raise LabelyardError("still_gone", "The cache of stills is too small to hold this frame.", status=507)


def thumb_frame(media: Media) -> int:
    """Return the frame that stands for the media: the first one that is whole, of a volume its middle."""
    count = media.frame_count or 1
    wanted = count // 2 if media.kind == MediaKind.DICOM else 0
    for first, last in media.damaged:
        if first <= wanted <= last:
            wanted = last + 1
    return wanted if wanted < count else 0


def still_read(media: Media, *, frame: int, width: int | None, window: GreyWindow | None) -> bytes:
    narrower = width if width is not None and width < (media.width or 0) else None
    path = media_stills().cached(media.pictures_key, frame=frame, width=narrower, window=window)
    try:
        if path is None:
            with media_local_path(media) as file:
                source = StillSource(
                    key=media.pictures_key,
                    path=file,
                    kind=reader_kind(media),
                    table=frame_table(media) if media.kind in TABLED else None,
                    width=media.width or 0,
                    height=media.height or 0,
                )
                path = media_stills().still_path(source, frame=frame, width=narrower, window=window)
    except FrameUnreadable as error:
        raise refused("frame_unreadable", error.sentence, frame=error.frame) from error
    except MediaRefused as error:
        raise refused(error.code, error.sentence) from error
    except StorageError as error:
        raise LabelyardError(f"storage_{error.code}", error.sentence, status=503) from error
    return path.read_bytes()


def window_rounded(media: Media, *, center: float | None, width: float | None) -> GreyWindow | None:
    """Return the window to show, rounded so that dragging one does not fill the cache with pictures that
    look alike: to whole numbers, or to parts of the range that occurs where it is small or huge.

    None is the default window, and media that have no windows. What is not given is the default's.
    """
    told = media.window
    if told is None or (center is None and width is None):
        return None
    wanted = (told["center"] if center is None else center, told["width"] if width is None else width)
    span = max(told["high"] - told["low"], 0.0) or 1.0
    step = span / WINDOW_STEPS if span < WINDOW_STEPS else max(1.0, math.ceil(span / (4 * WINDOW_STEPS)))
    least, most = told["low"] - span, told["high"] + span
    rounded = (
        min(max(round(wanted[0] / step) * step, least), most),
        min(max(round(wanted[1] / step) * step, step), 4 * span),
    )
    is_default = all(
        abs(one - told[name]) < step / 2 for one, name in zip(wanted, ("center", "width"), strict=True)
    )
    return None if is_default else rounded


def reader_kind(media: Media) -> FramesKind:
    """The kind as the readers of frames name it. Raises ``media_opaque`` (422) where there are none."""
    if media.kind not in PICTURES:
        raise refused("media_opaque", f"“{media}” is {media.noun}, which has no frames to show.")
    return cast(FramesKind, str(media.kind))


def frame_table(media: Media) -> FrameTable | PictureTable:
    """The frame table of a video or a series that was read; it never changes then."""
    return table_kept(media.pk, media.pictures_key)


@lru_cache(maxsize=32)
def table_kept(media_id: int, pictures_key: str) -> FrameTable | PictureTable:
    """``pictures_key`` is asked for since a database may give an id anew."""
    return table_of(bytes(MediaFrames.objects.get(media_id=media_id).table))
