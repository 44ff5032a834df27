"""Videos that the tests make: each frame carries its number, to be read back from any picture."""

from __future__ import annotations

from tests.clips.clip import Clip
from tests.clips.kinds import KINDS, make_clip
from tests.clips.numbers import draw_number, read_number

__all__ = ["KINDS", "Clip", "draw_number", "make_clip", "read_number"]
