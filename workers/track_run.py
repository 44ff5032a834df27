"""The course of one tracking part: which object is seeded, followed, missing or ended on which frame.

Bookkeeping between the plan, what people fixed, and what a session answers. It packs into a
checkpoint and goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from labeling.geometry.shapes import Shape
from workers.backends.base import Seed, Tracked, TrackSession
from workers.far_sides import MISSING, FarSides
from workers.hints import Hint, HintWatch


@dataclass(frozen=True)
class Anchor:
    """What is fixed on a frame: a shape (the seed, a key frame), or None: the instance is absent."""

    shape: Shape | None


Anchors = Mapping[int, Mapping[int, Anchor]]
"""Frame to instance id to anchor: seeds, key frames and absent marks."""


@dataclass(frozen=True)
class Order:
    """A part's plan as the runner reads it. Frames are ordinals; the range is inclusive.

    ``ends``: an instance is not followed after this frame, where one is said.
    """

    first: int
    last: int
    backwards: bool
    interval: int
    max_frames_after_key: int | None
    seeds: dict[int, int]
    ends: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Mapping[str, Any], parameters: Mapping[str, Any]) -> Order:
        rules = {**parameters, **plan}
        return cls(
            first=plan["first"],
            last=plan["last"],
            backwards=plan["direction"] == "backwards",
            interval=rules["interval"],
            max_frames_after_key=rules["max_frames_after_key"],
            seeds={one["instance"]: one["seed"] for one in plan["objects"]},
            ends={one["instance"]: one["last"] for one in plan["objects"] if "last" in one},
        )

    def frames(self, *, after: int | None) -> Iterator[int]:
        """The ordinals to run, in tracking order, after ``after`` (the last one committed)."""
        step = -1 if self.backwards else 1
        start = max(self.seeds.values()) if self.backwards else min(self.seeds.values())
        end = self.first if self.backwards else self.last
        yield from range(start if after is None else after + step, end + step, step)

    def inside(self, frame: int) -> bool:
        """True where labels are written."""
        return self.first <= frame <= self.last


@dataclass
class Course:
    """Where one object stands. ``missing`` counts consecutive frames without it."""

    seeded: bool = False
    following: bool = False
    missing: int = 0
    key_frame: int = 0


@dataclass(frozen=True)
class Outcome:
    """What a run says of an instance on a frame, where nobody has fixed it."""

    instance_id: int
    tracked: Tracked


class TrackRun:
    """Drives a session over the frames of an order, one call of ``advance`` a frame.

    With ``far_sides`` the frames between two key frames are told from both; see ``look_back``.
    """

    def __init__(
        self, order: Order, anchors: Anchors, session: TrackSession, *, far_sides: FarSides | None = None
    ) -> None:
        self.order = order
        self.anchors = anchors
        self.session = session
        self.far_sides = far_sides
        self.courses = {instance_id: Course() for instance_id in order.seeds}
        self.hints = HintWatch()

    def state(self) -> dict[str, Any]:
        """What ``restore`` needs, in plain values."""
        courses = {str(instance_id): asdict(course) for instance_id, course in self.courses.items()}
        return {"courses": courses, "hints": self.hints.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        courses = state["courses"]
        self.courses = {int(instance_id): Course(**course) for instance_id, course in courses.items()}
        self.hints.restore(state["hints"])

    @property
    def following(self) -> bool:
        """True while any object is followed."""
        return any(course.following for course in self.courses.values())

    def needs_picture(self, frame: int) -> bool:
        """False where nothing is followed and nothing is seeded, so the frame need not be decoded."""
        return self.following or bool(self.seeds_on(frame))

    def look_back(self, frame: int) -> Iterator[int]:
        """Track back from key frames what ``frame`` needs, before ``advance``; yields after each frame."""
        if self.far_sides is None:
            return
        near = {pk: course.key_frame for pk, course in self.courses.items() if course.following}
        for key, instances in self.far_sides.due(frame, near=near).items():
            yield from self.far_sides.look_back(key=key, instances=instances, to=frame)

    def advance(self, frame: int) -> list[Outcome]:
        """Step to ``frame``, re-seed what is fixed there, and return what is to be written."""
        seeds = self.seeds_on(frame)
        answers: Mapping[int, Tracked] = {}
        if self.following:
            answers = self.session.step(frame=frame)
        if seeds:
            self.session.seed(
                frame=frame, seeds=[Seed(instance_id, shape) for instance_id, shape in seeds.items()]
            )
        fixed = self.anchors.get(frame, {})
        outcomes = []
        for instance_id, course in self.courses.items():
            if instance_id in seeds:
                course.seeded, course.following, course.missing, course.key_frame = True, True, 0, frame
            elif instance_id in fixed or not course.seeded:
                continue
            else:
                outcomes += self.follow(instance_id, course, frame, answers.get(instance_id, MISSING))
        return outcomes

    def skip(self, frame: int) -> None:
        """Pass over a frame that cannot be read: what is followed counts as missing, nothing is written."""
        followed = {instance_id: course for instance_id, course in self.courses.items() if course.following}
        for instance_id, course in followed.items():
            course.missing += 1
            if course.missing > self.order.interval:
                self.end(instance_id, course)
        self.hints.see(frame, dict.fromkeys(followed, MISSING), fixed={})

    def noticed(self, frame: int, outcomes: Sequence[Outcome]) -> list[Hint]:
        """What a reviewer should look at first of these outcomes, compared with the frames before."""
        if not self.order.inside(frame):
            return []
        anchors = self.anchors.get(frame, {})
        fixed = {pk: anchor.shape for pk, anchor in anchors.items() if self.courses[pk].seeded}
        tracked = {one.instance_id: one.tracked for one in outcomes}
        return self.hints.see(frame, tracked, fixed=fixed)

    def break_off(self, frame: int) -> list[int]:
        """Follow nothing over to ``frame``, whose picture cannot be compared with the one before.

        Returns the instances that this ends: those that no key frame on ``frame`` brings back.
        """
        followed = {instance_id: course for instance_id, course in self.courses.items() if course.following}
        for instance_id, course in followed.items():
            self.end(instance_id, course)
        seeds = self.seeds_on(frame)
        return [instance_id for instance_id in followed if instance_id not in seeds]

    def seeds_on(self, frame: int) -> dict[int, Shape]:
        """The shapes that seed or re-seed objects on ``frame``.

        Before its seed an object is not tracked at all; a key frame counts inside the range only.
        """
        seeds = {}
        for instance_id, anchor in self.anchors.get(frame, {}).items():
            is_seed = frame == self.order.seeds[instance_id]
            is_key = self.order.inside(frame) and self.courses[instance_id].seeded
            if anchor.shape is not None and (is_seed or is_key):
                seeds[instance_id] = anchor.shape
        return seeds

    def follow(self, instance_id: int, course: Course, frame: int, answer: Tracked) -> list[Outcome]:
        """Book the answer of one object: found, missing within the interval, or ended."""
        if self.past_limit(course, frame) or frame > self.order.ends.get(instance_id, frame):
            self.end(instance_id, course)
            return []
        if self.far_sides is not None and course.following:
            answer = self.far_sides.blend(instance_id, answer, near=course.key_frame, frame=frame)
        if not course.following or answer.shape is None:
            course.missing += 1
            if course.following and course.missing > self.order.interval:
                self.end(instance_id, course)
            answer = MISSING
        else:
            course.missing = 0
        return [Outcome(instance_id, answer)] if self.order.inside(frame) else []

    def past_limit(self, course: Course, frame: int) -> bool:
        limit = self.order.max_frames_after_key
        return limit is not None and abs(frame - course.key_frame) > limit

    def end(self, instance_id: int, course: Course) -> None:
        """Follow the object no longer, until its next key frame."""
        if course.following:
            course.following = False
            self.session.drop(object_id=instance_id)
