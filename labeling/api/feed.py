"""The one poller of a process that feeds all event streams of it.

Readers come and go; the poller runs while there is one. It reads new events once for all of them,
and asks every few seconds anew who may still read what. It owns one thread and one connection to
the database.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection

from labeling.selectors.events import Credential, EventView, events_after, position_now, readers_now

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.25
ACCESS_SECONDS = 3.0
# A reader that has fallen so far behind is let go; it comes back and asks from where it was.
BACKLOG_MAX = 5000

T = TypeVar("T")


@dataclass(eq=False)
class Reader:
    """One stream. ``None`` in the queue ends it."""

    credential: Credential
    project_ids: frozenset[int]
    project_id: int | None = None
    queue: asyncio.Queue[EventView | None] = field(default_factory=asyncio.Queue)
    ended: bool = False

    def may_read(self, event: EventView) -> bool:
        """Say whether the event is of a project of this reader's, and of the one that was asked for."""
        return event.project in self.project_ids and self.project_id in (None, event.project)

    def put(self, event: EventView) -> None:
        """Queue the event, or end a reader that does not keep up."""
        if self.queue.qsize() >= BACKLOG_MAX:
            self.end()
        elif not self.ended and self.may_read(event):
            self.queue.put_nowait(event)

    def end(self) -> None:
        """Let the reader go."""
        if not self.ended:
            self.ended = True
            self.queue.put_nowait(None)


class Feed:
    """The poller and its readers, within one event loop."""

    def __init__(self) -> None:
        self.readers: set[Reader] = set()
        self.position = 0
        self.task: asyncio.Task[None] | None = None
        self.executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="events")
        self.starting = asyncio.Lock()

    async def join(self, reader: Reader) -> int:
        """Add a reader and return the position after which its queue has everything."""
        async with self.starting:
            if self.task is None or self.task.done():
                self.position = await self.read(position_now)
                # A context of its own: the poller outlives the request that happened to start it.
                self.task = asyncio.create_task(self.run(), context=contextvars.Context())
            self.readers.add(reader)
            return self.position

    def leave(self, reader: Reader) -> None:
        """Take a reader away. The poller ends with the last one."""
        self.readers.discard(reader)
        if not self.readers and self.task is not None:
            self.task.cancel()
            self.task = None

    async def read(self, query: Callable[[], T]) -> T:
        """Run a query on the poller's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, query)

    async def run(self) -> None:
        """Poll until nobody reads any more."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        try:
            while self.readers:
                try:
                    await self.poll()
                    if loop.time() - asked_at >= ACCESS_SECONDS:
                        asked_at = loop.time()
                        await self.ask_access()
                except DatabaseError as error:
                    logger.warning("The event stream cannot read the database: %s", error)
                    await self.read(connection.close)
                await asyncio.sleep(POLL_SECONDS)
        finally:
            self.executor.submit(connection.close)

    async def poll(self) -> None:
        """Hand out the events that are new."""
        position = self.position
        events = await self.read(lambda: events_after(position))
        for event in events:
            self.position = event.position
            for reader in list(self.readers):
                reader.put(event)
        for reader in [reader for reader in self.readers if reader.ended]:
            self.readers.discard(reader)

    async def ask_access(self) -> None:
        """See anew who may read what; end the streams of those who may no more."""
        credentials = {reader.credential for reader in self.readers}
        allowed = await self.read(lambda: readers_now(credentials))
        for reader in list(self.readers):
            if reader.credential not in credentials:
                continue
            projects = allowed.get(reader.credential)
            if projects is None or (reader.project_id is not None and reader.project_id not in projects):
                reader.end()
            else:
                reader.project_ids = projects


FEEDS: WeakKeyDictionary[asyncio.AbstractEventLoop, Feed] = WeakKeyDictionary()


def feed() -> Feed:
    """Return the feed of the running event loop; a server process has one."""
    return FEEDS.setdefault(asyncio.get_running_loop(), Feed())
