"""Clicks and boxes by SAM 2: what the publisher's predictor says, on a picture that is encoded once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from labeling.geometry.shapes import BoolMask, Box, Points
from tests.backends.sam2_stock import Film
from workers.backends.base import BackendError, RgbFrame
from workers.backends.clicking import Segmented
from workers.backends.sam2.clicks import Sam2Clicker
from workers.backends.sam2.picture import EncodedPicture
from workers.backends.sam2.tracker import Sam2Tracker


@dataclass(frozen=True)
class Prompt:
    """``marks``: x, y and whether the object is there."""

    marks: tuple[tuple[float, float, bool], ...] = ()
    box: Box | None = None

    @property
    def points(self) -> Points:
        return np.array([mark[:2] for mark in self.marks], np.float64).reshape(-1, 2)

    @property
    def include(self) -> NDArray[np.bool_]:
        return np.array([mark[2] for mark in self.marks], np.bool_)


PROMPTS = {
    "a point": Prompt(((60.5, 70.25, True),)),
    "two points": Prompt(((60.5, 70.25, True), (200.0, 149.0, True))),
    "a point and one to leave out": Prompt(((60.5, 70.25, True), (230.0, 140.0, False))),
    "a box": Prompt(box=Box(30.0, 40.5, 61.0, 60.0)),
    "a box and points": Prompt(
        ((60.5, 70.25, True), (35.0, 45.0, False), (70.0, 60.0, True)), Box(30, 40, 60, 60)
    ),
}


@pytest.fixture(scope="module")
def clicker(micro: Sam2Tracker) -> Sam2Clicker:
    return Sam2Clicker(micro.options)


@pytest.fixture(scope="module")
def rgb(short_film: Film) -> RgbFrame:
    return short_film.frames.read_rgb(0)


@pytest.fixture
def embedding(clicker: Sam2Clicker, rgb: RgbFrame) -> EncodedPicture:
    return clicker.open(rgb)


@pytest.fixture(scope="module")
def alone(short_film: Film, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the film's first picture, as the stock predictor reads it."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "00000.jpg").write_bytes((short_film.folder / "00000.jpg").read_bytes())
    return folder


def stock_mask(stock: Any, folder: Path, prompt: Prompt) -> BoolMask:
    """Ask the stock predictor, on a state of its own."""
    import torch

    given: dict[str, Any] = {}
    if prompt.marks:
        given["points"] = prompt.points.astype(np.float32)
        given["labels"] = prompt.include.astype(np.int32)
    if prompt.box is not None:
        box = prompt.box
        given["box"] = np.array([box.left, box.top, box.left + box.width, box.top + box.height], np.float32)
    with torch.inference_mode():
        state = stock.init_state(str(folder))
        _, _, logits = stock.add_new_points_or_box(state, 0, 1, **given)
    return np.asarray((logits[0, 0] > 0).numpy(), np.bool_)


def asked(clicker: Sam2Clicker, embedding: EncodedPicture, prompt: Prompt) -> Segmented:
    return clicker.segment(embedding, points=prompt.points, include=prompt.include, box=prompt.box)


def held(embedding: EncodedPicture) -> Iterator[bytes]:
    """The bytes of every tensor of the encoding."""
    image, encoded = embedding._state["cached_features"][0]
    for tensor in (image, *encoded["backbone_fpn"], *encoded["vision_pos_enc"]):
        yield tensor.numpy().tobytes()


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_every_prompt_gets_the_mask_of_the_publishers_predictor(
    clicker: Sam2Clicker, embedding: EncodedPicture, stock: Any, alone: Path, prompt: Prompt
) -> None:
    found = asked(clicker, embedding, prompt)
    assert found.mask.any()
    assert np.array_equal(found.mask, stock_mask(stock, alone, prompt))
    assert 0 < found.confidence < 1


def test_the_prompts_are_told_apart(stock: Any, alone: Path) -> None:
    """Else the comparison above would prove little."""
    masks = {stock_mask(stock, alone, prompt).tobytes() for prompt in PROMPTS.values()}
    assert len(masks) == len(PROMPTS)


def test_a_prompt_gets_the_same_mask_whatever_came_before(
    clicker: Sam2Clicker, embedding: EncodedPicture, stock: Any, alone: Path
) -> None:
    before = list(held(embedding))
    once = [asked(clicker, embedding, prompt) for prompt in PROMPTS.values()]
    again = [asked(clicker, embedding, prompt) for prompt in reversed(PROMPTS.values())]
    for first, second in zip(once, reversed(again), strict=True):
        assert np.array_equal(first.mask, second.mask)
        assert first.confidence == second.confidence
    assert list(held(embedding)) == before
    assert embedding._state["obj_ids"] == []


def test_a_picture_is_encoded_once(
    clicker: Sam2Clicker, micro: Sam2Tracker, rgb: RgbFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workers.backends.sam2.loading import model_loaded

    predictor = model_loaded(micro.options).predictor
    encode, encoded = predictor.forward_image, []

    def counted(image: Any) -> Any:
        encoded.append(1)
        return encode(image)

    monkeypatch.setattr(predictor, "forward_image", counted)
    embedding = clicker.open(rgb)
    for prompt in PROMPTS.values():
        asked(clicker, embedding, prompt)
    assert encoded == [1]


def test_tracking_and_clicks_share_one_model(micro: Sam2Tracker, clicker: Sam2Clicker, rgb: RgbFrame) -> None:
    embedding = clicker.open(rgb)
    assert embedding._model is micro._model()


def test_the_version_says_what_it_runs_on_and_does_not_change_when_it_is_used(
    micro: Sam2Tracker, rgb: RgbFrame
) -> None:
    """The lane keeps encodings by it."""
    clicker = Sam2Clicker(micro.options)
    before = clicker.version
    clicker.open(rgb)
    assert clicker.version == before
    assert before.startswith("micro on cpu, float32, rf-sam-2 1.")


def test_the_bytes_of_an_encoding_are_counted(embedding: EncodedPicture) -> None:
    """A picture of 128 x 128; features of three levels, with 8, 16 and 64 channels; their places, 64 each."""
    cells = (32 * 32, 16 * 16, 8 * 8)
    numbers = 3 * 128 * 128
    numbers += sum(channels * count for channels, count in zip((8, 16, 64), cells, strict=True))
    numbers += 64 * sum(cells)
    assert numbers * 4 <= embedding.nbytes <= 1.1 * numbers * 4


@pytest.mark.parametrize(("width", "height"), [(320, 240), (37, 211), (640, 64), (1, 1)])
def test_masks_are_of_the_pictures_size(clicker: Sam2Clicker, width: int, height: int) -> None:
    embedding = clicker.open(np.full((height, width, 3), 90, np.uint8))
    found = asked(clicker, embedding, Prompt(((width / 2, height / 2, True),)))
    assert found.mask.shape == (height, width)
    assert found.mask.dtype == np.bool_


def test_a_box_counts_as_far_as_it_lies_in_the_picture(
    clicker: Sam2Clicker, embedding: EncodedPicture
) -> None:
    inside = asked(clicker, embedding, Prompt(box=Box(0, 0, 100, 80)))
    over = asked(clicker, embedding, Prompt(box=Box(-40, -5, 140, 85)))
    assert np.array_equal(inside.mask, over.mask)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (Prompt(((10.0, 10.0, False),)), "include a point"),
        (Prompt(), "include a point"),
        (Prompt(box=Box(400, 300, 10, 10)), "covers nothing of the picture"),
    ],
)
def test_a_prompt_that_names_no_object_is_refused(
    clicker: Sam2Clicker, embedding: EncodedPicture, prompt: Prompt, said: str
) -> None:
    with pytest.raises(BackendError, match=said):
        asked(clicker, embedding, prompt)


def test_a_gpu_without_memory_left_is_said(
    clicker: Sam2Clicker, micro: Sam2Tracker, rgb: RgbFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyTorch's own error, from the middle of the model."""
    import torch

    from workers.backends.sam2.loading import model_loaded

    def fail(*args: object, **words: object) -> None:
        raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    predictor = model_loaded(micro.options).predictor
    embedding = clicker.open(rgb)
    with monkeypatch.context() as patch:
        patch.setattr(predictor, "forward_image", fail)
        with pytest.raises(BackendError, match="320 x 240 pixels") as opening:
            clicker.open(rgb)
    assert opening.value.code == "gpu_out_of_memory"  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(predictor, "track_step", fail)
        with pytest.raises(BackendError, match="LABELYARD_EMBEDDINGS_CACHE_BYTES"):
            asked(clicker, embedding, PROMPTS["a point"])
    # What was encoded is as good as before.
    assert asked(clicker, embedding, PROMPTS["a point"]).mask.any()


def test_a_checkpoint_that_is_not_there_is_said(tmp_path: Path) -> None:
    from tests.backends.sam2_micro import need_sam2
    from workers.backends.sam2.options import Sam2Options

    need_sam2()
    nothing = Sam2Clicker(Sam2Options(checkpoint=tmp_path / "none.pt", name="none"))
    with pytest.raises(BackendError, match="There is no checkpoint"):
        nothing.open(np.zeros((8, 8, 3), np.uint8))


def test_pictures_are_read_and_not_kept(clicker: Sam2Clicker, rgb: RgbFrame, tmp_path: Path) -> None:
    """The caller may use its array again."""
    mine = rgb.copy()
    embedding = clicker.open(mine)
    before = asked(clicker, embedding, PROMPTS["a box"])
    mine[:] = np.asarray(Image.new("RGB", (mine.shape[1], mine.shape[0]), "red"))
    assert np.array_equal(asked(clicker, embedding, PROMPTS["a box"]).mask, before.mask)
