"""Pan, zoom and drag in a scene of many labels: main thread a repaint, ours beside Konva and SVG."""

from __future__ import annotations

from playwright.sync_api import Browser

from tools.bench.lines import figure, median, p95
from tools.bench.workbench.serving import pages_served
from tools.bench.workbench.tracing import Steps, steps_of

REFERENCES = {"konva": "Konva", "svg": "SVG"}
# Name, polygons, bitmasks.
GESTURES = (("pan", 500, 10), ("zoom", 500, 10), ("drag", 2000, 0))


def measure(browser: Browser) -> None:
    """Print median and p95 of the main thread's work in each gesture, and the median from repaint to repaint:
    SVG leaves its painting to other threads, and the screen waits for those."""
    with pages_served() as address:
        for name, polygons, masks in GESTURES:
            scene = f"polygons={polygons}&masks={masks}"
            steps = {
                painter: gesture_steps(browser, f"{address}/index.html?painter={painter}&{scene}", name)
                for painter in ("ours", *REFERENCES)
            }
            compare(f"workbench_{name}_p50", {painter: median(one.work) for painter, one in steps.items()})
            compare(f"workbench_{name}_p95", {painter: p95(one.work) for painter, one in steps.items()})
            compare(
                f"workbench_{name}_frame", {painter: median(one.frames) for painter, one in steps.items()}
            )


def compare(name: str, values: dict[str, float]) -> None:
    """Print our figure beside each reference."""
    for reference, title in REFERENCES.items():
        other = values[reference]
        ratio = values["ours"] / other
        figure(name, values["ours"], "ms", ratio=ratio, reference=f"{title} ({other:.3g} ms)")


def gesture_steps(browser: Browser, address: str, name: str) -> Steps:
    """Show the scene with one painter, and measure the gesture."""
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    page.goto(address)
    page.wait_for_function("window.ready")
    steps = steps_of(browser, lambda: page.evaluate("name => gesture(name)", name))
    page.close()
    return steps
