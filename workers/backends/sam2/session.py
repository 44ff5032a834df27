"""A pass of SAM 2: several objects, one encoding of each picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from labeling.geometry.shapes import BoolMask, RotatedBox
from workers.backends.base import BackendError, FrameSource, Remark, Seed, Tracked
from workers.backends.order import FrameOrder
from workers.backends.sam2.followed import Followed
from workers.backends.sam2.memory import DeviceMemoryError, MemoryExhaustedError, PassTooLargeError
from workers.backends.sam2.model import Sam2Model
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
        try:
            mask = self._prompted(propagation, self._index(frame), seed)
        except BackendError as error:
            self._remarks.append(Remark(str(error), object_id=seed.object_id, frame=frame))
        else:
            self._followed[seed.object_id] = Followed.seeded(frame, seed.shape, mask)

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
        self._order.step(frame)
        if self._pass is None or not self._followed:
            return {}
        index = self._index(frame)
        self._pass.reach(index, self._frames.read_rgb(frame))
        with self._memory_on(frame, objects=len(self._followed)):
            answers = self._pass.step(index)
        self._check_bytes(frame)
        return {
            object_id: followed.take(answers[object_id], frame=frame)
            for object_id, followed in self._followed.items()
        }

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
        self._followed = {object_id: Followed.from_state(one) for object_id, one in objects.items()}
        for object_id, followed in sorted(self._followed.items(), key=self._along):
            propagation = self._pass_at(followed.frame)
            with self._memory_on(followed.frame, objects=len(objects)):
                self._remember(propagation, self._index(followed.frame), object_id, followed.mask)
                propagation.settle()
        if objects:
            self._remarks.append(
                Remark(
                    f"Tracking was interrupted after frame {self._order.last}. SAM 2 went on from its last "
                    "masks, so later frames may differ from those of a run without interruption."
                )
            )

    def _along(self, item: tuple[int, Followed]) -> int:
        """The order of objects in which the pass met them last."""
        return item[1].frame * (self._order.direction or 1)

    def close(self) -> None:
        self._followed.clear()
        self._pass = None

    @property
    def nbytes(self) -> int:
        """Bytes that the pass holds: pictures, embedding, memories of objects, their last masks."""
        held = sum(followed.mask.nbytes for followed in self._followed.values())
        return held + (self._pass.nbytes if self._pass else 0)

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
