"""Drag one of two thousand polygons in the workbench itself, with its select tool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Polygon, ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import Provenance, Task
from labeling.services.label_rows import labels_upsert
from tests.factories import make_instance
from tools.bench.lines import figure, median, p95
from tools.bench.workbench.driving import dragged
from tools.bench.workbench.house import House, numbered, still_task

POLYGONS, CORNERS = 2000, 100
COLUMNS = 60


def measure(browser: Browser, house: House, folder: Path) -> None:
    """Print what a step of the drag costs."""
    task = still_task(house.project, folder, width=1920, height=1080)
    fill(task)
    page = house.enter(browser)
    house.open(page, task, labels=POLYGONS)
    times = dragged(browser, page, start=centre(POLYGONS // 2 + 10), radius=60).work
    if page.evaluate("labelyard.selection.size") != 1:
        raise AssertionError("The pointer has not taken a polygon.")
    page.close()
    figure("workbench_drag_in_page_p50", median(times), "ms")
    figure("workbench_drag_in_page_p95", p95(times), "ms")


def centre(number: int) -> tuple[float, float]:
    return 20 + number % COLUMNS * 31.5, 20 + number // COLUMNS * 31.0


def fill(task: Task) -> None:
    """Lay the polygons out in rows."""
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1) * 14
    instances = numbered(make_instance(task=task, shape=ShapeKind.POLYGON), POLYGONS)
    rows = [
        LabelRow(
            instance.pk,
            0,
            shape_pack(Polygon(((circle + centre(place),),))),
            Provenance.MANUAL,
            protected=True,
        )
        for place, instance in enumerate(instances)
    ]
    labels_upsert(task_id=task.pk, seq=1, rows=rows)
