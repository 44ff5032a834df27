"""Which workers answer prompts now, and which of them a frame belongs to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from labeling.lane.prompts import Picture
from labeling.lane.store import ALIVE_SECONDS
from labeling.offers import Reads, best


@dataclass(frozen=True)
class LiveWorker:
    """A worker process. ``id``: its name, ``#``, what is new with each start. ``queue``: its own.

    ``clickers``: its segmenters by name. ``detectors``: its detectors by name, and what each understands.
    """

    id: str
    queue: str
    clickers: tuple[str, ...]
    detectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name that it is announced by, too."""
        return self.id.partition("#")[0]

    def packed(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, text: str) -> Self:
        told = json.loads(text)
        detectors = {name: tuple(reads) for name, reads in told["detectors"].items()}
        return cls(told["id"], told["queue"], tuple(told["clickers"]), detectors)


@dataclass(frozen=True)
class Answerer:
    """Who answers a prompt: a detector, by what it ``reads``, or a segmenter (``reads`` None)."""

    name: str
    reads: Reads | None = None

    def is_offered_by(self, worker: LiveWorker) -> bool:
        if self.reads is None:
            return self.name in worker.clickers
        return self.reads in worker.detectors.get(self.name, ())

    def packed(self) -> str:
        return json.dumps([self.name, self.reads])

    @classmethod
    def unpacked(cls, text: str) -> Self:
        name, reads = json.loads(text)
        return cls(name, reads and Reads(reads))


def worker_beat(store: Any, worker: LiveWorker) -> None:
    """Say that the worker is alive, for ``ALIVE_SECONDS``."""
    with store.pipeline() as told:
        told.sadd("lane:workers", worker.id)
        told.set(f"lane:alive:{worker.id}", worker.packed(), px=int(ALIVE_SECONDS * 1000))
        told.execute()


def worker_leave(store: Any, worker: LiveWorker) -> None:
    """Say that the worker takes no more; what waits for it goes elsewhere."""
    store.delete(f"lane:alive:{worker.id}")
    store.srem("lane:workers", worker.id)


def live_workers(store: Any) -> list[LiveWorker]:
    """Return the workers that answer clicks."""
    ids = sorted(store.smembers("lane:workers"))
    if not ids:
        return []
    told = store.mget([f"lane:alive:{one}" for one in ids])
    gone = [one for one, text in zip(ids, told, strict=True) if text is None]
    if gone:
        store.srem("lane:workers", *gone)
    return [LiveWorker.unpacked(text) for text in told if text is not None]


def is_alive(store: Any, worker_id: str) -> bool:
    return bool(store.exists(f"lane:alive:{worker_id}"))


def best_clicker(workers: Iterable[LiveWorker], *, wanted: str = "") -> str:
    """Return the segmenter that answers, empty where no worker has one (or the ``wanted`` one)."""
    return best((name for worker in workers for name in worker.clickers), wanted=wanted)


def best_detector(workers: Iterable[LiveWorker], *, reads: Reads, wanted: str = "") -> str:
    """Return the detector that answers what is to be read so, empty where no worker has one."""
    able = (name for worker in workers for name, what in worker.detectors.items() if reads in what)
    return best(able, wanted=wanted)


def worker_of(workers: Sequence[LiveWorker], *, picture: Picture, answerer: Answerer) -> LiveWorker | None:
    """Return the worker that the frame belongs to, of those that offer ``answerer``.

    Rendezvous hashing: a frame stays with its worker while that lives, whoever else comes or goes.
    """
    able = [worker for worker in workers if answerer.is_offered_by(worker)]
    return max(able, key=lambda worker: weight(worker.id, picture), default=None)


def weight(worker_id: str, picture: Picture) -> bytes:
    return hashlib.sha256(f"{worker_id} {picture.key} {picture.frame}".encode()).digest()
