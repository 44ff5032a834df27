"""Attribute answers: by name, on one frame, and together over ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from labeling.formats.document import AnswerValue, ExportAnswer, ExportAttribute, ExportOption

Ranges = list[list[int]]
"""First and last frame of each range, both inclusive."""

Answers = tuple[tuple[str, AnswerValue], ...]
"""Attributes, by feature hash, and what they are answered with, all at once."""


def chosen_options(attribute: ExportAttribute, value: AnswerValue) -> list[ExportOption]:
    """Return the options of a radio or checklist attribute that were chosen, in the ontology's order."""
    chosen = {value} if isinstance(value, str) else set(_listed(value))
    return [option for option in attribute.options if option.value in chosen]


def answer_by_name(attribute: ExportAttribute, value: AnswerValue) -> str | float | list[str]:
    """Return a value as people read it: options by their labels."""
    if attribute.kind == "radio":
        return next((option.label for option in chosen_options(attribute, value)), str(value))
    if attribute.kind == "checklist":
        return [option.label for option in chosen_options(attribute, value)]
    return value if isinstance(value, str | int | float) else list(value)


def answers_at(answers: Iterable[ExportAnswer], *, frame: int) -> Mapping[str, AnswerValue]:
    """Return what is answered on one frame, by the attributes' feature hashes."""
    return {each.attribute: each.value for each in answers if each.first_frame <= frame <= each.last_frame}


def answers_together(answers: Iterable[ExportAnswer]) -> list[tuple[Answers, Ranges]]:
    """Return the different sets of answers that hold at once, each with the ranges over which it does.

    Ranges that touch are joined. Frames without any answer are in none.
    """
    answers = sorted(answers, key=lambda answer: answer.first_frame)
    cuts = sorted({edge for each in answers for edge in (each.first_frame, each.last_frame + 1)})
    together: dict[Answers, Ranges] = {}
    for first, after in pairwise(cuts):
        here = answers_at(answers, frame=first)
        if not here:
            continue
        ranges = together.setdefault(_comparable(here), [])
        if ranges and ranges[-1][1] == first - 1:
            ranges[-1][1] = after - 1
        else:
            ranges.append([first, after - 1])
    return list(together.items())


def _comparable(answers: Mapping[str, AnswerValue]) -> Answers:
    """Return the answers by attribute, lists as tuples."""
    return tuple(
        (attribute, value if isinstance(value, str | int | float) else tuple(value))
        for attribute, value in sorted(answers.items(), key=lambda item: item[0])
    )


def _listed(value: AnswerValue) -> Iterable[str]:
    return () if isinstance(value, int | float) else value
