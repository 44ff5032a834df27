"""Figures of the workbench in a headless Chromium without a GPU: the slowest client there is."""

from __future__ import annotations

import sys

from tests.web.browser import chromium
from tools.bench.workbench import gestures


def main() -> None:
    with chromium() as browser:
        gestures.measure(browser)


if __name__ == "__main__":
    sys.exit(main())
