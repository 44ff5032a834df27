"""Exact frames by ordinal: one reader for stills and workers."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from labeling.media.errors import FrameUnreadable, MediaRefused
from labeling.media.frametable import FrameTable
from labeling.media.kinds import MediaKind
from labeling.media.limits import MIB
from labeling.media.picture import RgbImage
from labeling.media.pictureframes import PictureFrames
from labeling.media.picturetable import PictureTable, is_picture_table
from labeling.media.sniff import sniff_file
from labeling.media.stillimage import DECODE_ERRORS, image_rgb, open_image
from labeling.media.videoframes import VideoFrames

_DEFAULT_FRAME_BYTES = 192 * MIB


class FrameReader(Protocol):
    """The displayed pictures of one media, by ordinal. Not safe to share between threads."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def __len__(self) -> int: ...

    def frame_size(self, frame: int) -> tuple[int, int]:
        """Return (width, height) of picture ``frame``, without decoding it."""
        ...

    def read_rgb(self, frame: int) -> RgbImage:
        """Return picture ``frame`` (from 0): uint8, shape ``(height, width, 3)``, the caller's own.

        Raises FrameUnreadable for an ordinal outside the media or a picture that cannot be had.
        """
        ...

    def reach(self, frame: int) -> None:
        """Decode picture ``frame``, so that reading it next is sure and cheap.

        Raises FrameUnreadable as ``read_rgb`` does.
        """
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def table_of(data: bytes) -> FrameTable | PictureTable:
    """Read the packed table of a video or of a series. Raises ValueError for anything else."""
    return PictureTable.from_bytes(data) if is_picture_table(data) else FrameTable.from_bytes(data)


def open_frames(
    path: Path,
    *,
    kind: MediaKind,
    table: FrameTable | PictureTable | None,
    width: int,
    height: int,
    frame_bytes: int = _DEFAULT_FRAME_BYTES,
    threads: int = 0,
) -> FrameReader:
    """Open a probed media. ``width`` and ``height`` are those that the probe gave.

    ``frame_bytes`` bounds the decoded frames kept in memory, ``threads`` the decoder's threads
    (0: one a core). Raises MediaRefused for a file that is not the one probed.
    """
    if kind == "image":
        return ImageFrames(path, width=width, height=height)
    if isinstance(table, PictureTable):
        if kind == "dicom":
            # Its libraries are large, and other kinds do without.
            from labeling.media.dicomframes import DicomFrames

            return DicomFrames(path, table=table, frame_bytes=frame_bytes)
        return PictureFrames(path, table=table, frame_bytes=frame_bytes)
    if kind != "video" or table is None:
        raise MediaRefused("unsupported", "This media has no frames.")
    return VideoFrames(
        path, table=table, width=width, height=height, frame_bytes=frame_bytes, threads=threads
    )


class ImageFrames:
    """A single picture as a media of one frame."""

    def __init__(self, path: Path, *, width: int, height: int) -> None:
        form = sniff_file(path, name="picture")
        try:
            with open_image(path, form=form.code, max_pixels=width * height) as image:
                self._picture = image_rgb(image)
        except DECODE_ERRORS as error:
            raise MediaRefused("undecodable", "The picture cannot be decoded any more.") from error
        if self._picture.shape[:2] != (height, width):
            raise MediaRefused("changed", "The picture is not of the size it was registered with.")
        self.width = width
        self.height = height

    def __len__(self) -> int:
        return 1

    def frame_size(self, frame: int) -> tuple[int, int]:
        """See FrameReader."""
        return self.width, self.height

    def read_rgb(self, frame: int) -> RgbImage:
        """Return the picture; see FrameReader."""
        self.reach(frame)
        return self._picture.copy()

    def reach(self, frame: int) -> None:
        """See FrameReader."""
        if frame != 0:
            raise FrameUnreadable(frame, f"There is no frame {frame}: an image has frame 0 only.")

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
