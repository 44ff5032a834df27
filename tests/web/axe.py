"""axe-core, which judges pages by the rules of accessibility."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.needs import missing
from tests.web.browser import Scheme

SCRIPT = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WORSE = {"serious", "critical"}
SCHEMES: dict[Scheme, dict[str, Any]] = {
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
    "light": {},
}


def faults(page: Page, *, within: str = "body") -> list[str]:
    """Return what axe finds serious or critical inside ``within`` (CSS), one line a finding with its element.

    In the light scheme by all rules, in the dark one by those of colours: nothing else differs.

    Without axe-core the test ends as ``missing`` says.
    """
    if not SCRIPT.exists():
        missing("axe-core is not installed: npm ci gets it.")
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text())
    found = []
    for scheme, options in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        answer: dict[str, Any] = page.evaluate(
            "([within, options]) => axe.run(within, options)", [within, options]
        )
        assert answer["passes"], "axe looked at nothing"
        found += [(scheme, rule) for rule in answer["violations"]]
    return [
        f"{scheme}, {rule['id']}: {node['target']} {node['failureSummary']}"
        for scheme, rule in found
        if rule["impact"] in WORSE
        for node in rule["nodes"]
    ]
