"""Boxes on the page of the workbench: changed as the tools do, read on the page and in the database."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box
from labeling.models import Instance, Label
from tests.web.browser import TaskPage


def box(left: float, top: float = 30, width: float = 50, height: float = 40) -> dict[str, float]:
    return {"left": left, "top": top, "width": width, "height": height}


def put(bench: TaskPage, instance: Instance, shape: dict[str, float], *, frame: int = 0) -> None:
    """Change the label as the tools do."""
    operation = {"op": "label.put", "instance": instance.object_hash, "frame": frame, "shape": shape}
    bench.page.evaluate("([title, one]) => labelyard.edit(title, [one])", ["Move the box", operation])


def shown(bench: TaskPage, instance: Instance, *, frame: int = 0) -> Any:
    """The shape that the page shows."""
    question = "([key, frame]) => labelyard.store.label(key, frame)?.shape ?? null"
    return bench.page.evaluate(question, [instance.object_hash, frame])


def left_of(instance: Instance, *, frame: int = 0) -> float | None:
    label = Label.objects.filter(instance=instance, frame=frame).first()
    if label is None or label.geometry is None:
        return None
    shape = shape_unpack(bytes(label.geometry))
    assert isinstance(shape, Box)
    return shape.left


def save_state(page: Page, text: str) -> None:
    expect(page.locator("#save-state")).to_have_text(re.compile(text))
