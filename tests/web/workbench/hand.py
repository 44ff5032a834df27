"""A hand on the workbench: it points at pixels of the frame, and reads what came of it from the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from playwright.sync_api import Locator, Page, expect

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box, Shape, ShapeKind
from labeling.models import Label, ObjectClass, Task
from tests.waiting import until
from tests.web.browser import keep, open_bench

Place = tuple[float, float]
Button = Literal["left", "right"]

MARGIN = 16
"""CSS pixels around a frame that is fitted into the stage."""


@dataclass
class Hand:
    """Points are pixels of a frame of ``width`` by ``height``, which is fitted into the stage."""

    page: Page
    task: Task
    width: int
    height: int

    def open(self, address: str) -> None:
        """Open the page and wait until it shows a frame with its labels."""
        open_bench(self.page, address)
        drawn = Label.objects.filter(instance__task=self.task, frame=0, geometry__isnull=False).count()
        known = "labelyard.store.labelsOn(labelyard.frame).filter((one) => one.shape).length"
        until(lambda: self.page.evaluate(known) == drawn, seconds=20, what="the labels of the frame")

    def scale(self) -> float:
        """CSS pixels a pixel of the frame."""
        box = self.page.locator("#stage").bounding_box()
        assert box is not None
        return min((box["width"] - 2 * MARGIN) / self.width, (box["height"] - 2 * MARGIN) / self.height)

    def at(self, place: Place) -> Place:
        """Where a point of the frame is in the window."""
        box = self.page.locator("#stage").bounding_box()
        assert box is not None
        scale = self.scale()
        left = box["x"] + (box["width"] - self.width * scale) / 2
        top = box["y"] + (box["height"] - self.height * scale) / 2
        return left + place[0] * scale, top + place[1] * scale

    def wait_frame(self, frame: int) -> None:
        """Wait until the picture of this frame is drawn."""
        expect(self.page.locator("#shown-frame")).to_have_text(re.compile(rf"Frame {frame} /"))

    def move(self, place: Place) -> None:
        self.page.mouse.move(*self.at(place))

    def click(self, *places: Place, button: Button = "left", count: int = 1) -> None:
        """Click at each place in turn."""
        for place in places:
            self.page.mouse.click(*self.at(place), button=button, click_count=count)

    def double(self, place: Place) -> None:
        self.page.mouse.dblclick(*self.at(place))

    def drag(self, *places: Place, keys: Sequence[str] = ()) -> None:
        """Press at the first place, go along the others, let go at the last."""
        self.move(places[0])
        for key in keys:
            self.page.keyboard.down(key)
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.at(place), steps=4)
        self.page.mouse.up()
        for key in keys:
            self.page.keyboard.up(key)

    def press(self, *keys: str) -> None:
        """Press keys with the frame in the focus."""
        for key in keys:
            self.page.keyboard.press(key)

    def tool(self, name: str) -> Locator:
        return self.page.locator(f"#tools [data-tool={name}]")

    def use(self, name: str) -> None:
        """Choose a tool by its button."""
        self.tool(name).click()
        expect(self.tool(name)).to_have_attribute("aria-pressed", "true")

    def saved(self) -> None:
        """Wait until everything is saved."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator("#save-state")).to_have_text(re.compile("Saved"))

    def keep(self, name: str) -> None:
        keep(self.page, f"tools_{name}")

    def said(self, sentence: str) -> None:
        """Wait until the page says this."""
        expect(self.page.locator("#messages")).to_contain_text(sentence)

    def labels(self, *, frame: int = 0) -> list[Label]:
        """The labels on a frame, of the object that was made first in front."""
        self.saved()
        return list(Label.objects.filter(instance__task=self.task, frame=frame).order_by("instance__number"))

    def shapes(self, *, frame: int = 0) -> list[Shape]:
        """The shapes on a frame, once all is saved."""
        return [shape_unpack(bytes(label.geometry)) for label in self.labels(frame=frame) if label.geometry]

    def shape(self, *, frame: int = 0) -> Shape:
        """The only shape on a frame, once all is saved."""
        (shape,) = self.shapes(frame=frame)
        return shape


def numbers(shape: Shape) -> tuple[float, float, float, float]:
    """Left, top, width, height of a box."""
    assert isinstance(shape, Box)
    return (shape.left, shape.top, shape.width, shape.height)


def only(task: Task, *shapes: ShapeKind) -> None:
    """Leave the classes of these shapes, the first one chosen; the others are archived."""
    classes = ObjectClass.objects.filter(ontology=task.project.ontology)
    classes.exclude(shape__in=shapes).update(archived=True)
    for position, shape in enumerate(shapes):
        classes.filter(shape=shape).update(position=position)


def near(one: ArrayLike, other: ArrayLike, *, within: float = 0.7) -> bool:
    """Within what a pointer can aim at: a pixel of the frame is several on the screen."""
    return np.allclose(one, other, atol=within)
