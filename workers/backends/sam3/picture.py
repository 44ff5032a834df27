"""A picture that is encoded once, and answers every question about it from that."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers.models.sam3.modeling_sam3 import Sam3VisionEncoderOutput

from labeling.geometry.shapes import Box, Points
from workers.backends.base import RgbFrame
from workers.backends.clicking import Segmented
from workers.backends.detecting import Detected
from workers.backends.device.computing import tensors_nbytes
from workers.backends.sam3.model import Sam3
from workers.backends.sam3.pixels import mask_of, pixels_of

ANY = "visual"
"""What the model was taught to read where only examples say what is meant."""


class EncodedPicture:
    """What the image encoder says of a picture: levels of features for either part of the model.

    Nothing that is asked changes them. The library's own outputs hold three times as much: positions,
    which are the same for all pictures, are with the model, and what nobody reads is dropped.
    """

    def __init__(self, model: Sam3, rgb: RgbFrame) -> None:
        """Encode. Raises DeviceMemoryError."""
        self._model = model
        self.height, self.width = rgb.shape[:2]
        with model.computing():
            seen = model.detector.get_vision_features(pixels_of(rgb, size=model.size, device=model.device))
            self._found_by = seen.fpn_hidden_states[:-1]
            model.places = model.places or seen.fpn_position_encoding[:-1]
            self._clicked_by = None if model.clicker is None else clicker_levels(model.clicker, seen)

    @property
    def nbytes(self) -> int:
        return tensors_nbytes([self._found_by, self._clicked_by])

    def find(self, words: str, boxes: list[Box], *, threshold: float, most: int) -> list[Detected]:
        """Return what ``words`` mean, or is like what lies in ``boxes``, or both; the surest first.

        Raises DeviceMemoryError; BackendError for words that are too long.
        """
        with self._model.computing():
            phrase, filled = self._model.phrase(words or ANY)
            found = self._model.detector(
                vision_embeds=self._seen(), text_embeds=phrase, attention_mask=filled, **self._given(boxes)
            )
            scores = (found.pred_logits.float().sigmoid() * found.presence_logits.float().sigmoid())[0]
            best = torch.argsort(scores, descending=True, stable=True)
            kept = best[scores[best] > threshold].tolist()
            masks = found.pred_masks[0].float().sigmoid()
            # Those without a pixel take no place of the others.
            seen = (
                Detected(mask, float(scores[one]))
                for one in kept
                if (mask := mask_of(masks[one], height=self.height, width=self.width, above=0.5)).any()
            )
            return list(islice(seen, most))

    def _seen(self) -> Sam3VisionEncoderOutput:
        """The library leaves the last of its levels out, so there has to be one more."""
        return Sam3VisionEncoderOutput(
            fpn_hidden_states=(*self._found_by, None), fpn_position_encoding=(*self._model.places, None)
        )

    def _given(self, boxes: list[Box]) -> dict[str, Any]:
        """Boxes as parts of the picture: middle and size."""
        if not boxes:
            return {}
        corners = torch.tensor([[corners_of(box) for box in boxes]], dtype=torch.float32)
        corners = corners / torch.tensor([self.width, self.height, self.width, self.height])
        left, top, right, bottom = corners.unbind(-1)
        middles = torch.stack([(left + right) / 2, (top + bottom) / 2, right - left, bottom - top], dim=-1)
        labels = torch.ones(1, len(boxes), dtype=torch.int64)
        device = self._model.device
        return {"input_boxes": middles.to(device), "input_boxes_labels": labels.to(device)}

    def ask(self, *, points: Points, include: NDArray[np.bool_], box: Box | None) -> Segmented:
        """Return the object that is clicked on, see ``Clicker.segment``. Raises DeviceMemoryError.

        Of a single point three masks are made, and the one that is thought to fit best is taken. The
        confidence is how well it is thought to fit, times how sure the model is that an object is there.
        """
        clicker: Any = self._model.clicker
        device = self._model.device
        # In this order, as the library does: the results are the same to the bit.
        scale = np.array([self._model.size / self.width, self._model.size / self.height])
        given: dict[str, Any] = {}
        if len(points):
            given["input_points"] = scaled(points, scale)[None, None].to(device)
            given["input_labels"] = torch.tensor(include.astype(np.int64))[None, None].to(device)
        if box is not None:
            edges = scaled(np.array(corners_of(box)).reshape(2, 2), scale)
            given["input_boxes"] = edges.reshape(1, 1, 4).to(device)
        with self._model.computing():
            made = clicker(
                image_embeddings=self._clicked_by,
                multimask_output=box is None and len(points) == 1,
                **given,
            )
            fits = made.iou_scores[0, 0].float()
            best = int(fits.argmax())
            there = float(made.object_score_logits.float().sigmoid())
            mask = mask_of(made.pred_masks[0, 0, best], height=self.height, width=self.width, above=0.0)
        return Segmented(mask, min(max(float(fits[best]), 0.0), 1.0) * there)


def clicker_levels(clicker: Any, seen: Any) -> list[Any]:
    """Return the levels that the clicker reads, from what the shared encoder saw.

    They are those of the library's ``Sam3TrackerVideoModel``. Its ``Sam3TrackerModel`` adds what it
    knows of having no memory to a level that is dropped, where the neck has one more than is read.
    """
    sizes = clicker.backbone_feature_sizes
    rows, columns = sizes[-1]
    spread = seen.last_hidden_state.view(1, rows, columns, -1).permute(0, 3, 1, 2)
    levels, _ = clicker.vision_encoder.neck(spread)
    fine, middle, coarse = levels[: len(sizes)]
    alone = clicker.no_memory_embedding.view(1, -1, 1, 1)
    return [clicker.mask_decoder.conv_s0(fine), clicker.mask_decoder.conv_s1(middle), coarse + alone]


def scaled(points: NDArray[np.float64], scale: NDArray[np.float64]) -> Any:
    """Return points ``(n, 2)`` of the picture in the square that the model sees, float32."""
    given = torch.tensor(points, dtype=torch.float32)
    return torch.stack([given[:, 0] * float(scale[0]), given[:, 1] * float(scale[1])], dim=-1)


def corners_of(box: Box) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom."""
    return box.left, box.top, box.left + box.width, box.top + box.height
