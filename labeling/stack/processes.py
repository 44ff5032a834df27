"""Who belongs to a stack: all its processes share the session of its supervisor."""

from __future__ import annotations

import os
import signal
import time

import psutil


def session_members(session: int) -> list[psutil.Process]:
    """Return the living processes of a session."""
    return [process for pid in psutil.pids() if (process := member(pid, session=session)) is not None]


def member(pid: int, *, session: int) -> psutil.Process | None:
    """Return the process when it lives and belongs to ``session``."""
    try:
        if os.getsid(pid) != session:
            return None
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except (ProcessLookupError, PermissionError, psutil.Error):
        return None


def orphans(session: int) -> list[psutil.Process]:
    """Return those members whose parent is gone: the parts of a program that was killed."""
    members = {process.pid: process for process in session_members(session)}
    return [
        process
        for process in members.values()
        if process.pid != session and parent_of(process) not in members
    ]


def parent_of(process: psutil.Process) -> int | None:
    """Return the parent's id, or None when the process has ended meanwhile."""
    try:
        return process.ppid()
    except psutil.Error:
        return None


def send(process: psutil.Process, number: signal.Signals) -> None:
    """Signal the process; one that has ended is none the worse."""
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def end_session(session: int, *, patience_seconds: float) -> None:
    """End every member of a session: ask, wait, then kill. Returns when none is left."""
    for process in session_members(session):
        send(process, signal.SIGTERM)
    deadline = time.monotonic() + patience_seconds
    while left := session_members(session):
        if time.monotonic() > deadline:
            for process in left:
                send(process, signal.SIGKILL)
        psutil.wait_procs(left, timeout=0.1)
