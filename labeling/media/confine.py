"""What a decoding child does to itself before it touches foreign bytes."""

from __future__ import annotations

import io
import os
import queue
import resource
import select
import sys
import threading
from pathlib import Path

from labeling.media.limits import MIB
from labeling.media.wire import Message, read_message

_LOOK_SECONDS = 1.0
_LARGEST_FILE = MIB  # its own error log only
_OPEN_FILES = 64


def confine_memory(extra_bytes: int) -> None:
    """Limit the address space to what is mapped now and ``extra_bytes`` more; no core, no large files."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    space = pages * resource.getpagesize() + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def allow_cpu(seconds: float) -> None:
    """Let the process use ``seconds`` of CPU time from now on; then the kernel ends it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


class ParentLine:
    """The messages of the parent. When its end closes, or it is gone, this process ends at once.

    A thread of its own reads, so that the end is seen in the middle of decoding too. A sibling
    that was forked may hold the pipe open after the parent died: so the parent's id, which is our
    only argument, counts as well.
    """

    def __init__(self) -> None:
        self._parent = int(sys.argv[1])
        self._messages: queue.SimpleQueue[tuple[Message, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="parent line", daemon=True).start()

    def receive(self) -> tuple[Message, bytes]:
        """Wait for the parent's next message."""
        return self._messages.get()

    def _listen(self) -> None:
        stream = io.FileIO(0, closefd=False)  # unbuffered, so that select() sees all there is
        while True:
            ready, _, _ = select.select([stream], [], [], _LOOK_SECONDS)
            if not ready:
                if os.getppid() != self._parent:
                    os._exit(1)
                continue
            received = read_message(_Whole(stream))
            if received is None:
                os._exit(0)
            self._messages.put(received)


class _Whole:
    """Reads exactly as many bytes as asked from a raw stream, fewer only at its end."""

    def __init__(self, stream: io.FileIO) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        parts = b""
        while len(parts) < size:
            part = self._stream.read(size - len(parts))
            if not part:
                break
            parts += part
        return parts
