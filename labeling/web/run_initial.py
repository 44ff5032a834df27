"""A specification as the form of runs shows it, and what the form does not show, kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from labeling.models import Batch
from labeling.services.batches.specification import Specification, specification_read
from labeling.services.orders import DetectOrder, TrackOrder, WantedClass


def run_initial(batch: Batch) -> dict[str, Any]:
    """Return the form's values that order ``batch`` once more."""
    shown = {"name": batch.name, **specification_initial(specification_read(batch.specification))}
    hours = batch.budget_seconds / 3600 if batch.budget_seconds else None
    return shown if hours is None else {**shown, "budget_hours": hours}


def specification_initial(specification: Specification) -> dict[str, Any]:
    """Return the form's values that say the specification."""
    template, span = specification.template, specification.span
    shown: dict[str, Any] = {
        "kind": specification.kind.value,
        "classes": [str(pk) for pk in specification.classes],
        "span": span.kind.value,
        "span_frames": span.frames,
        "span_first": span.first,
        "span_last": span.last,
        "priority": template.priority,
    }
    if isinstance(template, TrackOrder):
        shown |= {"algorithm": template.algorithm, "interval": template.interval}
    if isinstance(template, DetectOrder):
        shown |= {
            name: value for name, value in asdict(template).items() if name in ("step", "overlap", "link")
        }
        shown |= {
            "classes": [str(wanted.object_class) for wanted in template.classes],
            "threshold": same(template.classes, lambda wanted: wanted.threshold),
            "most": same(template.classes, lambda wanted: wanted.most),
            "fill": template.fill is not None,
            "algorithm": template.fill,
        }
    return {name: value for name, value in shown.items() if value is not None}


def same(classes: Sequence[WantedClass], of: Callable[[WantedClass], Any]) -> Any:
    """What all classes have, None when they differ."""
    values = {of(wanted) for wanted in classes}
    return values.pop() if len(values) == 1 else None


def with_unshown(told: Specification, *, before: Specification) -> Specification:
    """Return ``told`` with what ``before`` says and the form has no field for."""
    template, old = told.template, before.template
    if isinstance(template, TrackOrder) and isinstance(old, TrackOrder):
        backend = old.backend if old.algorithm == template.algorithm else {}
        kept = replace(template, max_frames_after_key=old.max_frames_after_key, backend=backend)
        return replace(told, template=kept)
    if isinstance(template, DetectOrder) and isinstance(old, DetectOrder):
        backend = old.backend if old.fill == template.fill else {}
        kept_detect = replace(
            template,
            classes=classes_kept(template.classes, old.classes),
            exclude_bitmasks=old.exclude_bitmasks,
            detector=old.detector,
            backend=backend,
        )
        return replace(told, template=kept_detect)
    return told


def classes_kept(told: Sequence[WantedClass], old: Sequence[WantedClass]) -> tuple[WantedClass, ...]:
    """The classes by the words they had; thresholds that differed among them stay where none was said."""
    known = {wanted.object_class: wanted for wanted in old}
    differed = same(old, lambda wanted: wanted.threshold) is None
    return tuple(class_kept(wanted, known.get(wanted.object_class), differed=differed) for wanted in told)


def class_kept(told: WantedClass, old: WantedClass | None, *, differed: bool) -> WantedClass:
    if old is None:
        return told
    threshold = old.threshold if differed and told.threshold is None else told.threshold
    return replace(told, words=old.words, threshold=threshold)
