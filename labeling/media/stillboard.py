"""Which stills are wanted, by whom, and who decodes them. Shared by the threads of one process."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from labeling.media.frametable import FrameTable
from labeling.media.kinds import FramesKind
from labeling.media.picturetable import PictureTable

_TURN = 16
"""A file keeps its child for so many stills while others wait for one."""


GreyWindow = tuple[float, float]
"""Center and width of the grey values that are shown."""


def still_name(key: str, *, frame: int, width: int | None, window: GreyWindow | None = None) -> str:
    """Return the name of a still in the cache."""
    folder = hashlib.sha256(key.encode()).hexdigest()
    form = str(width or "full") + ("" if window is None else f"_{window[0]:g}_{window[1]:g}")
    return f"{folder[:2]}/{folder}/{form}/{frame // 1000}/{frame}.jpg"


@dataclass(frozen=True, eq=False)
class StillSource:
    """One probed media file. ``key`` names its bytes for ever (a content hash)."""

    key: str
    path: Path
    kind: FramesKind
    table: FrameTable | PictureTable | None
    width: int
    height: int

    @property
    def frame_count(self) -> int:
        return len(self.table) if self.table is not None else 1


Still = tuple[int, int | None, GreyWindow | None]
"""Frame, width, window."""


@dataclass(eq=False)
class StillOrder:
    """One still that somebody waits for."""

    source: StillSource
    frame: int
    width: int | None
    window: GreyWindow | None = None
    future: Future[Path] = field(default_factory=Future)

    @property
    def still(self) -> Still:
        """What tells the orders for one media apart."""
        return self.frame, self.width, self.window

    @property
    def name(self) -> str:
        """The still's name in the cache."""
        return still_name(self.source.key, frame=self.frame, width=self.width, window=self.window)

    def __post_init__(self) -> None:
        # Several requests share the future: none of them may cancel it for the others.
        self.future.set_running_or_notify_cancel()


@dataclass
class StillBoard:
    """Orders by media, and the media that have a child. All members are used under ``changed``."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    orders: OrderedDict[str, OrderedDict[Still, StillOrder]] = field(default_factory=OrderedDict)
    served: set[str] = field(default_factory=set)
    closed: bool = False

    def put(self, order: StillOrder) -> StillOrder:
        """Add an order, or return the one that is there for the same still."""
        waiting = self.orders.setdefault(order.source.key, OrderedDict())
        return waiting.setdefault(order.still, order)

    def has_unserved(self) -> bool:
        """Say whether some media is wanted and has no child."""
        return any(key not in self.served for key in self.orders)

    def take(self, *, key: str | None, at: int, turn: int) -> StillOrder | None:
        """Return the next order for a child that has ``key`` open and stands at frame ``at``.

        Its own media first, for a turn; then the media that waits longest for a child. Within a
        media frames are taken upwards from where the decoder stands, then from the lowest.
        """
        own = key is not None and key in self.orders
        if own and (turn < _TURN or not self.has_unserved()):
            chosen = key
        else:
            chosen = next((other for other in self.orders if other not in self.served), key if own else None)
        if chosen is None:
            return None
        if chosen != key:
            self.served.discard(key or "")
            self.served.add(chosen)
        waiting = self.orders[chosen]
        ahead = [still for still in waiting if still[0] >= at] if chosen == key else []
        return waiting[min(ahead or waiting, key=lambda still: (still[0], still[1] or 0))]

    def done(self, order: StillOrder) -> None:
        """Forget an order that was answered."""
        waiting = self.orders.get(order.source.key)
        if waiting is not None:
            waiting.pop(order.still, None)
            if not waiting:
                del self.orders[order.source.key]

    def drop_all(self, key: str) -> list[StillOrder]:
        """Forget and return all orders for one media."""
        return list(self.orders.pop(key, OrderedDict()).values())
