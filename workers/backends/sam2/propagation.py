"""One pass of the predictor over consecutive frames, in constant memory.

The predictor itself is unmodified. Frames have an index in the pass: 0 for the one it begins on, and
so many as they lie away from it, whichever the direction. The predictor knows distances only, so a
backward pass is to the bit what it calls reverse. It keeps an entry a frame and object for ever; of
these the attention to memory reads the last few alone, and the rest is dropped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from labeling.geometry.shapes import BoolMask, Points
from workers.backends.base import RgbFrame
from workers.backends.device.computing import tensors_nbytes
from workers.backends.sam2.answer import Answer
from workers.backends.sam2.model import Sam2Model
from workers.backends.sam2.stock import fits_heard, mask_of, state_made
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
        with model.computing():
            self._state = state_made(
                model.predictor, self._images, height=self.height, width=self.width, offload=offload
            )

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
        with self._model.computing():
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
        with self._model.computing():
            _, ids, logits = self._predictor.add_new_points_or_box(self._state, index, object_id, box=box)
        return mask_of(logits[list(ids).index(object_id)])

    def seed_points(self, index: int, object_id: int, points: Points) -> BoolMask:
        """Begin to follow what lies under points ``(n, 2)``; return its mask, which may be empty."""
        self.remove(object_id)
        labels = np.ones(len(points), np.int32)
        with self._model.computing():
            _, ids, logits = self._predictor.add_new_points_or_box(
                self._state, index, object_id, points=points.astype(np.float32), labels=labels
            )
        return mask_of(logits[list(ids).index(object_id)])

    def settle(self) -> None:
        """Turn the seeds into memories while the picture they were given on is at hand."""
        if self.following:
            with self._model.computing():
                self._predictor.propagate_in_video_preflight(self._state)

    def remove(self, object_id: int) -> None:
        """Forget an object with all that was kept of it."""
        if object_id in self._state["obj_id_to_idx"]:
            self._predictor.remove_object(self._state, object_id, need_output=False)

    def step(self, index: int) -> dict[int, Answer]:
        """Find every object in the picture with this index, and forget what is not read any more."""
        with self._model.computing(), fits_heard(self._predictor) as fits:
            steps = self._predictor.propagate_in_video(
                self._state, start_frame_idx=index, max_frame_num_to_track=0
            )
            _, ids, logits = next(steps)
            steps.close()
        answers = {
            object_id: self._answer(place, index, logits[place], fit=fits[place])
            for place, object_id in enumerate(ids)
        }
        self._trim(index)
        return answers

    def _answer(self, place: int, index: int, logits: Any, *, fit: float) -> Answer:
        found = self._state["output_dict_per_obj"][place]["non_cond_frame_outputs"][index]
        score = found["object_score_logits"].float()
        return Answer(
            mask=mask_of(logits), present=bool(score > 0), confidence=fit * float(torch.sigmoid(score))
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
