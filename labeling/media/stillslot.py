"""One thread with at most one decoding child: it takes orders from the board and answers them."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import InvalidStateError
from contextlib import suppress
from pathlib import Path

from labeling.media.child import Child, ChildFailed
from labeling.media.diskcache import DiskCache
from labeling.media.errors import FrameUnreadable, MediaRefused, StorageError
from labeling.media.limits import CacheLimits, MediaLimits
from labeling.media.stillboard import StillBoard, StillOrder, StillSource

_OPEN_SECONDS = 30.0


class StillSlot:
    """Ends its child, and itself, after a while without orders."""

    def __init__(
        self, board: StillBoard, *, cache: DiskCache, limits: MediaLimits, shares: CacheLimits
    ) -> None:
        self._board = board
        self._cache = cache
        self._limits = limits
        self._shares = shares
        self._child: Child | None = None
        self._key: str | None = None
        """The media that this slot serves, as the board knows it."""
        self._source: StillSource | None = None
        """The media that the child has open."""
        self._at = 0
        self._turn = 0
        self._ahead: deque[StillOrder] = deque()
        """Stills of the current window that nobody waits for yet."""
        self._thread = threading.Thread(target=self._work, name="stills", daemon=True)
        self.is_working = True
        """False once the slot takes no more orders; changed under the board's lock."""

    @property
    def pid(self) -> int | None:
        child = self._child
        return child.pid if child is not None else None

    def start(self) -> None:
        """Begin to take orders."""
        self._thread.start()

    def join(self) -> None:
        """Wait until the slot has ended its child and itself."""
        self._thread.join()

    def _work(self) -> None:
        try:
            while True:
                order = self._next_order()
                if order is not None:
                    self._answer(order)
                elif self._ahead:
                    self._decode_ahead()
                else:
                    return
        finally:
            self._leave()

    def _next_order(self) -> StillOrder | None:
        """Wait for an order. None: decode ahead if there is something, else the slot is to end."""
        board = self._board
        with board.changed:
            while True:
                if board.closed:
                    self._ahead.clear()
                    return None
                order = board.take(key=self._key, at=self._at, turn=self._turn)
                if order is not None:
                    self._turn = self._turn + 1 if order.source.key == self._key else 0
                    self._key = order.source.key
                if order is not None or self._ahead:
                    return order
                if not board.changed.wait(self._shares.idle_seconds):
                    self.is_working = False
                    return None

    def _answer(self, order: StillOrder) -> None:
        try:
            path = self._still(order)
        except (FrameUnreadable, StorageError) as error:
            self._settle([order], error)
        except MediaRefused as refusal:
            with self._board.changed:
                orders = self._board.drop_all(order.source.key)
            self._settle(orders, refusal)
        else:
            self._settle([order], path)
            self._look_ahead(order)

    def _settle(self, orders: list[StillOrder], outcome: Path | Exception) -> None:
        with self._board.changed:
            for order in orders:
                self._board.done(order)
        for order in orders:
            # Closing may have answered it meanwhile.
            with suppress(InvalidStateError):
                if isinstance(outcome, Path):
                    order.future.set_result(outcome)
                else:
                    order.future.set_exception(outcome)

    def _look_ahead(self, order: StillOrder) -> None:
        """Plan the rest of the window around a still that was asked for."""
        window = self._shares.window
        first = order.frame - order.frame % window
        last = min(first + window, order.source.frame_count)
        frames = [*range(order.frame + 1, last), *range(first, order.frame)]
        self._ahead = deque(StillOrder(order.source, frame, order.width, order.window) for frame in frames)

    def _decode_ahead(self) -> None:
        order = self._ahead.popleft()
        try:
            self._still(order)
        except (FrameUnreadable, MediaRefused, StorageError):
            self._ahead.clear()  # whoever asks for that frame will be told

    def _still(self, order: StillOrder) -> Path:
        """Return a still out of the cache or from the child."""
        frame = order.frame
        path = self._cache.get(order.name)
        if path is not None:
            return path
        try:
            child = self._opened(order.source)
            child.send({"frame": frame, "width": order.width, "window": order.window})
            answer, jpeg = child.receive(seconds=self._limits.still_seconds)
        except (ChildFailed, OSError) as failure:
            self._end_child()
            raise FrameUnreadable(frame, f"Frame {frame} could not be decoded: {failure}.") from failure
        self._at = frame
        if "unreadable" in answer:
            raise FrameUnreadable(frame, answer["unreadable"])
        return self._cache.put(order.name, jpeg)

    def _opened(self, source: StillSource) -> Child:
        """Return the child that has ``source`` open; start one where there is none. Raises MediaRefused."""
        if self._child is not None and self._source is not None and self._source.key == source.key:
            return self._child
        self._end_child()
        self._source = source
        self._child = child = Child("labeling.media.stills_child")
        request = {
            "path": str(source.path.resolve()),
            "kind": source.kind,
            "width": source.width,
            "height": source.height,
            "frame_bytes": self._shares.frame_bytes,
            "limits": self._limits.to_json(),
        }
        child.send(request, source.table.to_bytes() if source.table is not None else b"")
        answer, _ = child.receive(seconds=_OPEN_SECONDS)
        if "refused" in answer:
            self._end_child()
            raise MediaRefused(answer["refused"], answer["sentence"])
        return child

    def _end_child(self) -> None:
        child, self._child = self._child, None
        self._ahead.clear()
        self._at = 0
        if child is not None:
            child.close()

    def _leave(self) -> None:
        """End the child, hand the media back, and answer what nobody else would."""
        self._end_child()
        board = self._board
        with board.changed:
            self.is_working = False
            board.served.discard(self._key or "")
            keys = list(board.orders) if board.closed else [self._key or ""]
            orders = [order for other in keys for order in board.drop_all(other)]
        for order in orders:
            ended = f"Frame {order.frame} was not decoded: the decoder was ended. Ask for it again."
            with suppress(InvalidStateError):
                order.future.set_exception(StorageError("closing", ended))
