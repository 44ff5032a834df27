"""axe-core, which judges pages by the rules of accessibility."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.needs import missing

SCRIPT = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WORSE = {"serious", "critical"}


def faults(page: Page, *, within: str = "body") -> list[str]:
    """Return what axe finds serious or critical inside ``within`` (CSS), one line a finding with its element.

    Without axe-core the test ends as ``missing`` says.
    """
    if not SCRIPT.exists():
        missing("axe-core is not installed: npm ci gets it.")
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text())
    answer: dict[str, Any] = page.evaluate("(within) => axe.run(within)", within)
    assert answer["passes"], "axe looked at nothing"
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in answer["violations"]
        if rule["impact"] in WORSE
        for node in rule["nodes"]
    ]
