"""Several edits that come at once, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeling.errors import LabelyardError
from labeling.models import Task, User
from labeling.services.edits.edits import edit_apply
from labeling.services.edits.overtaken import Place, places_left, places_of

TOGETHER_MAX = 100


@dataclass(frozen=True)
class DoneTogether:
    """The first ``done`` edits are there; ``error`` says why the next one is not."""

    done: int
    error: LabelyardError | None = None


def edits_apply(*, user: User, task: Task, edits: Sequence[Mapping[str, Any]]) -> DoneTogether:
    """Do the edits in order, up to the first that is refused.

    Each is given as to ``edit_apply``, and was made upon those before it: their changes are no surprise to
    it. One whose key was seen before counts as done; its labels are no surprise as long as they stand as it
    left them, and what others did since is asked about.
    """
    overtaken: set[Place] = set()
    for index, told in enumerate(edits):
        try:
            done = edit_apply(user=user, task=task, overtaken=overtaken, **told)
        except LabelyardError as error:
            return DoneTogether(index, error)
        places = {place for operation in told["operations"] for place in places_of(operation)}
        overtaken |= places_left(places, task=task, seq=done.seq) if done.again else places
    return DoneTogether(len(edits))
