"""Stills: displayed frames as JPEG files out of a capped disk cache, decoded by child processes."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from pathlib import Path

from labeling.media.diskcache import DiskCache
from labeling.media.errors import FrameUnreadable
from labeling.media.limits import CacheLimits, MediaLimits
from labeling.media.stillboard import GreyWindow, StillBoard, StillOrder, StillSource, still_name
from labeling.media.stillslot import StillSlot

__all__ = ["StillSource", "Stills"]

_NARROWEST = 16


class Stills:
    """The stills of one process. Make one in each process, after it was forked; thread-safe.

    Several processes may share ``root``. JPEGs are of quality 85 and never change.
    """

    def __init__(self, root: Path, *, cache: CacheLimits, limits: MediaLimits) -> None:
        self._cache = DiskCache(root, max_bytes=cache.max_bytes)
        self._cache_limits = cache
        self._limits = limits
        self._board = StillBoard()
        self._slots: list[StillSlot] = []

    def cached(
        self, key: str, *, frame: int, width: int | None = None, window: GreyWindow | None = None
    ) -> Path | None:
        """Return the still if it is on disk already; nothing is decoded, no source is needed."""
        return self._cache.get(still_name(key, frame=frame, width=width, window=window))

    def still_path(
        self,
        source: StillSource,
        *,
        frame: int,
        width: int | None = None,
        window: GreyWindow | None = None,
    ) -> Path:
        """Return the JPEG of ``frame`` (from 0), scaled down to ``width`` pixels if it is wider.

        ``window``: the grey values of a DICOM series to show, other than by default.
        Waits for the decoding child where the still is not cached; requests for the same window
        wait for one decode. Raises FrameUnreadable, MediaRefused and StorageError (cache full).
        """
        return self.request(source, frame=frame, width=width, window=window).result()

    async def still_path_async(self, source: StillSource, *, frame: int, width: int | None = None) -> Path:
        """Like ``still_path``, without a thread that waits."""
        return await asyncio.wrap_future(self.request(source, frame=frame, width=width))

    def request(
        self,
        source: StillSource,
        *,
        frame: int,
        width: int | None = None,
        window: GreyWindow | None = None,
    ) -> Future[Path]:
        """Like ``still_path``, as a future. Never waits; every future ends (each frame has a time limit)."""
        if not 0 <= frame < source.frame_count:
            raise FrameUnreadable(frame, f"There is no frame {frame}: the media has {source.frame_count}.")
        if width is not None:
            width = max(_NARROWEST, width) if width < source.width else None
        path = self.cached(source.key, frame=frame, width=width, window=window)
        if path is not None:
            ready: Future[Path] = Future()
            ready.set_result(path)
            return ready
        return self._order(StillOrder(source, frame, width, window))

    def _order(self, order: StillOrder) -> Future[Path]:
        board = self._board
        with board.changed:
            if board.closed:
                raise RuntimeError("These stills are closed.")
            order = board.put(order)
            self._slots = [slot for slot in self._slots if slot.is_working]
            if order.source.key not in board.served and len(self._slots) < self._cache_limits.children:
                slot = StillSlot(board, cache=self._cache, limits=self._limits, shares=self._cache_limits)
                self._slots.append(slot)
                slot.start()
            board.changed.notify_all()
        return order.future

    def child_pids(self) -> list[int]:
        """Return the process ids of the decoding children that run now."""
        return [pid for slot in self._slots if (pid := slot.pid) is not None]

    def close(self) -> None:
        """End all children and wait for their end; orders that wait are answered with an error."""
        with self._board.changed:
            self._board.closed = True
            self._board.changed.notify_all()
        for slot in self._slots:
            slot.join()
