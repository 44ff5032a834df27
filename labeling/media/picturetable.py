"""The frame table of a series of pictures: where each frame lies, how large it is, what is wrong with it."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from functools import cached_property

from labeling.media.archive import Entry

_MAGIC = b"LYPT1\n"


def is_picture_table(data: bytes) -> bool:
    """Say whether these bytes are what ``PictureTable.to_bytes`` writes."""
    return data.startswith(_MAGIC)


@dataclass(frozen=True)
class Window:
    """Which values of a grey picture are shown: ``center`` and ``width`` of the default, and the least
    and greatest value that occur in the series. ``function`` is DICOM's: LINEAR, LINEAR_EXACT, SIGMOID."""

    center: float
    width: float
    low: float
    high: float
    function: str = "LINEAR"


@dataclass(frozen=True)
class Picture:
    """One frame. ``form`` is Pillow's format, or ``DICOM``; ``inner`` its number inside its file.

    ``flaw`` says why it cannot be decoded; empty for a whole one. ``width`` and ``height`` are those of
    the displayed picture, in pixels.
    """

    entry: Entry
    form: str
    width: int
    height: int
    inner: int = 0
    flaw: str = ""


@dataclass(frozen=True)
class PictureTable:
    """All frames of a series in display order."""

    pictures: tuple[Picture, ...]
    window: Window | None = None

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def width(self) -> int:
        """Of the widest frame, in pixels."""
        return max(picture.width for picture in self.pictures)

    @property
    def height(self) -> int:
        """Of the highest frame, in pixels."""
        return max(picture.height for picture in self.pictures)

    @cached_property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """(width, height) of each frame."""
        return tuple((picture.width, picture.height) for picture in self.pictures)

    @property
    def sizes_differ(self) -> bool:
        return len(set(self.sizes)) > 1

    @property
    def damaged(self) -> tuple[tuple[int, int], ...]:
        """Spans of frames that cannot be decoded, both ends inclusive."""
        spans: list[tuple[int, int]] = []
        for frame, picture in enumerate(self.pictures):
            if not picture.flaw:
                continue
            if spans and spans[-1][1] == frame - 1:
                spans[-1] = (spans[-1][0], frame)
            else:
                spans.append((frame, frame))
        return tuple(spans)

    def to_bytes(self) -> bytes:
        """Return the compressed table; the same table always gives the same bytes."""
        entries = list(dict.fromkeys(picture.entry for picture in self.pictures))
        places = {entry: place for place, entry in enumerate(entries)}
        told = {
            "entries": [[e.name, e.offset, e.packed, e.size, e.method, e.crc] for e in entries],
            "pictures": [
                [places[p.entry], p.form, p.width, p.height, p.inner, p.flaw] for p in self.pictures
            ],
            "window": asdict(self.window) if self.window else None,
        }
        return _MAGIC + zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> PictureTable:
        """Read what ``to_bytes`` wrote. Raises ValueError for anything else."""
        if not is_picture_table(data):
            raise ValueError("These bytes are not a table of pictures.")
        told = json.loads(zlib.decompress(data[len(_MAGIC) :]))
        entries = [Entry(*fields) for fields in told["entries"]]
        pictures = tuple(Picture(entries[place], *fields) for place, *fields in told["pictures"])
        return cls(pictures, Window(**told["window"]) if told["window"] else None)
