"""Which media are meant by where they lie, what they are called, what they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, Value
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from labeling.models import Media


@dataclass(frozen=True)
class MediaFilter:
    """Media of ``connection`` whose whole key begins with ``prefix``; without one those whose title does.

    ``kinds``: kinds of media; none are all. Letters count as they are written, on both databases.
    """

    connection: int | None = None
    prefix: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """What the prefix is of."""
        return "title" if self.connection is None else "storage_key"

    def takes(self, media: Media) -> bool:
        """Say whether the media is meant."""
        if self.connection is not None and media.connection_id != self.connection:
            return False
        if self.kinds and media.kind not in self.kinds:
            return False
        return str(getattr(media, self.field)).startswith(self.prefix)

    def condition(self, path: str = "") -> Q:
        """``takes`` for queries; ``path`` leads to the media, as in ``media__``."""
        condition = Q()
        if self.connection is not None:
            condition &= Q(**{f"{path}connection": self.connection})
        if self.kinds:
            condition &= Q(**{f"{path}kind__in": self.kinds})
        if self.prefix:
            begin = Substr(F(f"{path}{self.field}"), 1, len(self.prefix))
            condition &= Q(Exact(begin, Value(self.prefix)))
        return condition
