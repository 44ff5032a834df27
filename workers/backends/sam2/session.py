"""A pass of SAM 2: several objects, one encoding of each picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from labeling.geometry.shapes import BoolMask, Keypoint, Polyline, RotatedBox, Skeleton
from workers.backends.base import BackendError, FrameSource, Remark, Seed, Tracked
from workers.backends.device.memory import DeviceMemoryError
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FrameView
from workers.backends.order import FrameOrder
from workers.backends.points.vertices import PointShape
from workers.backends.sam2.followed import Followed
from workers.backends.sam2.memory import MemoryExhaustedError, PassTooLargeError
from workers.backends.sam2.model import Sam2Model
from workers.backends.sam2.pointed import NOTE, FollowedPoints, clicks_of
from workers.backends.sam2.propagation import Propagation
from workers.backends.sam2.seeds import corners_of, prompt_of, seen_in
from workers.backends.state import state_pack, state_unpack

# Another model may go on from it: it holds masks, and nothing of the model's.
_STATE = "sam2 1"


class Sam2Session:
    """Memory does not grow with the length of the pass.

    A key frame begins an object anew: its person's mask becomes the one frame that is remembered for
    good, and what was remembered before is dropped.
    """

    def __init__(self, model: Sam2Model, frames: FrameSource, *, offload: bool, pass_bytes: int) -> None:
        self._model = model
        self._frames = frames
        self._offload = offload
        self._pass_bytes = pass_bytes
        self._order = FrameOrder()
        self._origin = 0
        self._pass: Propagation | None = None
        self._followed: dict[int, Followed] = {}
        self._view: FrameView | None = None
        self._noted = False
        self._remarks: list[Remark] = []

    def seed(self, *, frame: int, seeds: Sequence[Seed]) -> None:
        """Begin objects, or begin them anew. One whose shape cannot be followed becomes a remark."""
        self._order.seed(frame, following=bool(self._followed))
        propagation = self._pass_at(frame)
        with self._memory_on(frame, objects=len(self._followed) + len(seeds)):
            for seed in seeds:
                self._begin(propagation, frame, seed)
                self._check_bytes(frame)
            propagation.settle()

    def _begin(self, propagation: Propagation, frame: int, seed: Seed) -> None:
        self.drop(object_id=seed.object_id)
        if isinstance(seed.shape, Polyline | Keypoint | Skeleton):
            self._begin_points(propagation, frame, seed.object_id, seed.shape)
            return
        try:
            mask = self._prompted(propagation, self._index(frame), seed)
        except BackendError as error:
            self._remarks.append(Remark(str(error), object_id=seed.object_id, frame=frame))
        else:
            self._followed[seed.object_id] = Followed.seeded(frame, seed.shape, mask)

    def _begin_points(self, propagation: Propagation, frame: int, object_id: int, shape: PointShape) -> None:
        """Show SAM 2 the points; where it finds nothing under them, they hold on to no mask."""
        mask = propagation.seed_points(self._index(frame), object_id, clicks_of(shape))
        self._followed[object_id] = FollowedPoints.begun(frame, shape, mask, self._view_of(frame))
        if not self._noted:
            self._noted = True
            self._remarks.append(Remark(NOTE))

    def _view_of(self, frame: int) -> FrameView:
        """Return the picture of ``frame`` as the point tracker sees it."""
        if self._view is None or self._view.frame != frame:
            self._view = FrameView(self._frames.read_rgb(frame), frame=frame)
        return self._view

    def _prompted(self, propagation: Propagation, index: int, seed: Seed) -> BoolMask:
        """Prompt with a seed and return what is followed from there.

        What SAM 2 finds in an upright box stands as it is. Of a rotated box it counts as far as it
        lies inside, for SAM 2 was asked about the upright box around it.
        """
        prompt = prompt_of(seed.shape, width=propagation.width, height=propagation.height)
        mask = prompt.mask
        if prompt.box is not None:
            seen = seen_in(propagation.seed_box(index, seed.object_id, prompt.box), prompt.mask)
            if seen is not None and not isinstance(seed.shape, RotatedBox):
                return seen
            mask = prompt.mask if seen is None else seen
        self._remember(propagation, index, seed.object_id, mask)
        return mask

    @staticmethod
    def _remember(propagation: Propagation, index: int, object_id: int, mask: BoolMask) -> None:
        """Begin with a mask; one that vanishes at the model's resolution, with its box."""
        if not propagation.seed_mask(index, object_id, mask):
            propagation.seed_box(index, object_id, corners_of(mask))

    def step(self, *, frame: int) -> Mapping[int, Tracked]:
        before = self._order.last
        self._order.step(frame)
        if self._pass is None or not self._followed or before is None:
            return {}
        index = self._index(frame)
        rgb = self._frames.read_rgb(frame)
        transition = self._transition(before, FrameView(rgb, frame=frame))
        self._pass.reach(index, rgb)
        with self._memory_on(frame, objects=len(self._followed)):
            answers = self._pass.step(index)
        self._check_bytes(frame)
        return {
            object_id: followed.follow(answers[object_id], transition)
            if isinstance(followed, FollowedPoints) and transition
            else followed.take(answers[object_id], frame=frame)
            for object_id, followed in self._followed.items()
        }

    def _transition(self, before: int, current: FrameView) -> Transition | None:
        """Return the step from the last picture that was read, None where no object is made of points."""
        if not any(isinstance(followed, FollowedPoints) for followed in self._followed.values()):
            self._view = None
            return None
        transition = Transition(self._view or self._view_of(before), current, 0)
        self._view = current
        return transition

    def drop(self, *, object_id: int) -> None:
        if self._followed.pop(object_id, None) is not None and self._pass is not None:
            self._pass.remove(object_id)

    def take_remarks(self) -> list[Remark]:
        """Return what there was to say since the last call."""
        taken, self._remarks = self._remarks, []
        return taken

    def checkpoint(self) -> bytes:
        """Return each object as it was seen last. What SAM 2 remembers of it is not kept."""
        objects = {object_id: followed.state() for object_id, followed in self._followed.items()}
        state = {"last": self._order.last, "direction": self._order.direction, "objects": objects}
        return state_pack(state, version=_STATE)

    def restore(self, checkpoint: bytes) -> None:
        """Go on from ``checkpoint``: each object is seeded where it was seen last, with its mask there."""
        state = state_unpack(checkpoint, version=_STATE)
        self._order = FrameOrder(state["last"], state["direction"])
        objects: dict[int, Any] = state["objects"]
        self._followed = {object_id: _followed(one) for object_id, one in objects.items()}
        for object_id, followed in sorted(self._followed.items(), key=self._along):
            propagation = self._pass_at(followed.frame)
            with self._memory_on(followed.frame, objects=len(objects)):
                self._begin_again(propagation, object_id, followed)
                propagation.settle()
        if objects:
            self._remarks.append(
                Remark(
                    f"Tracking was interrupted after frame {self._order.last}. SAM 2 went on from its last "
                    "masks, so later frames may differ from those of a run without interruption."
                )
            )

    def _begin_again(self, propagation: Propagation, object_id: int, followed: Followed) -> None:
        index = self._index(followed.frame)
        if isinstance(followed, FollowedPoints) and not followed.mask.any():
            propagation.seed_points(index, object_id, followed.clicks())
        else:
            self._remember(propagation, index, object_id, followed.mask)

    def _along(self, item: tuple[int, Followed]) -> int:
        """The order of objects in which the pass met them last."""
        return item[1].frame * (self._order.direction or 1)

    def close(self) -> None:
        self._followed.clear()
        self._pass = self._view = None

    @property
    def nbytes(self) -> int:
        """Bytes that the pass holds: pictures, embedding, memories of objects, their last masks."""
        held = sum(followed.mask.nbytes for followed in self._followed.values())
        # Its colours, and its brightness.
        view = 4 * self._view.full_width * self._view.full_height if self._view else 0
        return held + view + (self._pass.nbytes if self._pass else 0)

    def _check_bytes(self, frame: int) -> None:
        """Raises BackendError when the pass holds more than it may."""
        held = self.nbytes
        if held > self._pass_bytes:
            raise PassTooLargeError(
                frame=frame, objects=len(self._followed), held=held, most=self._pass_bytes
            )

    def _pass_at(self, frame: int) -> Propagation:
        """Return the pass, with the picture of ``frame`` in it; a new one while nothing is followed."""
        if self._pass is None or not self._pass.following:
            rgb = self._frames.read_rgb(frame)
            self._origin = frame
            with self._memory_on(frame, objects=0):
                self._pass = Propagation(
                    self._model, length=len(self._frames), rgb=rgb, offload=self._offload
                )
        elif not self._pass.has(self._index(frame)):
            self._pass.reach(self._index(frame), self._frames.read_rgb(frame))
        return self._pass

    def _index(self, frame: int) -> int:
        return abs(frame - self._origin)

    @contextmanager
    def _memory_on(self, frame: int, *, objects: int) -> Iterator[None]:
        """While computing: a device without memory left ends the pass with a sentence."""
        try:
            yield
        except DeviceMemoryError as error:
            raise MemoryExhaustedError(
                frame=frame,
                objects=objects,
                width=self._frames.width,
                height=self._frames.height,
                offload=self._offload,
            ) from error


def _followed(state: dict[str, Any]) -> Followed:
    """Return the object that ``state`` was taken of."""
    return FollowedPoints.from_state(state) if "points" in state else Followed.from_state(state)
