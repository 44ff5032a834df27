"""The frames of an image group or an image sequence, exact in any order."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections import OrderedDict
from pathlib import Path
from types import TracebackType
from typing import Self

from labeling.media.archive import entry_bytes
from labeling.media.errors import FrameUnreadable, MediaRefused
from labeling.media.picture import RgbImage
from labeling.media.picturetable import Picture, PictureTable
from labeling.media.stillimage import DECODE_ERRORS, image_rgb, open_image


class SeriesFrames(ABC):
    """What readers of several pictures share; see FrameReader. Each frame may have its own size:
    ``width`` and ``height`` are the largest of each."""

    def __init__(self, path: Path, *, table: PictureTable, frame_bytes: int) -> None:
        self.table = table
        self.width, self.height = table.width, table.height
        self._file = path.open("rb")
        self._kept = KeptPictures(frame_bytes)

    def __len__(self) -> int:
        return len(self.table)

    def frame_size(self, frame: int) -> tuple[int, int]:
        """See FrameReader."""
        return self.table.sizes[frame]

    def read_rgb(self, frame: int) -> RgbImage:
        """Return the displayed picture; see FrameReader."""
        return self._picture(frame).copy()

    def reach(self, frame: int) -> None:
        """See FrameReader."""
        self._picture(frame)

    def read_window(self, frame: int, *, center: float, width: float) -> RgbImage:
        """Return the picture with its grey values in another window, where it has such values.

        Raises FrameUnreadable as ``read_rgb`` does.
        """
        del center, width
        return self.read_rgb(frame)

    def _picture(self, frame: int) -> RgbImage:
        entry = self.checked(frame)
        picture = self._kept.get(frame)
        if picture is None:
            picture = self.decoded(frame, entry)
            if picture.shape[:2] != (entry.height, entry.width):
                raise changed(frame)
            self._kept.add(frame, picture)
        return picture

    def checked(self, frame: int) -> Picture:
        """Return the frame's row. Raises FrameUnreadable for one that is not there, or is damaged."""
        if not 0 <= frame < len(self.table):
            last = len(self.table) - 1
            raise FrameUnreadable(frame, f"There is no frame {frame}: the series has frames 0 to {last}.")
        entry = self.table.pictures[frame]
        if entry.flaw:
            raise FrameUnreadable(frame, f"The picture of frame {frame} cannot be decoded: {entry.flaw}.")
        return entry

    @abstractmethod
    def decoded(self, frame: int, entry: Picture) -> RgbImage:
        """Decode the picture. Raises FrameUnreadable."""

    def close(self) -> None:
        """Free the file and the decoded pictures."""
        self._kept = KeptPictures(0)
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PictureFrames(SeriesFrames):
    """The pictures of an image group or an image sequence."""

    def decoded(self, frame: int, entry: Picture) -> RgbImage:
        """See SeriesFrames."""
        try:
            data = entry_bytes(self._file, entry.entry, max_bytes=entry.entry.size)
            pixels = entry.width * entry.height
            with open_image(io.BytesIO(data), form=entry.form, max_pixels=pixels) as image:
                return image_rgb(image)
        except (MediaRefused, *DECODE_ERRORS) as error:
            raise changed(frame) from error


def changed(frame: int) -> FrameUnreadable:
    """A frame that decoded once and does not any more."""
    return FrameUnreadable(frame, f"Frame {frame} cannot be decoded any more: the file is not what it was.")


class KeptPictures:
    """The decoded pictures met last, bounded in bytes (always at least one)."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pictures: OrderedDict[int, RgbImage] = OrderedDict()

    def get(self, frame: int) -> RgbImage | None:
        """Return the picture if it is kept."""
        return self._pictures.get(frame)

    def add(self, frame: int, picture: RgbImage) -> None:
        """Keep ``picture``, and let go of the oldest ones that no longer fit."""
        self._pictures[frame] = picture
        self._bytes += picture.nbytes
        while self._bytes > self._most_bytes and len(self._pictures) > 1:
            self._bytes -= self._pictures.popitem(last=False)[1].nbytes
