"""How long the page's main thread works between two steps of a gesture, read from Chromium's own trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Browser, CDPSession

CATEGORIES = ["toplevel", "blink.user_timing"]
# Every task of a thread: scripts, style, layout, painting and what a canvas recorded.
TASK = "ThreadControllerImpl::RunTask"


@dataclass(frozen=True)
class Steps:
    """Milliseconds of each step of a gesture: ``work`` of the page's main thread, and from one repaint to
    the next (``frames``), in which other threads and the screen have their share.

    Work is processor time, not the clock's: what else runs on the machine does not count.
    """

    work: list[float]
    frames: list[float]


def steps_of(browser: Browser, act: Callable[[], object]) -> Steps:
    """Do ``act``, which marks "step" at every repaint and "end" at the last, and measure its steps."""
    session = browser.new_browser_cdp_session()
    events = traced(session, act)
    session.detach()
    marks = [one for one in events if one["name"] in ("step", "end") and one["cat"] == "blink.user_timing"]
    thread = (marks[0]["pid"], marks[0]["tid"])
    tasks = [one for one in events if one["name"] == TASK and (one["pid"], one["tid"]) == thread]
    times = sorted(one["ts"] for one in marks)
    # A step is marked within the task that paints it: it ends with the last task before the next one's.
    starts = [max(one["ts"] for one in tasks if one["ts"] <= time) for time in times]
    return Steps(
        work=[worked(tasks, start, end) / 1000 for start, end in pairwise(starts)],
        frames=[(end - start) / 1000 for start, end in pairwise(times)],
    )


def worked(tasks: list[dict[str, Any]], start: float, end: float) -> float:
    """Microseconds of processor time of the tasks that began between two times."""
    return float(sum(one.get("tdur", 0) for one in tasks if start <= one["ts"] < end))


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
