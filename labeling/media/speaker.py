"""How a decoding child answers: messages on its standard output, which nothing else writes to."""

from __future__ import annotations

import io
import time

from labeling.media.wire import Message, pack_message

_SPEAK_SECONDS = 0.25


class Speaker:
    """Writes whole messages to the standard output."""

    def __init__(self) -> None:
        self._output = io.FileIO(1, mode="w", closefd=False)
        self._spoke = float("-inf")  # the first progress is told at once

    def say(self, message: Message, blob: bytes = b"") -> None:
        """Send one message."""
        view = memoryview(pack_message(message, blob))
        while view:
            view = view[self._output.write(view) or 0 :]

    def progress(self, frames: int) -> None:
        """Tell the number of frames decoded so far, a few times a second at most."""
        if time.monotonic() - self._spoke >= _SPEAK_SECONDS:
            self._spoke = time.monotonic()
            self.say({"frames": frames})
