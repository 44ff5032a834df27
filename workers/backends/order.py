"""The order in which a session's frames come: one direction, frames that cannot be read left out."""

from __future__ import annotations

from dataclasses import dataclass

from workers.backends.base import BackendError


@dataclass
class FrameOrder:
    """Where a pass stands. ``last`` is the frame of the last seed or step, None before any.

    ``direction`` is 1 forwards, -1 backwards, 0 while no step was made.
    """

    last: int | None = None
    direction: int = 0

    def seed(self, frame: int, *, following: bool) -> None:
        """Note a seed on ``frame``. Raises BackendError where the pass stands on another frame.

        While nothing is followed (``following`` False) the pass may go on from any frame.
        """
        if following and self.last is not None and frame != self.last and self.direction != 0:
            raise BackendError(
                f"A seed was given for frame {frame} while the tracker is on frame {self.last}."
            )
        self.last = frame

    def step(self, frame: int) -> None:
        """Note a step to ``frame``. Raises BackendError where it is not the next one."""
        if self.last is None:
            raise BackendError("The tracker was asked to go on before any object was given to it.")
        direction = (frame > self.last) - (frame < self.last)
        if direction == 0 or self.direction not in (0, direction):
            raise BackendError(f"The tracker cannot go from frame {self.last} to frame {frame}.")
        self.last, self.direction = frame, direction
