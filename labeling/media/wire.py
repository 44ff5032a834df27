"""Messages between a process and its decoding child: a JSON mapping and some bytes."""

from __future__ import annotations

import json
import struct
from typing import Any, Protocol

Message = dict[str, Any]
HEAD = struct.Struct("<II")


class Readable(Protocol):
    """A stream whose ``read`` gives fewer bytes than asked only at its end."""

    def read(self, size: int, /) -> bytes: ...


def pack_message(message: Message, blob: bytes = b"") -> bytes:
    """Return one message as bytes: two lengths (little-endian uint32), JSON, blob."""
    text = json.dumps(message, separators=(",", ":")).encode()
    return HEAD.pack(len(text), len(blob)) + text + blob


def read_message(stream: Readable) -> tuple[Message, bytes] | None:
    """Read one message; None at the end of the stream."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    text_size, blob_size = HEAD.unpack(head)
    message: Message = json.loads(stream.read(text_size))
    return message, stream.read(blob_size)
