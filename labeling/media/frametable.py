"""The frame table: which pictures a video decodes to, and where a decoder may enter.

It comes from decoding the whole file once (packets lie: edit lists, open starts, hidden
frames). A frame is the n-th displayed picture, from 0. See ``docs/media.md``.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Int64Array = NDArray[np.int64]
UInt32Array = NDArray[np.uint32]
_MAGIC = b"LYFT1\n"


def _empty_int64() -> Int64Array:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class FrameTable:
    """All frames of one video in display order.

    ``pts`` are presentation times in units of ``time_base`` seconds, sorted. ``keyframe_pts``
    and ``keyframe_dts`` name the packets at which decoding may start: identity of the packet,
    and the time to seek to. ``damaged`` are spans of ordinals, both ends inclusive.
    """

    pts: Int64Array
    keyframe_pts: Int64Array
    keyframe_dts: Int64Array
    time_base: Fraction
    damaged: Sequence[tuple[int, int]] = ()
    keys: Int64Array | None = None
    """Identity of each frame's packet where that is not its ``pts`` (AVI has decoding times only)."""
    checks: UInt32Array = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))
    """One fingerprint a frame, see ``labeling.media.fingerprint``; empty when not known."""
    orientation: int = 1
    """EXIF orientation (1 to 8) that turns the decoded picture into the displayed one."""
    counted: bool = False
    """Packets cannot be told apart: frames are found by counting from the start of the file."""

    def __post_init__(self) -> None:
        if len(self.pts) and bool(np.any(np.diff(self.pts) < 0)):
            raise ValueError("The presentation times of a frame table must be sorted.")
        if len(self.keyframe_pts) != len(self.keyframe_dts):
            raise ValueError("A frame table needs one decoding time for each key frame.")

    def __len__(self) -> int:
        return len(self.pts)

    def seconds(self, frame: int) -> float:
        """Return when ``frame`` is shown, in seconds from the first frame."""
        return float((int(self.pts[frame]) - int(self.pts[0])) * self.time_base)

    def frame_at(self, seconds: float) -> int:
        """Return the ordinal of the frame that is shown ``seconds`` after the first one."""
        time = int(self.pts[0]) + seconds / float(self.time_base) + 1e-6
        return int(np.clip(np.searchsorted(self.pts, time, side="right") - 1, 0, len(self) - 1))

    @cached_property
    def step(self) -> Fraction:
        """The usual time between two frames, in seconds; 0 for a single frame."""
        if len(self) < 2:
            return Fraction(0)
        return int(np.median(np.diff(self.pts))) * self.time_base

    @property
    def duration_seconds(self) -> float:
        """Seconds from the first frame to the end of the last one."""
        return self.seconds(len(self) - 1) + float(self.step) if len(self) else 0.0

    @property
    def fps(self) -> float:
        """Frames a second on average; 0.0 where there is no time between frames."""
        span = self.seconds(len(self) - 1) if len(self) else 0.0
        return (len(self) - 1) / span if span > 0 else 0.0

    def is_damaged(self, frame: int) -> bool:
        """Say whether ``frame`` lies in a damaged span."""
        return any(first <= frame <= last for first, last in self.damaged)

    @cached_property
    def ordinals(self) -> dict[int, int]:
        """The ordinal of each frame by the identity of its packet; empty for a counted table."""
        if self.counted:
            return {}
        keys = self.pts if self.keys is None else self.keys
        return {int(key): frame for frame, key in enumerate(keys)}

    @cached_property
    def entries(self) -> list[tuple[int, int, int]]:
        """Where decoding may start: (ordinal, packet identity, seek time), by ordinal."""
        ordinals = self.ordinals
        pairs = zip(self.keyframe_pts.tolist(), self.keyframe_dts.tolist(), strict=True)
        return sorted((ordinals[key], key, seek) for key, seek in pairs if key in ordinals)

    def to_bytes(self) -> bytes:
        """Return the compressed table; the same table always gives the same bytes."""
        arrays = [self.pts, self.keyframe_pts, self.keyframe_dts]
        arrays += [_empty_int64() if self.keys is None else self.keys]
        head = {
            "counts": [len(array) for array in arrays] + [len(self.checks)],
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "damaged": [list(span) for span in self.damaged],
            "keyed": self.keys is not None,
            "orientation": self.orientation,
            "counted": self.counted,
        }
        # Differences of differences of regular times are zeros, which compress to nothing.
        packed = b"".join(_differences(array).astype("<i8").tobytes() for array in arrays)
        packed += self.checks.astype("<u4").tobytes()
        line = json.dumps(head, separators=(",", ":")).encode() + b"\n"
        return _MAGIC + line + zlib.compress(packed, 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> FrameTable:
        """Read what ``to_bytes`` wrote. Raises ValueError for anything else."""
        if not data.startswith(_MAGIC):
            raise ValueError("These bytes are not a frame table.")
        line, _, body = data[len(_MAGIC) :].partition(b"\n")
        head = json.loads(line)
        counts = head["counts"]
        size = 8 * sum(counts[:4]) + 4 * counts[4]
        packed = zlib.decompressobj().decompress(body, size + 1)
        if len(packed) != size:
            raise ValueError("The frame table is cut short or too long.")
        arrays, offset = [], 0
        for count in counts[:4]:
            arrays.append(_sums(np.frombuffer(packed, dtype="<i8", count=count, offset=offset)))
            offset += 8 * count
        checks = np.frombuffer(packed, dtype="<u4", count=counts[4], offset=offset)
        return cls(
            pts=arrays[0],
            keyframe_pts=arrays[1],
            keyframe_dts=arrays[2],
            time_base=Fraction(*head["time_base"]),
            damaged=tuple((first, last) for first, last in head["damaged"]),
            keys=arrays[3] if head["keyed"] else None,
            checks=checks.astype(np.uint32),
            orientation=head["orientation"],
            counted=head["counted"],
        )


def _differences(array: Int64Array) -> Int64Array:
    for _ in range(2):
        array = np.diff(array, prepend=np.int64(0))
    return array


def _sums(array: Int64Array) -> Int64Array:
    return np.cumsum(np.cumsum(array, dtype=np.int64), dtype=np.int64)
