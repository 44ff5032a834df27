"""Clicks are waiting on this machine: said by who answers them, asked by bulk work that shares a GPU.

Each worker of the machine says so for itself, so that one which is done takes back no other's word.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

URGENT_SECONDS = 10.0
"""A worker that died in mid-click holds bulk work up for no longer."""

# By the server's own clock, which all workers share. The key itself expires with its last member.
SAY = """
local time = redis.call('time')
redis.call('zadd', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[1])
redis.call('pexpire', KEYS[1], ARGV[2])
"""
ASK = """
local time = redis.call('time')
return redis.call('zcount', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000), '+inf')
"""


def key() -> str:
    return f"lane:urgent:{settings.MACHINE_NAME}"


def urgency_say(store: Any, worker_id: str) -> None:
    """Say that the worker is at a prompt."""
    store.eval(SAY, 1, key(), worker_id, int(URGENT_SECONDS * 1000))


def urgency_take_back(store: Any, worker_id: str) -> None:
    """Say that no prompt waits for the worker any more."""
    store.zrem(key(), worker_id)


def is_urgent(store: Any) -> bool:
    """Say whether a worker of this machine is at a prompt."""
    return bool(store.eval(ASK, 1, key()))
