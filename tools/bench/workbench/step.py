"""Step to the next frame of a 1080p film with fifty objects, its picture fetched ahead: from key to paint."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import Provenance, Task
from labeling.services.label_rows import labels_upsert
from tests.factories import make_instance
from tools.bench.lines import figure, median, p95
from tools.bench.workbench.house import House, film_task, numbered

FRAMES, OBJECTS, STEPS = 80, 50, 40

# Half a second between steps lets the pictures ahead arrive; what is timed is the step alone.
STEP = """async (steps) => {
  const stage = document.querySelector("#stage");
  const repaint = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const painted = async () => {
    await repaint();
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  };
  const times = [];
  for (let step = 0; step < steps; step += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const wanted = labelyard.shown + 1;
    const start = performance.now();
    const shown = new Promise((resolve) => labelyard.addEventListener("shown", resolve, { once: true }));
    const key = { code: "KeyF", key: "f", bubbles: true, cancelable: true };
    for (const type of ["keydown", "keyup"]) stage.dispatchEvent(new KeyboardEvent(type, key));
    await shown;
    do await painted();
    while (labelyard.canvas.shapes.work.busy || labelyard.canvas.masks.work.busy);
    if (labelyard.shown !== wanted) throw new Error(`Frame ${labelyard.shown} is shown, not ${wanted}.`);
    if (labelyard.canvas.items.length < 50) throw new Error("The labels are not painted.");
    times.push(performance.now() - start);
  }
  return times;
}"""


def measure(browser: Browser, house: House, folder: Path) -> None:
    """Print how long a step takes."""
    task = film_task(house.project, folder, frames=FRAMES, width=1920, height=1080)
    fill(task)
    page = house.enter(browser)
    house.open(page, task, labels=OBJECTS)
    page.locator("#stage").focus()
    times = page.evaluate(STEP, STEPS)
    page.close()
    figure("workbench_step_p50", median(times), "ms")
    figure("workbench_step_p95", p95(times), "ms")


def fill(task: Task) -> None:
    """Boxes that drift to the right."""
    instances = numbered(make_instance(task=task, shape=ShapeKind.BOUNDING_BOX), OBJECTS)
    rows = [
        LabelRow(
            instance.pk,
            frame,
            shape_pack(Box(20 + place % 10 * 180 + frame, 30 + place // 10 * 200, 90, 120)),
            Provenance.TRACKED,
            protected=False,
        )
        for place, instance in enumerate(instances)
        for frame in range(FRAMES)
    ]
    labels_upsert(task_id=task.pk, seq=1, rows=rows)
