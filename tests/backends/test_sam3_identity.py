"""SAM 3 on one encoding of a picture says to the bit what the library says of the whole input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeling.geometry.shapes import Box
from tests.backends.sam3_micro import micro_options
from tests.backends.sam3_stock import Stock
from tests.backends.test_sam2_clicks import PROMPTS, Prompt
from workers.backends.base import RgbFrame
from workers.backends.detecting import Detected, Wish
from workers.backends.sam3.clicks import Sam3Clicker
from workers.backends.sam3.detector import Sam3Detector
from workers.backends.sam3.picture import EncodedPicture

WORDS = ["car", "dog", "red car", "person"]
SIZES = [(320, 240), (112, 112), (60, 201), (640, 90)]


@pytest.fixture(scope="module")
def detector(sam3_folder: Path) -> Sam3Detector:
    return Sam3Detector(micro_options(sam3_folder))


@pytest.fixture(scope="module")
def clicker(sam3_folder: Path) -> Sam3Clicker:
    return Sam3Clicker(micro_options(sam3_folder))


@pytest.fixture(scope="module")
def stock(sam3_folder: Path) -> Stock:
    return Stock.load(sam3_folder)


def picture(width: int = 320, height: int = 240, *, seed: int = 0) -> RgbFrame:
    """Noise of coarse and of fine grain."""
    random = np.random.default_rng(seed)
    coarse = np.kron(random.integers(0, 200, (8, 8, 3)), np.ones((height // 8 + 1, width // 8 + 1, 1)))
    return (coarse[:height, :width] + random.integers(0, 55, (height, width, 3))).astype(np.uint8)


def found(detector: Sam3Detector, embedding: EncodedPicture, words: str, **more: Any) -> list[Detected]:
    return detector.detect(embedding, Wish(words=words, **{"threshold": 0.0, "most": 200, **more}))


def as_stock(stock: Stock, rgb: RgbFrame, words: str) -> list[tuple[float, bytes]]:
    scores, masks = stock.find(rgb, words)
    pairs = [(score, mask.tobytes()) for score, mask in zip(scores, masks, strict=True) if mask.any()]
    return sorted(pairs, key=lambda pair: -pair[0])


def as_ours(answers: list[Detected]) -> list[tuple[float, bytes]]:
    return [(one.score, one.mask.tobytes()) for one in answers]


def asked(clicker: Sam3Clicker, embedding: EncodedPicture, prompt: Prompt) -> bytes:
    answer = clicker.segment(embedding, points=prompt.points, include=prompt.include, box=prompt.box)
    return answer.mask.tobytes()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_words_find_what_the_library_finds(
    detector: Sam3Detector, stock: Stock, width: int, height: int
) -> None:
    rgb = picture(width, height)
    embedding = detector.open(rgb)
    for words in WORDS:
        ours = as_ours(found(detector, embedding, words))
        assert len(ours) > 5
        assert ours == as_stock(stock, rgb, words)


def test_words_are_told_apart(stock: Stock) -> None:
    """Else the comparison above would prove little."""
    answers = {tuple(as_stock(stock, picture(), words)) for words in WORDS}
    assert len(answers) == len(WORDS)


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_clicks_segment_what_the_library_segments(clicker: Sam3Clicker, stock: Stock, prompt: Prompt) -> None:
    rgb = picture()
    ours = asked(clicker, clicker.open(rgb), prompt)
    mask = stock.click(rgb, prompt.points, prompt.include, prompt.box)
    assert mask.any()
    assert ours == mask.tobytes()


def test_clicks_are_told_apart(stock: Stock) -> None:
    masks = {
        stock.click(picture(), prompt.points, prompt.include, prompt.box).tobytes()
        for prompt in PROMPTS.values()
    }
    assert len(masks) == len(PROMPTS)


def test_the_level_that_is_clicked_on_knows_that_there_is_no_memory(
    clicker: Sam3Clicker, stock: Stock
) -> None:
    """The library's model of pictures adds that to a level which it drops; its model of films does not."""
    import torch

    from tests.backends.sam3_stock import stock_pixels

    rgb = picture()
    ours = clicker.open(rgb)._clicked_by
    pixels = stock_pixels(rgb, stock.detector.config.image_size)
    with torch.inference_mode():
        film, pictures = (one.get_image_embeddings(pixels) for one in (stock.film, stock.clicker))
    assert ours is not None
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(ours, film, strict=True))
    assert not torch.equal(ours[-1], pictures[-1])


def test_answers_do_not_depend_on_what_was_asked_before(
    detector: Sam3Detector, clicker: Sam3Clicker, stock: Stock
) -> None:
    """One encoding serves words and clicks, in any order; another picture between them changes nothing."""
    rgb, other = picture(), picture(seed=1)
    embedding, elsewhere = detector.open(rgb), clicker.open(other)
    box = Prompt(box=Box(30, 40, 60, 60))
    before = (as_ours(found(detector, embedding, "car")), asked(clicker, embedding, box))
    found(detector, elsewhere, "dog")
    asked(clicker, elsewhere, PROMPTS["a point"])
    found(detector, embedding, "dog")
    asked(clicker, embedding, PROMPTS["a box and points"])
    assert (as_ours(found(detector, embedding, "car")), asked(clicker, embedding, box)) == before
    assert before[0] == as_stock(stock, rgb, "car")
    assert as_ours(found(detector, elsewhere, "car")) == as_stock(stock, other, "car")


def test_a_picture_is_encoded_once_for_everything(detector: Sam3Detector, clicker: Sam3Clicker) -> None:
    from workers.backends.sam3.loading import model_loaded

    model = model_loaded(detector.options)
    assert model.clicker is not None
    assert model.clicker.vision_encoder.backbone is model.detector.vision_encoder.backbone
    encoded: list[str] = []
    parts = {"picture": model.detector.vision_encoder.backbone, "phrase": model.detector.text_encoder}
    hooks = [
        part.register_forward_hook(lambda *_, name=name: encoded.append(name)) for name, part in parts.items()
    ]
    embedding = detector.open(picture())
    for words in ("bus", "cow", "bus"):
        found(detector, embedding, words)
    for prompt in PROMPTS.values():
        asked(clicker, embedding, prompt)
    for hook in hooks:
        hook.remove()
    assert sorted(encoded) == ["phrase", "phrase", "picture"]


def test_threshold_and_most_cut_the_list(detector: Sam3Detector) -> None:
    embedding = detector.open(picture())
    every = found(detector, embedding, "car")
    scores = [one.score for one in every]
    assert scores == sorted(scores, reverse=True)
    middle = scores[len(scores) // 2]
    assert as_ours(found(detector, embedding, "car", threshold=middle)) == [
        pair for pair in as_ours(every) if pair[0] > middle
    ]
    assert as_ours(found(detector, embedding, "car", most=3)) == as_ours(every)[:3]
    assert found(detector, embedding, "car", threshold=1.0) == []


def test_the_bytes_of_an_encoding_are_counted(detector: Sam3Detector) -> None:
    """Three levels of 32 channels for words, of 4, 8 and 32 for clicks; 32 x 32, 16 x 16 and 8 x 8 cells."""
    cells = (32 * 32, 16 * 16, 8 * 8)
    numbers = sum(cells) * 32 + sum(
        count * channels for count, channels in zip(cells, (4, 8, 32), strict=True)
    )
    assert detector.open(picture()).nbytes == 4 * numbers
