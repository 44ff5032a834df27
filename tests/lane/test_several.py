"""Several objects by one prompt: found by words, by examples, or by taking an area apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from labeling.errors import LabelyardError
from labeling.examples import ExampleLabel
from labeling.geometry.masks import mask_to_bitmask, shape_to_mask
from labeling.geometry.raster import box_fill
from labeling.geometry.shapes import Bitmask, BoolMask, Box, ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.lane.lane import prompt_follow
from labeling.lane.prompts import Finish, PromptMode, Reply
from labeling.models import Instance, Label, ObjectClass, Task, User
from labeling.services.prompt_checks import Click
from labeling.services.prompts import Asked, prompt_send
from labeling.services.reviews import review_decide
from tests import factories
from tests.lane.desks import PlacedDetector, place_make
from workers.backends.apart.inside import lies_in
from workers.lane.answering import answer_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FRAME = 3
AREA = {"left": 10, "top": 10, "width": 100, "height": 60}


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests do not wait: the test answers them itself."""
    monkeypatch.setattr("labeling.services.prompts.REPLY_SECONDS", 0)


@pytest.fixture(autouse=True)
def at_once(now: None) -> None:
    """All tests of this file."""


def class_drawn(task: Task, kind: ShapeKind = ShapeKind.BITMASK) -> ObjectClass:
    return factories.class_of(ontology=task.project.ontology, shape=kind)


def send(task: Task, user: User, kind: ShapeKind = ShapeKind.BITMASK, **told: Any) -> str:
    asked = Asked(**{"frame": FRAME, "draft_id": "d", "seq": 1, "mode": PromptMode.ALL, **told})
    prompt_id, _ = prompt_send(user=user, task=task, object_class=class_drawn(task, kind), asked=asked)
    return prompt_id


def reply_to(task: Task, user: User, prompt_id: str) -> Reply:
    return prompt_follow(prompt_id=prompt_id, task_id=task.pk, user_id=user.pk, seconds=0)


def ask(place: Any, task: Task, user: User, kind: ShapeKind = ShapeKind.BITMASK, **told: Any) -> Reply:
    prompt_id = send(task, user, kind, **told)
    answer_waiting(place.desk)
    reply = reply_to(task, user, prompt_id)
    assert reply.state == "done", reply
    return reply


def masks_of(task: Task, reply: Reply, kind: ShapeKind = ShapeKind.BITMASK) -> list[BoolMask]:
    width, height = task.media.width or 0, task.media.height or 0
    read = [shape_from_json(kind, dict(one["shape"]), width=width, height=height) for one in reply.shapes]
    return [shape_to_mask(shape, width=width, height=height) for shape in read]


def filled(task: Task, box: Box) -> BoolMask:
    return box_fill(box, width=task.media.width or 0, height=task.media.height or 0)


def same(found: Sequence[BoolMask], expected: Sequence[BoolMask]) -> bool:
    pairs = zip(found, expected, strict=True)
    return len(found) == len(expected) and all(np.array_equal(one, other) for one, other in pairs)


def labelled(task: Task, box: Box, *, frame: int = FRAME) -> Instance:
    instance = factories.make_instance(task=task, shape=ShapeKind.BITMASK)
    shape = mask_to_bitmask(filled(task, box))
    assert isinstance(shape, Bitmask)
    factories.make_label(instance=instance, frame=frame, shape=shape)
    return instance


ONE, TWO, THREE = Box(20, 20, 20, 10), Box(60, 20, 20, 10), Box(60, 60, 20, 40)


def test_words_find_all_of_the_frame_the_surest_first(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words")
    place = place_make(detector)
    detector.boxes = [(ONE, 0.6), (TWO, 0.9), (THREE, 0.3)]
    reply = ask(place, clip, bob, words=" red car ")
    assert same(masks_of(clip, reply), [filled(clip, TWO), filled(clip, ONE)])
    assert [one["confidence"] for one in reply.shapes] == [0.9, 0.6]
    assert reply.made_by == {"name": detector.name, "version": "placed 1", "device": ""}
    assert reply.notes == ()
    (wish,) = detector.wishes
    assert (wish.words, wish.threshold, list(wish.examples)) == ("red car", 0.5, [])


def test_without_words_the_name_of_the_class_is_looked_for(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words")
    ask(place_make(detector), clip, bob)
    assert detector.wishes[0].words == class_drawn(clip).name


def test_a_threshold_is_the_persons(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words")
    place = place_make(detector)
    detector.boxes = [(ONE, 0.6), (TWO, 0.01)]
    assert len(ask(place, clip, bob, threshold=0.0).shapes) == 2


def test_more_than_wanted_are_capped_and_that_is_said(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words")
    place = place_make(detector)
    detector.boxes = [(Box(1 + n % 90, 1 + n // 90, 2, 2), n / 20_000) for n in range(10_000)]
    reply = ask(place, clip, bob, threshold=0.0, most=7)
    assert len(reply.shapes) == 7
    assert reply.shapes[0]["confidence"] == round(9_999 / 20_000, 4)
    assert reply.notes == ("More than 7 were found; these are the 7 surest.",)


def test_an_area_holds_what_lies_in_it_by_four_fifths(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words")
    place = place_make(detector)
    # The area ends at 110: 16 of 20 columns are inside, then 15.
    most, less = Box(94, 20, 20, 10), Box(95, 40, 20, 10)
    detector.boxes = [(ONE, 0.7), (most, 0.9), (less, 0.8)]
    reply = ask(place, clip, bob, mode=PromptMode.AREA, box_json=AREA)
    assert same(masks_of(clip, reply), [filled(clip, most), filled(clip, ONE)])


def test_an_area_that_nobody_has_words_for_is_taken_apart(clip: Task, bob: User) -> None:
    place = place_make()
    reply = ask(place, clip, bob, mode=PromptMode.AREA, box_json=AREA)
    assert all(lies_in(mask, Box(10, 10, 100, 60)) for mask in masks_of(clip, reply))
    assert "words" in reply.notes[0]
    assert reply.made_by == {"name": "counting", "version": "counting 1", "device": "cpu"}
    # Each piece was segmented in a box of its own: nobody clicked.
    assert all(points == [] for points in place.clicker.points)


def test_examples_are_compared_where_nobody_has_words_and_it_is_said(clip: Task, bob: User) -> None:
    detector = PlacedDetector("examples")
    place = place_make(detector)
    detector.boxes = [(TWO, 0.9)]
    here, there = labelled(clip, ONE), labelled(clip, THREE, frame=7)
    examples = [ExampleLabel(here.pk, FRAME), ExampleLabel(there.pk, 7)]
    reply = ask(place, clip, bob, words="car", examples=examples)
    assert same(masks_of(clip, reply), [filled(clip, TWO)])
    assert reply.notes == ("No worker understands words now: these are similar to the 2 examples.",)
    (wish,) = detector.wishes
    assert wish.words == ""
    assert same([one.mask for one in wish.examples], [filled(clip, ONE), filled(clip, THREE)])
    assert wish.examples[0].rgb is None
    assert wish.examples[1].rgb is not None
    assert wish.examples[1].rgb.shape == (clip.media.height, clip.media.width, 3)


def test_labels_of_the_class_serve_as_examples_where_none_is_named(clip: Task, bob: User, rita: User) -> None:
    detector = PlacedDetector("examples")
    place = place_make(detector)
    rejected, near, far, farther, last = (
        labelled(clip, ONE, frame=frame) for frame in (FRAME, FRAME + 1, 0, 8, 20)
    )
    review_decide(user=rita, instance=rejected, first_frame=0, last_frame=30, decision="rejected", reason="x")
    reply = ask(place, clip, bob)
    assert len(detector.wishes[0].examples) == 3
    assert reply.notes == (
        "No worker understands words now: these are similar to 3 labels of the class on frames 0, 4, 8.",
    )
    assert near.pk != far.pk != farther.pk != last.pk


def test_who_understands_words_is_not_given_examples_that_nobody_named(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words", "examples")
    place = place_make(detector)
    instance = labelled(clip, ONE)
    ask(place, clip, bob, words="car")
    ask(place, clip, bob, seq=2, words="car", examples=[ExampleLabel(instance.pk, FRAME)])
    assert [len(wish.examples) for wish in detector.wishes] == [0, 1]


def test_what_is_labelled_already_is_left_out_and_counted(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words")
    place = place_make(detector)
    labelled(clip, ONE)
    detector.boxes = [(Box(20, 20, 20, 11), 0.9), (TWO, 0.8)]
    reply = ask(place, clip, bob)
    assert same(masks_of(clip, reply), [filled(clip, TWO)])
    assert reply.notes == ("1 is left out: it is labelled already.",)


def test_bitmasks_leave_out_what_stands_there_and_each_other(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words")
    place = place_make(detector)
    labelled(clip, Box(20, 20, 5, 10))
    detector.boxes = [(ONE, 0.9), (Box(30, 20, 20, 10), 0.8), (Box(21, 22, 3, 3), 0.7)]
    reply = ask(place, clip, bob, finish=Finish(exclude_bitmasks=True))
    assert same(masks_of(clip, reply), [filled(clip, Box(25, 20, 15, 10)), filled(clip, Box(40, 20, 10, 10))])
    assert reply.notes == ("1 is left out: it lies wholly under other bitmasks.",)


def test_a_click_that_others_cover_is_an_answer_without_a_shape(clip: Task, bob: User) -> None:
    place = place_make()
    labelled(clip, Box(0, 0, 160, 100))
    box = {"left": 20, "top": 20, "width": 20, "height": 10}
    told: dict[str, Any] = {
        "mode": PromptMode.OBJECT,
        "box_json": box,
        "finish": Finish(exclude_bitmasks=True),
    }
    reply = ask(place, clip, bob, **told)
    assert reply.shapes == ()
    assert "other bitmasks" in reply.notes[0]


def test_the_label_of_the_draft_itself_is_not_left_out(clip: Task, bob: User) -> None:
    place = place_make()
    mine = labelled(clip, Box(0, 0, 160, 100))
    box = {"left": 20, "top": 20, "width": 20, "height": 10}
    finish = Finish(exclude_bitmasks=True, instance_id=mine.pk)
    reply = ask(place, clip, bob, mode=PromptMode.OBJECT, box_json=box, finish=finish)
    assert same(masks_of(clip, reply), [filled(clip, ONE)])


def test_small_pieces_go_and_small_holes_are_filled(clip: Task, bob: User) -> None:
    detector = PlacedDetector("words")
    place = place_make(detector)
    detector.boxes = [(ONE, 0.9), (Box(60, 20, 3, 3), 0.8)]
    reply = ask(place, clip, bob, finish=Finish(min_area=10))
    assert same(masks_of(clip, reply), [filled(clip, ONE)])
    assert reply.notes == ("1 is left out: it is below the minimum area.",)


def test_an_example_that_was_deleted_meanwhile_is_said(clip: Task, bob: User) -> None:
    place = place_make(PlacedDetector("examples"))
    instance = labelled(clip, ONE)
    prompt_id = send(clip, bob, words="", examples=[ExampleLabel(instance.pk, FRAME)])
    Label.objects.filter(instance=instance).delete()
    answer_waiting(place.desk)
    reply = reply_to(clip, bob, prompt_id)
    assert (reply.state, reply.code) == ("failed", "example_gone")
    assert f"frame {FRAME}" in reply.sentence


def refused(clip: Task, bob: User, kind: ShapeKind = ShapeKind.BITMASK, **told: Any) -> LabelyardError:
    with pytest.raises(LabelyardError) as caught:
        send(clip, bob, kind, **told)
    assert caught.value.status == 422
    return caught.value


def test_what_cannot_be_asked_is_refused(clip: Task, bob: User) -> None:
    place_make(PlacedDetector("words", "examples"))
    keypoint = factories.make_instance(task=clip, shape=ShapeKind.KEYPOINT)
    factories.make_label(instance=keypoint, frame=FRAME)
    absent = factories.make_instance(task=clip, shape=ShapeKind.BITMASK)
    factories.make_label(instance=absent, frame=FRAME, shape=None)
    click = [Click(5, 5, include=True)]
    for code, told in (
        ("empty_words", {"words": "  "}),
        ("no_area", {"mode": PromptMode.AREA}),
        ("prompt_misfit", {"mode": PromptMode.AREA, "box_json": AREA, "points": click}),
        ("prompt_misfit", {"points": click}),
        ("prompt_misfit", {"box_json": AREA}),
        ("example_gone", {"examples": [ExampleLabel(absent.pk, FRAME)]}),
        ("example_gone", {"examples": [ExampleLabel(absent.pk, FRAME + 1)]}),
        ("example_without_area", {"examples": [ExampleLabel(keypoint.pk, FRAME)]}),
        ("frame_out_of_range", {"frame": 10**6}),
        ("point_outside", {"mode": PromptMode.OBJECT, "points": [Click(-1, 5, include=True)]}),
        ("nothing_included", {"mode": PromptMode.OBJECT, "points": [Click(1, 5, include=False)]}),
    ):
        assert refused(clip, bob, **told).code == code, told


def test_what_nobody_can_find_is_refused_with_what_is_possible(clip: Task, bob: User) -> None:
    place_make()
    error = refused(clip, bob, words="car")
    assert error.code == "objects_not_found_here"
    assert "Click" in error.sentence
    place_make(PlacedDetector("examples"))
    error = refused(clip, bob, words="car")
    assert error.code == "words_not_understood"
    assert "example" in error.sentence


def test_without_any_worker_the_prompt_waits(clip: Task, bob: User) -> None:
    prompt_id = send(clip, bob, words="car")
    reply = reply_to(clip, bob, prompt_id)
    assert (reply.state, reply.code) == ("no_worker", "no_worker")
    assert "several objects" in reply.sentence
    detector = PlacedDetector("words")
    place = place_make(detector)
    assert reply_to(clip, bob, prompt_id).state == "waiting"
    answer_waiting(place.desk)
    assert reply_to(clip, bob, prompt_id).state == "done"
