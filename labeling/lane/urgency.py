"""Clicks are waiting on this machine: said by who answers them, asked by bulk work that shares a GPU."""

from __future__ import annotations

from typing import Any

from django.conf import settings

URGENT_SECONDS = 10.0
"""A worker that died in mid-click holds bulk work up for no longer."""

# Only who said it last takes it back: another worker of the machine may have begun meanwhile.
TAKE_BACK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


def key() -> str:
    return f"lane:urgent:{settings.MACHINE_NAME}"


def urgency_say(store: Any, worker_id: str) -> None:
    """Say that the worker is at a prompt."""
    store.set(key(), worker_id, px=int(URGENT_SECONDS * 1000))


def urgency_take_back(store: Any, worker_id: str) -> None:
    """Say that no prompt waits for the worker any more."""
    store.eval(TAKE_BACK, 1, key(), worker_id)


def is_urgent(store: Any) -> bool:
    """Say whether a worker of this machine is at a prompt."""
    return bool(store.exists(key()))
