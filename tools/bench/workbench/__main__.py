"""Figures of the workbench in a headless Chromium without a GPU: the slowest client there is.

``python -m tools.bench.workbench sqlite [gestures|drag|brush|step|opening|click|crowd|runs …]``
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import sys
import tempfile
from pathlib import Path

from tests.web.browser import chromium
from tools.bench.workbench import brush, click, crowd, drag, gestures, opening, runs, step
from tools.bench.workbench.house import house_open

IN_PAGE = {
    "drag": drag,
    "brush": brush,
    "step": step,
    "opening": opening,
    "click": click,
    "crowd": crowd,
    "runs": runs,
}


def main(_database: str, *names: str) -> None:
    # Playwright's event loop runs in this thread, and Django would keep the database from it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        if not names or "gestures" in names:
            gestures.measure(browser)
        wanted = [IN_PAGE[name] for name in IN_PAGE if not names or name in names]
        if not wanted:
            return
        with house_open() as house:
            for one in wanted:
                one.measure(browser, house, Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
