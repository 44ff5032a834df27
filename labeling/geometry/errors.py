"""The one error of this room."""

from __future__ import annotations


class ShapeError(ValueError):
    """A shape cannot be accepted. ``str(error)`` is the sentence that people read."""
