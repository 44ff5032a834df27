"""What goes wrong with media: each error's text is a sentence for people."""

from __future__ import annotations

PASSING = frozenset({"throttled", "unreachable"})
"""Codes of ``StorageError`` for what may be gone in a moment: it is tried again by itself."""


class MediaRefused(Exception):
    """A file cannot be registered. ``code`` is for programs, ``str(error)`` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class FrameUnreadable(Exception):
    """The picture of one frame cannot be had. ``frame`` is its ordinal."""

    def __init__(self, frame: int, sentence: str) -> None:
        super().__init__(sentence)
        self.frame = frame
        self.sentence = sentence


class StorageError(Exception):
    """Bytes cannot be had now.

    ``code``: denied, missing, unreachable, throttled, corrupt, changed, full, invalid, refused, skewed,
    wrong_region, closing, over.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
