"""How long the page's main thread works between two steps of a gesture, read from Chromium's own trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from playwright.sync_api import Browser, CDPSession

CATEGORIES = ["toplevel", "blink.user_timing"]
# Every task of a thread: scripts, style, layout, painting and what a canvas recorded.
TASK = "ThreadControllerImpl::RunTask"


def main_thread_ms(browser: Browser, act: Callable[[], object]) -> list[float]:
    """Do ``act``, which marks "step" at every repaint and "end" at the last, and return the milliseconds
    of main thread that each step took."""
    session = browser.new_browser_cdp_session()
    events = traced(session, act)
    session.detach()
    marks = [one for one in events if one["name"] in ("step", "end") and one["cat"] == "blink.user_timing"]
    thread = (marks[0]["pid"], marks[0]["tid"])
    tasks = [
        (one["ts"], one["ts"] + one["dur"])
        for one in events
        if one["name"] == TASK and (one["pid"], one["tid"]) == thread and "dur" in one
    ]
    times = sorted(one["ts"] for one in marks)
    return [busy(tasks, start, end) / 1000 for start, end in pairwise(times)]


def busy(tasks: list[tuple[float, float]], start: float, end: float) -> float:
    """Microseconds of the tasks that lie between two times."""
    return sum(max(0.0, min(stop, end) - max(begin, start)) for begin, stop in tasks)


def traced(session: CDPSession, act: Callable[[], object]) -> list[dict[str, Any]]:
    session.send(
        "Tracing.start", {"traceConfig": {"includedCategories": CATEGORIES}, "transferMode": "ReturnAsStream"}
    )
    act()
    done: list[dict[str, Any]] = []

    def complete(event: dict[str, Any]) -> None:
        done.append(event)

    session.on("Tracing.tracingComplete", complete)
    session.send("Tracing.end")
    while not done:
        session.send("Browser.getVersion")
    return list(json.loads(read_all(session, done[0]["stream"]))["traceEvents"])


def read_all(session: CDPSession, stream: str) -> str:
    parts: list[str] = []
    while True:
        chunk = session.send("IO.read", {"handle": stream})
        parts.append(chunk["data"])
        if chunk["eof"]:
            return "".join(parts)
