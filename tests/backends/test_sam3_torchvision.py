"""What of the library needs torchvision, beside what is done here without it: pictures, masks, examples.

No build of torchvision for CPUs fits the PyTorch that tests install, so these run where it is present.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeling.geometry.masks import mask_iou
from labeling.geometry.shapes import BoolMask, Box
from tests.backends.sam3_micro import SIZE, micro_options
from tests.backends.test_sam2_clicks import PROMPTS, Prompt
from tests.backends.test_sam3_identity import SIZES, as_ours, asked, picture
from workers.backends.detecting import Example, Wish
from workers.backends.sam3.clicks import Sam3Clicker
from workers.backends.sam3.detector import SAME, Sam3Detector, box_around

pytest.importorskip(
    "torchvision", reason="torchvision is not installed: it is not needed, only compared with"
)


@pytest.fixture(scope="module")
def detector(sam3_folder: Path) -> Sam3Detector:
    return Sam3Detector(micro_options(sam3_folder))


@pytest.fixture(scope="module")
def processor(sam3_folder: Path) -> Any:
    from transformers import AutoTokenizer, Sam3ImageProcessor, Sam3Processor

    size = {"height": SIZE, "width": SIZE}
    tokenizer = AutoTokenizer.from_pretrained(sam3_folder, local_files_only=True)
    return Sam3Processor(Sam3ImageProcessor(size=size), tokenizer)


def stock_answers(
    model: Any, processor: Any, rgb: Any, *, words: str | None, boxes: list[Box]
) -> list[tuple[float, bytes]]:
    """Ask as the library's documentation does, the surest first."""
    import torch

    given: dict[str, Any] = {}
    if boxes:
        corners = [[one.left, one.top, one.left + one.width, one.top + one.height] for one in boxes]
        given = {"input_boxes": [corners], "input_boxes_labels": [[1] * len(boxes)]}
    inputs = processor(images=rgb, text=words, return_tensors="pt", **given)
    with torch.inference_mode():
        out = model(**{key: value for key, value in inputs.items() if key != "original_sizes"})
    (found,) = processor.post_process_instance_segmentation(
        out, threshold=0.0, mask_threshold=0.5, target_sizes=[rgb.shape[:2]]
    )
    pairs = zip(found["scores"], found["masks"], strict=True)
    answers = [(float(score), mask.numpy().astype(np.bool_).tobytes()) for score, mask in pairs if mask.any()]
    return sorted(answers, key=lambda answer: -answer[0])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pictures_are_scaled_as_the_library_scales_them(processor: Any, width: int, height: int) -> None:
    import torch

    from workers.backends.sam3.pixels import pixels_of

    rgb = picture(width, height)
    theirs = processor(images=rgb, return_tensors="pt")["pixel_values"]
    assert torch.equal(pixels_of(rgb, size=SIZE, device="cpu"), theirs)


@pytest.mark.parametrize("words", ["car", "red dog"])
def test_words(detector: Sam3Detector, processor: Any, sam3_folder: Path, words: str) -> None:
    from transformers import Sam3Model

    rgb = picture()
    ours = as_ours(detector.detect(detector.open(rgb), Wish(words=words, threshold=0.0, most=200)))
    model = Sam3Model.from_pretrained(sam3_folder).eval()
    assert ours == stock_answers(model, processor, rgb, words=words, boxes=[])


@pytest.mark.parametrize("words", ["", "car"])
def test_examples_of_the_picture(
    detector: Sam3Detector, processor: Any, sam3_folder: Path, words: str
) -> None:
    from transformers import Sam3Model

    rgb = picture()
    masks: list[BoolMask] = [np.zeros(rgb.shape[:2], np.bool_) for _ in range(2)]
    masks[0][20:60, 30:90] = True
    masks[1][100:180, 200:260] = True
    wish = Wish(words=words, examples=[Example(mask) for mask in masks], threshold=0.0, most=200)
    answers = detector.detect(detector.open(rgb), wish)
    model = Sam3Model.from_pretrained(sam3_folder).eval()
    stock = stock_answers(
        model, processor, rgb, words=words or None, boxes=[box_around(mask) for mask in masks]
    )
    found = [(one, np.frombuffer(one[1], np.bool_).reshape(rgb.shape[:2])) for one in stock]
    kept = [one for one, answer in found if all(mask_iou(answer, mask) <= SAME for mask in masks)]
    assert as_ours(answers) == kept
    assert kept
    assert kept != stock_answers(model, processor, rgb, words=words or "visual", boxes=[])


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_clicks(sam3_folder: Path, processor: Any, prompt: Prompt) -> None:
    """With the library's processor of prompts, and the levels of its model of films."""
    import torch
    from transformers import Sam3TrackerModel, Sam3TrackerProcessor, Sam3TrackerVideoModel

    rgb = picture()
    prepare = Sam3TrackerProcessor(processor.image_processor, target_size=SIZE)
    given: dict[str, Any] = {}
    if prompt.marks:
        given["input_points"] = [[prompt.points.tolist()]]
        given["input_labels"] = [[prompt.include.astype(int).tolist()]]
    if prompt.box:
        box = prompt.box
        given["input_boxes"] = [[[box.left, box.top, box.left + box.width, box.top + box.height]]]
    inputs = prepare(images=rgb, return_tensors="pt", **given)
    film = Sam3TrackerVideoModel.from_pretrained(sam3_folder).eval()
    model = Sam3TrackerModel.from_pretrained(sam3_folder).eval()
    with torch.inference_mode():
        levels = film.get_image_embeddings(inputs.pop("pixel_values"))
        sizes = inputs.pop("original_sizes")
        several = prompt.box is None and len(prompt.marks) == 1
        out = model(image_embeddings=levels, multimask_output=several, **inputs)
        best = int(out.iou_scores[0, 0].argmax())
        mask = prepare.post_process_masks(out.pred_masks, sizes)[0][0, best]
    clicker = Sam3Clicker(micro_options(sam3_folder))
    assert asked(clicker, clicker.open(rgb), prompt) == mask.numpy().tobytes()
