"""What a bell of the queue ``webhooks`` brings about: a round, or a call to the one that is under way."""

from __future__ import annotations

import threading

from workers.announcing import holder_name
from workers.webhooks.rounds import Round

_guard = threading.Lock()
_under_way: list[Round] = []


def deliver_waiting() -> None:
    """Send what is due, until nothing more is; one round a process is under way, which looks again."""
    with _guard:
        if _under_way:
            _under_way[0].ring()
            return
        round_ = Round(holder=f"{holder_name()}:{threading.get_native_id()}")
        _under_way.append(round_)
    try:
        round_.run()
    finally:
        with _guard:
            _under_way.clear()
