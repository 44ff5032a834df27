"""A class of a detecting order as it will be looked for: its words, and the examples that are of use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from labeling.errors import LabelyardError, refused
from labeling.examples import ExampleLabel
from labeling.geometry.coverage import shape_share
from labeling.geometry.packing import shape_unpack
from labeling.models import ObjectClass, Task
from labeling.offers import Reads
from labeling.selectors.media import frame_size
from labeling.services.detectors import DetectorOffer
from labeling.services.orders import DetectOrder, WantedClass
from labeling.statements import places, rows_of

LABELS = """
SELECT label.instance_id, label.frame, label.geometry FROM labeling_label label
JOIN labeling_instance instance ON instance.id = label.instance_id
WHERE instance.task_id = %s AND label.geometry IS NOT NULL
    AND (label.instance_id, label.frame) IN (VALUES {places})
"""
GONE = "The example of “{name}” on frame {frame} was deleted meanwhile; the search goes on without it."
NO_WORDS = "“{detector}” does not understand words: it looks for what is like the examples of “{name}”."
NO_EXAMPLES = "“{detector}” reads no examples: those of “{name}” are left out, and it looks for {what}."
ELSEWHERE = (
    "“{detector}” reads examples only on the frame that it searches: those of “{name}” on {frames}, where it "
    "does not search, are left out."
)
ONLY_THERE = "On all but {frames} “{detector}” knows no example of “{name}”: there it looks for {what}."


@dataclass(frozen=True)
class PlannedClass:
    """A class as it will be looked for. ``words`` are empty where the detector reads none."""

    object_class: int
    name: str
    words: str
    examples: tuple[ExampleLabel, ...]
    threshold: float | None
    most: int


def planned_class(
    wanted: WantedClass,
    object_class: ObjectClass,
    *,
    detector: DetectorOffer,
    searched: Collection[int],
    gone: Collection[ExampleLabel],
) -> tuple[PlannedClass, list[str]]:
    """Return the class as ``detector`` will look for it on the frames ``searched``, and sentences on that.

    Examples that are ``gone``, or that the detector has no use for, are left out, and it is said. Raises
    ``no_example_left`` (422) when nothing is left to look for.
    """
    there = tuple(one for one in wanted.examples if one not in gone)
    words = (wanted.words or object_class.name).strip() if Reads.WORDS in detector.reads else ""
    told = {"detector": detector.name, "name": str(object_class), "what": f"the words “{words}”"}
    warnings = [GONE.format(**told, frame=one.frame) for one in wanted.examples if one in gone]
    if wanted.words and not words:
        warnings.append(NO_WORDS.format(**told))
    examples, left_out = examples_of_use(there, detector, searched=searched, told=told)
    if not words and not examples:
        raise nothing_left(object_class, left_out)
    planned = PlannedClass(object_class.pk, object_class.name, words, examples, wanted.threshold, wanted.most)
    return planned, warnings + left_out


def examples_of_use(
    there: tuple[ExampleLabel, ...],
    detector: DetectorOffer,
    *,
    searched: Collection[int],
    told: dict[str, str],
) -> tuple[tuple[ExampleLabel, ...], list[str]]:
    """Return the examples that the detector can be shown, and a sentence on the others."""
    if not there or Reads.EXAMPLES in detector.reads:
        return there, []
    if Reads.EXAMPLES_HERE not in detector.reads:
        return (), [NO_EXAMPLES.format(**told)]
    here = tuple(one for one in there if one.frame in searched)
    elsewhere = [one for one in there if one not in here]
    sentences = [ELSEWHERE.format(**told, frames=frames_told(elsewhere))] if elsewhere else []
    if here and len({one.frame for one in here}) < len(searched):
        what = told["what"] if Reads.WORDS in detector.reads else "nothing of it"
        sentences.append(ONLY_THERE.format(**{**told, "what": what}, frames=frames_told(here)))
    return here, sentences


def frames_told(examples: Collection[ExampleLabel]) -> str:
    frames = sorted({one.frame for one in examples})
    *most, last = map(str, frames)
    return f"frames {', '.join(most)} and {last}" if most else f"frame {last}"


def nothing_left(object_class: ObjectClass, left_out: list[str]) -> LabelyardError:
    if left_out:
        return refused(
            "no_example_left",
            f"Nothing is left to look for: {left_out[0]} Choose examples of “{object_class}” on frames that "
            "are searched, or another detector.",
        )
    return refused(
        "no_example_left",
        f"No example of “{object_class}” is there any longer. Choose one to three labels of it.",
    )


def examples_gone(task: Task, order: DetectOrder) -> set[ExampleLabel]:
    """Return the examples that are no longer there. Raises ``example_without_area`` (422)."""
    wanted = {one for each in order.classes for one in each.examples}
    if not wanted:
        return set()
    statement = LABELS.replace("{places}", ", ".join([f"({places(2)})"] * len(wanted)))
    values = [value for one in wanted for value in (one.instance, one.frame)]
    found = set()
    for instance_id, frame, geometry in rows_of(statement, [task.pk, *values]):
        width, height = frame_size(task.media, frame)
        share = shape_share(shape_unpack(bytes(geometry)), width=max(width, 1), height=max(height, 1))
        if not share:
            raise refused(
                "example_without_area",
                f"The label on frame {frame} covers no area, so it cannot serve as an example.",
                instance=instance_id,
                frame=frame,
            )
        found.add(ExampleLabel(instance=instance_id, frame=frame))
    return wanted - found
