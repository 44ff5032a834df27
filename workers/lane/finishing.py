"""From what was found to shapes of the class: cleaned, capped, and without what stands there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeling.geometry.exclusion import bitmask_excluding
from labeling.geometry.masks import mask_to_shape
from labeling.geometry.overlap import Standing
from labeling.geometry.shapes import Bitmask, BoolMask, Shape, ShapeKind
from labeling.geometry.specks import specks_removed
from labeling.geometry.wire import shape_to_json
from labeling.lane.prompts import Prompt, PromptMode
from labeling.models import Task
from labeling.selectors.standing import shapes_standing
from labeling.services.panoptic import bitmasks_standing
from workers.backends.clicking import Segmented

KNOWN = 0.7
"""IoU from which what is found is an object that is labelled already."""


@dataclass
class Finishing:
    """The shapes of one answer as they come, and how many were left out, and why."""

    prompt: Prompt
    taken: list[Bitmask] = field(default_factory=list)
    known: Standing = field(default_factory=lambda: Standing((), width=0, height=0))
    shapes: list[Mapping[str, Any]] = field(default_factory=list)
    small: int = 0
    covered: int = 0
    labelled: int = 0
    capped: bool = False

    def add(self, found: Segmented) -> None:
        """Make a shape of one object, or count why there is none."""
        shape = self.shape_of(found.mask)
        if shape is None:
            self.small += bool(found.mask.any())
            return
        if self.known.iou(shape) >= KNOWN:
            self.labelled += 1
            return
        if self.prompt.finish.exclude_bitmasks and isinstance(shape, Bitmask):
            left = bitmask_excluding(shape, self.taken)
            if left is None:
                self.covered += 1
                return
            # As saving them will have it: the surer one keeps the pixels that two have.
            self.taken.append(left)
            shape = left
        self.shapes.append({"shape": shape_to_json(shape), "confidence": round(found.confidence, 4)})

    def shape_of(self, mask: BoolMask) -> Shape | None:
        finish = self.prompt.finish
        clean: BoolMask | None = mask
        if finish.min_area or finish.fill_holes:
            clean = specks_removed(mask, smallest_piece=finish.min_area, largest_hole=finish.fill_holes)
        if clean is None:
            return None
        return mask_to_shape(clean, ShapeKind(self.prompt.kind), tolerance=finish.tolerance)

    def notes(self) -> tuple[str, ...]:
        """Say what was left out."""
        most = self.prompt.sought.most
        told = [
            (self.capped, f"More than {most} were found; these are the {most} surest."),
            (self.labelled, left_out(self.labelled, "it is labelled", "they are labelled", "already")),
            (self.covered, left_out(self.covered, "it lies", "they lie", "wholly under other bitmasks")),
            (self.small, left_out(self.small, "it is", "they are", "below the minimum area")),
        ]
        return tuple(sentence for happened, sentence in told if happened)


def left_out(count: int, one: str, many: str, why: str) -> str:
    return f"1 is left out: {one} {why}." if count == 1 else f"{count} are left out: {many} {why}."


def finished(
    found: Sequence[Segmented], prompt: Prompt
) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """Return the shapes, and sentences on what was left out."""
    finishing = Finishing(prompt)
    several = prompt.mode is not PromptMode.OBJECT
    if found and (several or prompt.finish.exclude_bitmasks):
        height, width = found[0].mask.shape
        look_around(finishing, several=several, width=width, height=height)
    for one in found:
        if several and len(finishing.shapes) == prompt.sought.most:
            finishing.capped = True
            break
        finishing.add(one)
    return tuple(finishing.shapes), finishing.notes()


def look_around(finishing: Finishing, *, several: bool, width: int, height: int) -> None:
    """Read what stands on the frame of ``width`` and ``height`` pixels."""
    prompt = finishing.prompt
    finish, frame = prompt.finish, prompt.picture.frame
    task = Task.objects.filter(pk=prompt.task_id).first()
    if task is None:
        return
    if finish.exclude_bitmasks and prompt.kind == ShapeKind.BITMASK:
        standing = bitmasks_standing(task, frame)
        finishing.taken = [one.bitmask for one in standing if one.instance_id != finish.instance_id]
    if several:
        labelled = shapes_standing(task, frame, instance__object_class_id=finish.class_id)
        others = [one.shape for one in labelled if one.instance_id != finish.instance_id]
        finishing.known = Standing(others, width=width, height=height)
