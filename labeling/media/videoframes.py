"""The frames of a video, exact in any order."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.video.frame import VideoFrame

from labeling.media.decoding import START, Decoding
from labeling.media.errors import FrameUnreadable, MediaRefused
from labeling.media.frametable import FrameTable
from labeling.media.picture import RgbConverter, RgbImage, frame_check
from labeling.media.sniff import sniff_file

_REORDERED = 32
"""Decoders give frames out of order by a few places at most."""
_WORTH_READING_ON = 8
"""Reading on over so many frames is cheaper than a seek."""
_TRIAL_FRAMES = 8


class VideoFrames:
    """See ``FrameReader``.

    Decoding starts at an entry of the table and goes on as long as that is shorter than
    starting anew. A decoded frame is known by its packet, never by counting or by time, and its
    fingerprint has to be the one that decoding from the start gave. Where it is not (a key frame
    that is none, concealed damage), decoding starts further back, at last from the beginning.
    """

    def __init__(
        self, path: Path, *, table: FrameTable, width: int, height: int, frame_bytes: int, threads: int
    ) -> None:
        self.width = width
        self.height = height
        self.table = table
        demuxer = sniff_file(path, name="video").code
        # What a decoder conceals may depend on its threads: damaged files are read by one.
        self._file = path.open("rb", buffering=0)
        self._decoding = Decoding(
            self._file, demuxer=demuxer, table=table, threads=1 if table.damaged else threads
        )
        self._converter = RgbConverter(width=width, height=height, orientation=table.orientation)
        self._kept = KeptFrames(frame_bytes)
        self._run: Iterator[tuple[int, VideoFrame]] = iter(())
        self._entry = START
        self._at = -1
        """The last ordinal that the run has given."""
        self._entry_ordinals = [ordinal for ordinal, _, _ in table.entries]
        self._has_checks = len(table.checks) == len(table)
        self._checks_hold = False

    def __len__(self) -> int:
        return len(self.table)

    def frame_size(self, frame: int) -> tuple[int, int]:
        """See FrameReader."""
        return self.width, self.height

    def read_rgb(self, frame: int) -> RgbImage:
        """Return the displayed picture; see FrameReader."""
        return self._converter.convert(self._decoded(frame))

    def reach(self, frame: int) -> None:
        """See FrameReader."""
        self._decoded(frame)

    def _decoded(self, frame: int) -> VideoFrame:
        if not 0 <= frame < len(self):
            raise FrameUnreadable(
                frame, f"There is no frame {frame}: the video has frames 0 to {len(self) - 1}."
            )
        decoded = self._kept.get(frame)
        if decoded is None:
            try:
                decoded = self._reach(frame)
            except (av.FFmpegError, MediaRefused, ValueError) as error:
                raise FrameUnreadable(frame, f"Frame {frame} cannot be decoded any more: {error}") from error
        return decoded

    def close(self) -> None:
        """Free the file and the decoded frames."""
        self._run = iter(())
        self._kept = KeptFrames(0)
        self._decoding.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reach(self, frame: int) -> VideoFrame:
        """Decode up to ``frame`` along the shortest way that leads to the true picture."""
        nearest = bisect_right(self._entry_ordinals, frame) - 1
        nearest_ordinal = self._entry_ordinals[nearest] if nearest != START else 0
        if self._at < frame and nearest_ordinal <= self._at + _WORTH_READING_ON:
            found = self._read_on(frame)
            if found is not None:
                return found
        entry, back = nearest, 1
        while True:
            self._enter(entry)
            found = self._read_on(frame)
            if found is not None:
                return found
            if self._has_checks and not self._checks_hold:
                self._try_checks()
            elif entry == START:
                raise FrameUnreadable(frame, f"Frame {frame} cannot be decoded: the file is not what it was.")
            else:
                entry, back = max(START, entry - back), back * 2

    def _enter(self, entry: int) -> None:
        self._entry = entry
        self._at = self._entry_ordinals[entry] - 1 if entry != START else -1
        self._run = self._decoding.run(entry)

    def _read_on(self, frame: int) -> VideoFrame | None:
        """Decode on until ``frame`` is there; None where this run does not lead to its true picture."""
        for ordinal, decoded in self._run:
            self._at = max(self._at, ordinal)
            true = self._is_true(ordinal, decoded)
            if true:
                self._kept.add(ordinal, decoded)
            if ordinal == frame and true:
                return decoded
            if ordinal == frame or ordinal > frame + _REORDERED:
                break
        self._run, self._at = iter(()), -1
        return None

    def _is_true(self, ordinal: int, decoded: VideoFrame) -> bool:
        """A frame is true when its fingerprint is, or when it was decoded from the very start."""
        if self._entry == START or not self._has_checks:
            return True
        if frame_check(decoded) != int(self.table.checks[ordinal]):
            return False
        self._checks_hold = True
        return True

    def _try_checks(self) -> None:
        """Find out whether this machine's decoder gives the fingerprints of the one that probed.

        Not every codec is defined to the bit (MPEG-4 part 2, MPEG-2): where even the first
        frames differ, fingerprints say nothing here and are left aside.
        """
        trial = self._decoding.run(START)
        pairs = [pair for pair, _ in zip(trial, range(_TRIAL_FRAMES), strict=False)]
        self._checks_hold = all(frame_check(got) == int(self.table.checks[place]) for place, got in pairs)
        self._has_checks = self._checks_hold


class KeptFrames:
    """The decoded frames met last, bounded in bytes (always at least one)."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._frames: OrderedDict[int, VideoFrame] = OrderedDict()

    def get(self, ordinal: int) -> VideoFrame | None:
        """Return the frame if it is kept."""
        return self._frames.get(ordinal)

    def add(self, ordinal: int, frame: VideoFrame) -> None:
        """Keep ``frame``, and let go of the oldest ones that no longer fit."""
        replaced = self._frames.pop(ordinal, None)
        self._bytes += _frame_bytes(frame) - (_frame_bytes(replaced) if replaced is not None else 0)
        self._frames[ordinal] = frame
        while self._bytes > self._most_bytes and len(self._frames) > 1:
            _, oldest = self._frames.popitem(last=False)
            self._bytes -= _frame_bytes(oldest)


def _frame_bytes(frame: VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)
