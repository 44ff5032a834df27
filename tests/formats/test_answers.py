"""Answers over ranges of frames."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from labeling.formats.answers import answer_by_name, answers_at, answers_together
from labeling.formats.document import ExportAnswer
from labeling.formats.losses import Loss, Losses
from tests.formats.project_made import DAMAGE, OCCLUDED, PLATE, SPEED


@st.composite
def ranged(draw: st.DrawFn) -> list[ExportAnswer]:
    """Answers to two questions; those to one do not overlap."""
    answers = []
    for attribute in ("weather", "light"):
        edges = sorted(draw(st.lists(st.integers(0, 30), max_size=8, unique=True)))
        for first, after in zip(edges[::2], edges[1::2], strict=False):
            value = draw(st.sampled_from(["a", "b"]) | st.just(["a", "b"]))
            answers.append(ExportAnswer(attribute, value, first, after - 1))
    return answers


@given(ranged())
def test_answers_together_say_on_every_frame_what_the_single_ones_say(answers: list[ExportAnswer]) -> None:
    together = answers_together(answers)
    for frame in range(32):
        said = [dict(each) for each, ranges in together if any(a <= frame <= b for a, b in ranges)]
        single = answers_at(answers, frame=frame)
        expected = {key: value if isinstance(value, str) else ("a", "b") for key, value in single.items()}
        assert said == ([expected] if expected else [])


@given(ranged())
def test_ranges_of_one_answer_neither_touch_nor_overlap(answers: list[ExportAnswer]) -> None:
    for _, ranges in answers_together(answers):
        for (_, last), (first, _) in pairwise(ranges):
            assert first > last + 1


def test_answers_are_told_by_the_options_labels() -> None:
    assert answer_by_name(OCCLUDED, "yes") == "Yes"
    assert answer_by_name(DAMAGE, ["roof", "door"]) == ["Door", "Roof"]
    assert answer_by_name(DAMAGE, []) == []
    assert answer_by_name(PLATE, "AB-123") == "AB-123"
    assert answer_by_name(SPEED, 51.5) == 51.5


def test_losses_are_counted_and_told_once_each() -> None:
    loss = Loss("thing", "things", "it has no place")
    losses = Losses()
    losses.add(loss, count=0)
    assert losses.sentences() == []
    losses.add(loss)
    assert losses.sentences() == ["1 thing: it has no place."]
    losses.add(loss, count=1233)
    assert losses.sentences() == ["1,234 things: it has no place."]
