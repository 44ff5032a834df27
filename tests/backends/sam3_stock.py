"""The library as its documentation drives it, to compare with: the whole input at once, nothing reused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from labeling.geometry.shapes import BoolMask, Box, Points
from workers.backends.base import RgbFrame


@dataclass(frozen=True)
class Stock:
    """The library's models, each loaded for itself."""

    detector: Any
    clicker: Any
    film: Any
    tokenizer: Any

    @classmethod
    def load(cls, folder: Path) -> Stock:
        from transformers import AutoTokenizer, Sam3Model, Sam3TrackerModel, Sam3TrackerVideoModel

        return cls(
            detector=Sam3Model.from_pretrained(folder, local_files_only=True).eval(),
            clicker=Sam3TrackerModel.from_pretrained(folder, local_files_only=True).eval(),
            film=Sam3TrackerVideoModel.from_pretrained(folder, local_files_only=True).eval(),
            tokenizer=AutoTokenizer.from_pretrained(folder, local_files_only=True),
        )

    def find(self, rgb: RgbFrame, words: str) -> tuple[list[float], list[BoolMask]]:
        """Return scores and masks of all queries, in the order of the queries."""
        import torch
        from torch.nn.functional import interpolate

        text = self.tokenizer(words, return_tensors="pt", padding="max_length", max_length=32)
        with torch.inference_mode():
            out = self.detector(pixel_values=stock_pixels(rgb, self.detector.config.image_size), **text)
            scores = (out.pred_logits.sigmoid() * out.presence_logits.sigmoid())[0]
            masks = interpolate(out.pred_masks.sigmoid(), size=rgb.shape[:2], mode="bilinear")[0] > 0.5
        return [float(score) for score in scores], list(masks.numpy())

    def click(self, rgb: RgbFrame, points: Points, include: Any, box: Box | None) -> BoolMask:
        """Ask for one object; the levels are those that the library's model of films makes of a picture."""
        import torch
        from torch.nn.functional import interpolate

        size = self.detector.config.image_size
        height, width = rgb.shape[:2]
        scale = torch.tensor([size / width, size / height])
        given: dict[str, Any] = {}
        if len(points):
            given["input_points"] = (torch.tensor(points, dtype=torch.float32) * scale)[None, None]
            given["input_labels"] = torch.tensor(include.astype(np.int64))[None, None]
        if box is not None:
            edges = torch.tensor(
                [[box.left, box.top], [box.left + box.width, box.top + box.height]], dtype=torch.float32
            )
            given["input_boxes"] = (edges * scale).reshape(1, 1, 4)
        with torch.inference_mode():
            levels = self.film.get_image_embeddings(stock_pixels(rgb, size))
            several = box is None and len(points) == 1
            out = self.clicker(image_embeddings=levels, multimask_output=several, **given)
            best = int(out.iou_scores[0, 0].argmax())
            mask = interpolate(out.pred_masks[0], size=(height, width), mode="bilinear")[0, best] > 0
        return np.asarray(mask.numpy(), np.bool_)


def stock_pixels(rgb: RgbFrame, size: int) -> Any:
    """Scale as torchvision does, to whole numbers, and bring it to -1..1."""
    import torch
    from torch.nn.functional import interpolate

    whole = torch.tensor(rgb).permute(2, 0, 1)[None]
    whole = interpolate(whole, size=(size, size), mode="bilinear", antialias=True)
    return (whole.float() - 127.5) / 127.5
