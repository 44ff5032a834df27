"""Pictures that were encoded, kept for the next click on them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from workers.backends.clicking import Embedding

Key = tuple[str, int, str]
"""The media's pictures, the frame, and the segmenter with its version."""


class KeptEmbeddings:
    """At most ``most_bytes`` of embeddings; what was not used for longest goes first.

    The one that was asked for last stays, whatever its size: it is what the person is looking at.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.kept: OrderedDict[Key, Embedding] = OrderedDict()

    @property
    def nbytes(self) -> int:
        return sum(embedding.nbytes for embedding in self.kept.values())

    def get(self, key: Key, make: Callable[[], Embedding]) -> Embedding:
        """Return the embedding of ``key``; ``make`` it when it is not kept. Room is made before."""
        if key not in self.kept:
            while self.kept and self.nbytes > self.most_bytes:
                self.kept.popitem(last=False)
            self.kept[key] = make()
        self.kept.move_to_end(key)
        while len(self.kept) > 1 and self.nbytes > self.most_bytes:
            self.kept.popitem(last=False)
        return self.kept[key]
