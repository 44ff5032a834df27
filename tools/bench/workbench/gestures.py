"""Pan, zoom and drag in a scene of many labels: main thread a repaint, ours beside Konva and SVG."""

from __future__ import annotations

from playwright.sync_api import Browser

from tools.bench.lines import figure, median, p95
from tools.bench.workbench.serving import pages_served
from tools.bench.workbench.tracing import main_thread_ms

REFERENCES = {"konva": "Konva", "svg": "SVG"}
# Name, polygons, bitmasks.
GESTURES = (("pan", 500, 10), ("zoom", 500, 10), ("drag", 2000, 0))


def measure(browser: Browser) -> None:
    """Print median and p95 of each gesture."""
    with pages_served() as address:
        for name, polygons, masks in GESTURES:
            scene = f"polygons={polygons}&masks={masks}"
            times = {
                painter: gesture_ms(browser, f"{address}/index.html?painter={painter}&{scene}", name)
                for painter in ("ours", *REFERENCES)
            }
            for reference, title in REFERENCES.items():
                for measure_of, value in (("p50", median), ("p95", p95)):
                    other = value(times[reference])
                    figure(
                        f"workbench_{name}_{measure_of}",
                        value(times["ours"]),
                        "ms",
                        ratio=value(times["ours"]) / other,
                        reference=f"{title} ({other:.3g} ms)",
                    )


def gesture_ms(browser: Browser, address: str, name: str) -> list[float]:
    """Milliseconds of main thread of each step of the gesture."""
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    page.goto(address)
    page.wait_for_function("window.ready")
    times = main_thread_ms(browser, lambda: page.evaluate("name => gesture(name)", name))
    page.close()
    return times
