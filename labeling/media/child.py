"""A decoding child process, seen from its parent."""

from __future__ import annotations

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from labeling.media.wire import HEAD, Message, pack_message

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
_READ_BYTES = 1 << 16
_LAST_WORDS = 4000
_SIGNAL_SENTENCES = {
    signal.SIGXCPU: "it used up its processor time",
    signal.SIGKILL: "it was ended from outside or ran out of memory",
    signal.SIGSEGV: "the decoder crashed",
    signal.SIGABRT: "the decoder gave up",
    signal.SIGBUS: "the decoder crashed",
}


class ChildFailed(Exception):
    """The child is gone or silent. ``code``: timeout or died; the text ends a sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Child:
    """One ``python -m module`` with a message pipe in each direction.

    It gets a bare environment (no addresses or secrets of ours), its own session, and ends
    itself when our end of its input closes. Not safe to share between threads.
    """

    def __init__(self, module: str) -> None:
        self._words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        # Threads of numpy's libraries would only cost address space here.
        environment |= {"PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            env=environment,
            bufsize=0,
            start_new_session=True,
        )
        self._input, self._output = _pipes(self._process)
        os.set_blocking(self._output.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ)
        self._received = bytearray()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, message: Message, blob: bytes = b"") -> None:
        """Send one message. Raises ChildFailed when the child is gone."""
        try:
            view = memoryview(pack_message(message, blob))
            while view:
                view = view[self._input.write(view) :]
        except BrokenPipeError as error:
            raise self._death() from error

    def receive(self, *, seconds: float) -> tuple[Message, bytes]:
        """Wait for one message, at most ``seconds``. Raises ChildFailed."""
        deadline = time.monotonic() + seconds
        while True:
            if (message := self._next_message()) is not None:
                return message
            if not self._selector.select(max(0.0, deadline - time.monotonic())):
                if time.monotonic() >= deadline:
                    self.kill()
                    raise ChildFailed("timeout", f"it took longer than {seconds:g} seconds")
                continue
            part = self._output.read(_READ_BYTES)
            if part == b"":
                raise self._death()
            self._received += part or b""

    def _next_message(self) -> tuple[Message, bytes] | None:
        if len(self._received) < HEAD.size:
            return None
        text_size, blob_size = HEAD.unpack_from(self._received)
        end = HEAD.size + text_size + blob_size
        if len(self._received) < end:
            return None
        text = bytes(self._received[HEAD.size : HEAD.size + text_size])
        blob = bytes(self._received[HEAD.size + text_size : end])
        del self._received[:end]
        return json.loads(text), blob

    def _death(self) -> ChildFailed:
        """Collect a child that closed its pipe, log its last words, and say why it ended."""
        self._selector.close()
        self.kill()
        code = self._process.returncode
        self._words.seek(0, os.SEEK_END)
        self._words.seek(max(0, self._words.tell() - _LAST_WORDS))
        words = self._words.read().decode(errors="replace")
        log.warning("A decoding child ended with code %s: %s", code, words)
        if code is not None and code < 0:
            return ChildFailed("died", _SIGNAL_SENTENCES.get(signal.Signals(-code), "the decoder crashed"))
        if "MemoryError" in words or "Cannot allocate memory" in words:
            return ChildFailed("died", "it needs more memory than is allowed")
        return ChildFailed("died", "the decoder failed")

    def kill(self) -> None:
        """End the child and wait for its end. May be called more than once."""
        # Closing its input would end it too, but only when the decoder lets go for a moment.
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the child and free what belongs to it."""
        self.kill()
        self._selector.close()
        for stream in (self._input, self._output, self._words):
            stream.close()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The child was started without pipes.")
    return process.stdin, process.stdout
