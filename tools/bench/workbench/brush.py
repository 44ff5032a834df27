"""A brush stroke on a bitmask that covers most of a 4K picture, in the workbench itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import Instance, Provenance, Task
from labeling.services.label_rows import labels_upsert
from tests.factories import make_instance
from tools.bench.lines import figure, median, p95
from tools.bench.workbench.driving import dragged
from tools.bench.workbench.house import House, still_task

WIDTH, HEIGHT = 3840, 2160
BRUSH = 60


def measure(browser: Browser, house: House, folder: Path) -> None:
    """Print what a move of the brush costs."""
    task = still_task(house.project, folder, width=WIDTH, height=HEIGHT)
    instance = fill(task)
    page = house.enter(browser)
    house.open(page, task, labels=1)
    page.evaluate("(key) => { labelyard.select([key]); labelyard.use('brush'); }", instance.object_hash)
    times = dragged(browser, page, start=(WIDTH / 2, HEIGHT / 4), radius=HEIGHT / 4).work
    page.close()
    figure("workbench_brush_4k_p50", median(times), "ms")
    figure("workbench_brush_4k_p95", p95(times), "ms")


def fill(task: Task) -> Instance:
    """A mask of waves from edge to edge."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    bitmask = mask_to_bitmask(np.sin(columns / 90) * 200 + np.sin(rows / 60) * 200 > 0)
    if bitmask is None:
        raise AssertionError("The mask is empty.")
    instance = make_instance(task=task, shape=ShapeKind.BITMASK)
    row = LabelRow(instance.pk, 0, shape_pack(bitmask), Provenance.MANUAL, protected=True)
    labels_upsert(task_id=task.pk, seq=1, rows=[row])
    return instance
