"""Two hundred results of SAM mode on a picture of 4K: shown at once, then pointed over.

The answer is laid before the page as a worker would give it: what is measured is the page alone.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tools.bench.lines import figure, median, p95
from tools.bench.workbench.driving import dragged
from tools.bench.workbench.house import House, still_task

RESULTS = 200

ANSWER = """async (count) => {
  const painted = async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  };
  const { sam } = labelyard.tools.get("sam");
  const ring = (place) => Array.from({ length: 100 }, (_, corner) => {
    const [angle, reach] = [(corner / 100) * 2 * Math.PI, 60 + 15 * Math.sin(corner)];
    const [column, row] = [place % 20, Math.floor(place / 20)];
    return [100 + 190 * column + reach * Math.cos(angle), 110 + 210 * row + reach * Math.sin(angle)];
  });
  sam.look("all");
  const draft = sam.begin();
  const found = (_, place) => ({ shape: { polygons: [[ring(place)]] }, confidence: 0.9 });
  const shapes = Array.from({ length: count }, found);
  Object.assign(draft, { mode: "all", state: "answered", shapes });
  const start = performance.now();
  sam.changed();
  await painted();
  return performance.now() - start;
}"""


def measure(browser: Browser, house: House, folder: Path) -> None:
    """Print how long the results take to be there, and what a step of the pointer over them costs."""
    task = still_task(house.project, folder, width=3840, height=2160)
    page = house.enter(browser)
    house.open(page, task, labels=0)
    page.evaluate("labelyard.useClass(labelyard.facts.classes.find((one) => one.shape === 'polygon').id)")
    page.locator("#stage").focus()
    page.keyboard.press("Shift+A")
    figure("workbench_crowd_shown", page.evaluate(ANSWER, RESULTS), "ms")
    if page.locator(".sam-result").count() != RESULTS:
        raise AssertionError("The results are not shown.")
    times = dragged(browser, page, start=(1900, 900), radius=600).work
    page.close()
    figure("workbench_crowd_step_p50", median(times), "ms")
    figure("workbench_crowd_step_p95", p95(times), "ms")
