"""One pass of the predictor over consecutive frames, in constant memory.

The predictor itself is unmodified. Frames have an index in the pass: 0 for the one it begins on, and
so many as they lie away from it, whichever the direction. The predictor knows distances only, so a
backward pass is to the bit what it calls reverse. It keeps an entry a frame and object for ever; of
these the attention to memory reads the last few alone, and the rest is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from sam2 import sam2_video_predictor

from labeling.geometry.shapes import BoolMask, Points
from workers.backends.base import RgbFrame
from workers.backends.sam2.answer import Answer
from workers.backends.sam2.memory import DeviceMemoryError
from workers.backends.sam2.model import Sam2Model
from workers.backends.sam2.tensors import PassTensors


class Propagation:
    """The predictor's state for one pass. Sizes are those of the first picture."""

    def __init__(self, model: Sam2Model, *, length: int, rgb: RgbFrame, offload: bool) -> None:
        """``rgb`` is the picture with index 0. ``offload`` keeps the objects' memory off the GPU."""
        self._model = model
        self._predictor = model.predictor
        self._images = PassTensors(length=length, size=model.predictor.image_size)
        self._images.put(0, rgb)
        self.height, self.width = rgb.shape[:2]
        self._ious: list[float] = []
        with self._computing():
            self._state = self._state_made(offload)

    def _state_made(self, offload: bool) -> dict[str, Any]:
        """Let the predictor make its state, on our frames in place of those it would load."""
        stock = sam2_video_predictor.load_video_frames
        sam2_video_predictor.load_video_frames = lambda **_: (self._images, self.height, self.width)
        try:
            state: dict[str, Any] = self._predictor.init_state(
                "", offload_video_to_cpu=True, offload_state_to_cpu=offload
            )
        finally:
            sam2_video_predictor.load_video_frames = stock
        return state

    def reach(self, index: int, rgb: RgbFrame) -> None:
        """Give the picture with this index, before anything is asked about it."""
        self._images.put(index, rgb)

    @property
    def following(self) -> bool:
        """True while there is an object."""
        return bool(self._state["obj_ids"])

    def has(self, index: int) -> bool:
        """True when the picture with this index is here still."""
        return index in self._images

    def seed_mask(self, index: int, object_id: int, mask: BoolMask) -> bool:
        """Begin to follow an object by its mask. False, and not followed, when it is too small to see."""
        self.remove(object_id)
        with self._computing():
            self._predictor.add_new_mask(self._state, index, object_id, mask)
        inputs = self._state["mask_inputs_per_obj"][self._state["obj_id_to_idx"][object_id]]
        if not bool(inputs[index].any()):
            self.remove(object_id)
            return False
        # From here on only its frame is asked for; the picture-sized tensor is not.
        inputs[index] = None
        return True

    def seed_box(self, index: int, object_id: int, box: tuple[float, float, float, float]) -> BoolMask:
        """Begin to follow what lies in a box (left, top, right, bottom); return its mask."""
        self.remove(object_id)
        with self._computing():
            _, ids, logits = self._predictor.add_new_points_or_box(self._state, index, object_id, box=box)
        return _mask(logits[list(ids).index(object_id)])

    def seed_points(self, index: int, object_id: int, points: Points) -> BoolMask:
        """Begin to follow what lies under points ``(n, 2)``; return its mask, which may be empty."""
        self.remove(object_id)
        labels = np.ones(len(points), np.int32)
        with self._computing():
            _, ids, logits = self._predictor.add_new_points_or_box(
                self._state, index, object_id, points=points.astype(np.float32), labels=labels
            )
        return _mask(logits[list(ids).index(object_id)])

    def settle(self) -> None:
        """Turn the seeds into memories while the picture they were given on is at hand."""
        if self.following:
            with self._computing():
                self._predictor.propagate_in_video_preflight(self._state)

    def remove(self, object_id: int) -> None:
        """Forget an object with all that was kept of it."""
        if object_id in self._state["obj_id_to_idx"]:
            self._predictor.remove_object(self._state, object_id, need_output=False)

    def step(self, index: int) -> dict[int, Answer]:
        """Find every object in the picture with this index, and forget what is not read any more."""
        self._ious.clear()
        with self._computing(), self._listening():
            steps = self._predictor.propagate_in_video(
                self._state, start_frame_idx=index, max_frame_num_to_track=0
            )
            _, ids, logits = next(steps)
            steps.close()
        answers = {
            object_id: self._answer(place, index, logits[place]) for place, object_id in enumerate(ids)
        }
        self._trim(index)
        return answers

    def _answer(self, place: int, index: int, logits: Any) -> Answer:
        found = self._state["output_dict_per_obj"][place]["non_cond_frame_outputs"][index]
        score = found["object_score_logits"].float()
        fit = min(max(self._ious[place], 0.0), 1.0)
        return Answer(
            mask=_mask(logits), present=bool(score > 0), confidence=fit * float(torch.sigmoid(score))
        )

    def _trim(self, index: int) -> None:
        """Keep what the next frame can attend to: some memories in full, of older ones the pointer."""
        reach = (self._predictor.num_maskmem - 2) * self._predictor.memory_temporal_stride_for_eval
        pointers = self._predictor.max_obj_ptrs_in_encoder - 2
        for place, outputs in self._state["output_dict_per_obj"].items():
            entries = outputs["non_cond_frame_outputs"]
            for then in list(entries):
                age = index - then
                if age > max(reach, pointers):
                    del entries[then]
                    self._state["frames_tracked_per_obj"][place].pop(then, None)
                elif age > reach:
                    entries[then].update(maskmem_features=None, maskmem_pos_enc=None, pred_masks=None)
                elif age > 0:
                    entries[then]["pred_masks"] = None

    @property
    def nbytes(self) -> int:
        """Bytes of all that this pass holds: pictures, the embedding of one, memories of objects."""
        return self._images.nbytes + tensors_nbytes(
            {key: value for key, value in self._state.items() if key != "images"}
        )

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Hear what the mask decoder thinks of its masks: the predictor keeps it to itself.

        It decodes once an object, in the objects' order, and takes the best of its candidates.
        """

        def hear(decoder: Any, given: Any, answer: Any) -> None:
            self._ious.append(float(answer[1].max()))

        hook = self._predictor.sam_mask_decoder.register_forward_hook(hear)
        try:
            yield
        finally:
            hook.remove()

    @contextmanager
    def _computing(self) -> Iterator[None]:
        try:
            with self._model.computing():
                yield
        except torch.cuda.OutOfMemoryError as error:
            if self._model.device.startswith("cuda"):
                torch.cuda.empty_cache()
            raise DeviceMemoryError from error


def tensors_nbytes(held: object) -> int:
    """Return the bytes of the tensors in nested dicts, lists and tuples, each storage counted once."""
    storages: dict[int, int] = {}
    waiting = [held]
    while waiting:
        one = waiting.pop()
        if torch.is_tensor(one):
            storage = one.untyped_storage()  # type: ignore[attr-defined]
            storages[storage.data_ptr()] = storage.nbytes()
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return sum(storages.values())


def _mask(logits: Any) -> BoolMask:
    """Return the mask ``(height, width)`` of logits ``(1, height, width)``."""
    return np.asarray((logits[0] > 0).cpu().numpy(), np.bool_)
