"""Open a task of ten thousand frames and a hundred thousand labels: until it can be used, and its memory."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import Provenance, Task
from labeling.services.label_rows import labels_upsert
from tests.factories import make_instance
from tools.bench.lines import figure, median
from tools.bench.workbench.house import PAINTED, House, film_task, numbered

FRAMES, OBJECTS, LABELS, ROUNDS = 10_000, 200, 100_000, 5
HERE = OBJECTS * (LABELS // OBJECTS) // FRAMES

# From the start of the navigation, as the page itself counts it.
USABLE = f"""async (labels) => {{
  const painted = {PAINTED};
  while (!painted(labels)) await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now();
}}"""


def measure(browser: Browser, house: House, folder: Path) -> None:
    """Print how long it takes, and the memory of the page's own process afterwards."""
    task = film_task(house.project, folder, frames=FRAMES, width=640, height=360)
    fill(task)
    times, megabytes = [], []
    for _ in range(ROUNDS):
        page = house.enter(browser)
        page.goto(f"{house.url}/tasks/{task.pk}/", wait_until="commit")
        times.append(float(page.evaluate(USABLE, HERE)))
        page.wait_for_timeout(2000)
        megabytes.append(renderer_megabytes(browser))
        page.close()
    figure("workbench_open_p50", median(times) / 1000, "s")
    figure("workbench_open_memory", max(megabytes), "MB")


def fill(task: Task) -> None:
    """Each object lives for some hundreds of frames; as many are there on every frame."""
    instances = numbered(make_instance(task=task, shape=ShapeKind.BOUNDING_BOX), OBJECTS)
    span = LABELS // OBJECTS
    rows = []
    for place, instance in enumerate(instances):
        first = place // HERE * span
        box = shape_pack(Box(20 + place % HERE * 55, 40 + place % 7 * 40, 40, 30))
        rows += [
            LabelRow(instance.pk, frame, box, Provenance.TRACKED, protected=False)
            for frame in range(first, first + span)
        ]
    labels_upsert(task_id=task.pk, seq=1, rows=rows)


def renderer_megabytes(browser: Browser) -> float:
    """Private memory of the largest renderer: a browser keeps spare ones."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max(private_megabytes(one["id"]) for one in processes if one["type"] == "renderer")


def private_megabytes(process: int) -> float:
    """Memory that this process alone uses, in MB."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("Private_")]
    return sum(kilobytes) / 1000
