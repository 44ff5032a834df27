"""A click in SAM mode on a film of 854 by 480, its frame encoded: from the release of the button to the mask.

``ours`` is what is left when the segmenter's own time is taken away: page, network, queue, and painting.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tools.bench.lines import figure, median, p95
from tools.bench.workbench.house import House, film_task

WIDTH, HEIGHT, FRAMES, CLICKS = 854, 480, 4, 40
READY_MS = 120_000

CLICK = """async (clicks) => {
  const stage = document.querySelector("#stage");
  const { sam } = labelyard.tools.get("sam");
  const repaint = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const answered = () => new Promise((resolve) => {
    const look = () => {
      if (sam.draft?.state !== "answered") return;
      sam.removeEventListener("change", look);
      resolve();
    };
    sam.addEventListener("change", look);
  });
  const press = (x, y) => {
    const box = stage.getBoundingClientRect();
    const [sx, sy] = labelyard.viewport.toScreen(x, y);
    const place = { clientX: box.left + sx, clientY: box.top + sy };
    const more = { pointerId: 1, pointerType: "mouse", isPrimary: true, bubbles: true, cancelable: true };
    stage.dispatchEvent(new PointerEvent("pointerdown", { ...place, ...more, button: 0, buttons: 1 }));
    stage.dispatchEvent(new PointerEvent("pointerup", { ...place, ...more, button: 0, buttons: 0 }));
  };
  const times = [];
  for (let click = 0; click <= clicks; click += 1) {
    sam.drop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const start = performance.now();
    const answer = answered();
    press(40 + (click * 97) % 780, 40 + (click * 61) % 400);
    await answer;
    await repaint();
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
    const { opened = 0, segmented = 0 } = sam.draft.times;
    times.push([performance.now() - start, opened + segmented]);
  }
  return times.slice(1);
}"""


def measure(browser: Browser, house: House, folder: Path) -> None:
    """Print how long a click takes, and how much of it the segmenter does not."""
    task = film_task(house.project, folder, frames=FRAMES, width=WIDTH, height=HEIGHT)
    page = house.enter(browser)
    house.open(page, task, labels=0)
    page.evaluate("labelyard.useClass(labelyard.facts.classes.find((one) => one.shape === 'bitmask').id)")
    page.locator("#stage").focus()
    page.keyboard.press("Shift+A")
    page.get_by_text("Answered by").wait_for(timeout=READY_MS)
    times = page.evaluate(CLICK, CLICKS)
    page.close()
    whole, ours = [all_of for all_of, _ in times], [all_of - theirs for all_of, theirs in times]
    figure("workbench_click_p50", median(whole), "ms")
    figure("workbench_click_p95", p95(whole), "ms")
    figure(
        "workbench_click_ours_p50",
        median(ours),
        "ms",
        ratio=median(ours) / median(whole),
        reference="the whole click",
    )
    figure("workbench_click_ours_p95", p95(ours), "ms")
