"""The frames of a media, decoded ahead of the tracker on a thread."""

from __future__ import annotations

from threading import Condition, Thread
from types import TracebackType
from typing import Self

from labeling.media.limits import MIB
from labeling.media.picture import RgbImage
from labeling.media.reader import FrameReader

_MOST_AHEAD = 4
_MOST_BYTES = 64 * MIB


class ReadAhead:
    """A reader whose next pictures are decoded while the caller works on the last one.

    What comes next is told by what was asked: the frame ``step`` further, in the direction of the last
    step. At most four pictures or 64 MiB wait (at least one). A picture that is asked out of turn is read
    next, and reading ahead goes on from there. The thread starts with the first picture that is
    read; nothing else may use the reader until this is closed.
    """

    def __init__(self, reader: FrameReader, *, backwards: bool = False, step: int = 1) -> None:
        self._reader = reader
        self._step = -step if backwards else step
        self._most = max(1, min(_MOST_AHEAD, _MOST_BYTES // (3 * reader.width * reader.height)))
        self._last = 0
        self._first = 0
        """The window of pictures wanted begins here, and goes on in steps."""
        self._ready: dict[int, RgbImage | Exception] = {}
        self._closed = False
        self._changed = Condition()
        self._thread: Thread | None = None

    @property
    def width(self) -> int:
        return self._reader.width

    @property
    def height(self) -> int:
        return self._reader.height

    def __len__(self) -> int:
        return len(self._reader)

    def frame_size(self, frame: int) -> tuple[int, int]:
        """Return (width, height) of picture ``frame``, without decoding it."""
        return self._reader.frame_size(frame)

    def reach(self, frame: int) -> None:
        """Decode picture ``frame``, so that reading it next is sure. Raises FrameUnreadable."""
        if self._thread is None:
            self._reader.reach(frame)
        else:
            self._awaited(frame)

    def read_rgb(self, frame: int) -> RgbImage:
        """Return picture ``frame``, the caller's own. Raises FrameUnreadable."""
        if self._thread is None:
            picture = self._reader.read_rgb(frame)
            self._turn(frame)
            self._thread = Thread(target=self._read, name="read ahead", daemon=True)
        else:
            picture = self._awaited(frame)
        with self._changed:
            self._ready.pop(frame, None)
            self._first = frame + self._step
            self._changed.notify_all()
        if not self._thread.is_alive():
            self._thread.start()
        return picture

    def _awaited(self, frame: int) -> RgbImage:
        with self._changed:
            self._turn(frame)
            self._changed.notify_all()
            self._changed.wait_for(lambda: frame in self._ready)
            answer = self._ready[frame]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _turn(self, frame: int) -> None:
        """Move the window to ``frame``, and turn it where the caller has turned."""
        if abs(frame - self._last) == abs(self._step):
            self._step = frame - self._last
        self._last = self._first = frame
        window = self._window()
        self._ready = {ordinal: answer for ordinal, answer in self._ready.items() if ordinal in window}

    def _window(self) -> range:
        return range(self._first, self._first + self._step * self._most, self._step)

    def _wanted(self) -> int | None:
        """Return the next picture to read, None while there is none."""
        known = range(len(self._reader))
        open_ones = (one for one in self._window() if one not in self._ready)
        return next((one for one in open_ones if one in known or one == self._last), None)

    def _read(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._wanted() is not None)
                frame = self._wanted()
                if self._closed or frame is None:
                    return
            answer = self._picture(frame)
            with self._changed:
                if frame in self._window():
                    self._ready[frame] = answer
                    self._changed.notify_all()

    def _picture(self, frame: int) -> RgbImage | Exception:
        """Read a picture; whatever goes wrong is raised where the picture is asked for."""
        try:
            return self._reader.read_rgb(frame)
        except Exception as error:  # noqa: BLE001
            return error

    def close(self) -> None:
        """End the thread; the reader is the caller's again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
