"""SAM 3's detector and segmenter: what they read, what they refuse, and folders that are none."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeling.geometry.masks import mask_iou
from labeling.geometry.shapes import BoolMask, Box
from tests.backends.sam3_micro import micro_options
from tests.backends.test_sam3_identity import picture
from workers.backends.base import BackendError
from workers.backends.detecting import EXAMPLES_HERE, WORDS, Example, Wish
from workers.backends.sam3.clicks import Sam3Clicker
from workers.backends.sam3.detector import SAME, Sam3Detector
from workers.backends.sam3.folder import answers_clicks
from workers.backends.sam3.options import Sam3Options
from workers.backends.sam3.pixels import mask_of


@pytest.fixture(scope="module")
def options(sam3_folder: Path) -> Sam3Options:
    return micro_options(sam3_folder)


@pytest.fixture
def detector(options: Sam3Options) -> Sam3Detector:
    return Sam3Detector(options)


@pytest.fixture
def copied(options: Sam3Options, tmp_path: Path) -> Sam3Options:
    """A folder of one's own, to be damaged."""
    folder = tmp_path / "sam3"
    shutil.copytree(options.folder, folder)
    return replace(options, folder=folder)


def without_torchvision(monkeypatch: pytest.MonkeyPatch, *, there: bool) -> None:
    monkeypatch.setattr("workers.backends.sam3.detector.find_spec", lambda name: object() if there else None)


def square(*, left: int = 30, top: int = 20, side: int = 40) -> BoolMask:
    mask = np.zeros((240, 320), np.bool_)
    mask[top : top + side, left : left + side] = True
    return mask


class TestWishes:
    def test_it_reads_examples_where_torchvision_is(
        self, detector: Sam3Detector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without_torchvision(monkeypatch, there=False)
        assert detector.reads == {WORDS}
        without_torchvision(monkeypatch, there=True)
        assert detector.reads == {WORDS, EXAMPLES_HERE}

    def test_what_is_shown_already_is_not_found_once_more(self, detector: Sam3Detector) -> None:
        embedding = detector.open(picture())
        first, *others = detector.detect(embedding, Wish(words="car", threshold=0.0, most=200))
        again = detector.detect(
            embedding, Wish(words="car", examples=[Example(first.mask)], threshold=0.0, most=200)
        )
        assert again
        assert all(mask_iou(one.mask, first.mask) <= SAME for one in again)
        if EXAMPLES_HERE not in detector.reads:
            left = [one.mask.tobytes() for one in others if mask_iou(one.mask, first.mask) <= SAME]
            assert [one.mask.tobytes() for one in again] == left

    def test_those_without_a_pixel_take_no_place_of_the_others(
        self, detector: Sam3Detector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        embedding = detector.open(picture())
        surest, second, *_ = detector.detect(embedding, Wish(words="car", threshold=0.0, most=200))

        def one_is_empty(*args: Any, **words: Any) -> BoolMask:
            mask = mask_of(*args, **words)
            return mask & False if mask.tobytes() == surest.mask.tobytes() else mask

        monkeypatch.setattr("workers.backends.sam3.picture.mask_of", one_is_empty)
        (found,) = detector.detect(embedding, Wish(words="car", threshold=0.0, most=1))
        assert (found.mask.tobytes(), found.score) == (second.mask.tobytes(), second.score)

    def test_examples_of_other_pictures_are_left_out_where_there_are_words(
        self, detector: Sam3Detector
    ) -> None:
        embedding = detector.open(picture())
        elsewhere = Example(square(), picture(seed=1))
        told = detector.detect(embedding, Wish(words="car", threshold=0.0, most=9))
        both = detector.detect(embedding, Wish(words="car", examples=[elsewhere], threshold=0.0, most=9))
        assert [one.mask.tobytes() for one in both] == [one.mask.tobytes() for one in told]

    @pytest.mark.parametrize(
        ("wish", "said"),
        [
            (Wish(words="  ", threshold=0.5, most=5), "Nothing says what to look for"),
            (Wish(examples=[Example(square(), picture())], threshold=0.5, most=5), "only from the picture"),
            (Wish(words="a" * 40, threshold=0.5, most=5), "too long"),
        ],
    )
    def test_a_wish_that_it_cannot_read_is_refused(
        self, detector: Sam3Detector, wish: Wish, said: str
    ) -> None:
        with pytest.raises(BackendError, match=said):
            detector.detect(detector.open(picture()), wish)

    def test_examples_alone_need_torchvision(
        self, detector: Sam3Detector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without_torchvision(monkeypatch, there=False)
        wish = Wish(examples=[Example(square())], threshold=0.5, most=5)
        with pytest.raises(BackendError, match="torchvision"):
            detector.detect(detector.open(picture()), wish)

    def test_a_gpu_without_memory_left_is_said(
        self, detector: Sam3Detector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """PyTorch's own error, from the middle of the model."""
        import torch

        from workers.backends.sam3.loading import model_loaded

        def fail(*args: object, **words: object) -> None:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

        model = model_loaded(detector.options)
        embedding = detector.open(picture())
        monkeypatch.setattr(model.detector.vision_encoder, "forward", fail)
        monkeypatch.setattr(model.detector.detr_encoder, "forward", fail)
        with pytest.raises(BackendError, match="320 x 240 pixels") as opening:
            detector.open(picture())
        assert opening.value.code == "gpu_out_of_memory"  # type: ignore[attr-defined]
        with pytest.raises(BackendError, match="LABELYARD_EMBEDDINGS_CACHE_BYTES"):
            detector.detect(embedding, Wish(words="car", threshold=0.5, most=5))


def test_segmenter_and_detector_are_one_model_by_name_and_version(options: Sam3Options) -> None:
    """So that one encoding is kept for both."""
    detector, clicker = Sam3Detector(options), Sam3Clicker(options)
    assert (detector.name, detector.version) == (clicker.name, clicker.version)
    assert detector.version.startswith("micro3 on cpu, float32, transformers 5.")


def test_a_prompt_that_names_no_object_is_refused(options: Sam3Options) -> None:
    clicker = Sam3Clicker(options)
    embedding = clicker.open(picture())
    for box, said in ((None, "include a point"), (Box(400, 300, 10, 10), "covers nothing of the picture")):
        with pytest.raises(BackendError, match=said):
            clicker.segment(embedding, points=np.zeros((0, 2)), include=np.zeros(0, np.bool_), box=box)


class TestFolders:
    """Each that cannot be used is answered with a sentence, and runs nothing."""

    @staticmethod
    def refusal(options: Sam3Options) -> str:
        with pytest.raises(BackendError) as refused:
            Sam3Detector(options).load()
        return str(refused.value)

    def test_none_there(self, options: Sam3Options) -> None:
        assert "There is no folder /nowhere/sam3" in self.refusal(
            replace(options, folder=Path("/nowhere/sam3"))
        )

    @pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
    def test_a_file_is_missing(self, copied: Sam3Options, name: str) -> None:
        (copied.folder / name).unlink()
        assert f"{name} is missing in" in self.refusal(copied)

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ('{"model_type": "sam2_video"}', "of the kind “sam2_video”"),
            ("<html>", "not readable"),
            ("[]", "no SAM 3"),
        ],
    )
    def test_another_model(self, copied: Sam3Options, config: str, said: str) -> None:
        (copied.folder / "config.json").write_text(config)
        assert said in self.refusal(copied)

    @pytest.mark.parametrize(
        "damage",
        [lambda whole: whole[: len(whole) // 2], lambda whole: b"<html>Not found</html>", lambda whole: b""],
        ids=["truncated", "a page", "empty"],
    )
    def test_weights_that_are_not_whole(self, copied: Sam3Options, damage: Callable[[bytes], bytes]) -> None:
        path = copied.folder / "model.safetensors"
        path.write_bytes(damage(path.read_bytes()))
        assert "truncated, or not a file of weights" in self.refusal(copied)

    def test_weights_that_lack_a_part_are_not_filled_with_random_numbers(self, copied: Sam3Options) -> None:
        from safetensors.torch import load_file, save_file

        path = copied.folder / "model.safetensors"
        weights = load_file(path)
        save_file({name: one for name, one in weights.items() if "detr_encoder" not in name}, path)
        assert "do not fit its config.json" in self.refusal(copied)

    def test_weights_of_another_size(self, copied: Sam3Options) -> None:
        config = json.loads((copied.folder / "config.json").read_text())
        config["detector_config"]["detr_decoder_config"]["num_queries"] = 7
        (copied.folder / "config.json").write_text(json.dumps(config))
        assert "of another model" in self.refusal(copied)

    def test_a_device_that_is_not_there(self, options: Sam3Options) -> None:
        import torch

        if torch.cuda.is_available():
            pytest.skip("There is a GPU here.")
        assert "SAM 3 is to run on “cuda”" in self.refusal(replace(options, device="cuda"))


def test_a_folder_without_the_part_for_clicks_finds_by_words(options: Sam3Options, tmp_path: Path) -> None:
    """As the library writes its detector by itself."""
    from transformers import Sam3Model

    folder = tmp_path / "detector"
    shutil.copytree(options.folder, folder)
    Sam3Model.from_pretrained(options.folder).save_pretrained(folder)
    alone = replace(options, folder=folder)
    assert not answers_clicks(folder)
    detector, clicker = Sam3Detector(alone), Sam3Clicker(alone)
    embedding = detector.open(picture())
    whole = Sam3Detector(options)
    wish = Wish(words="car", threshold=0.0, most=5)
    assert [one.mask.tobytes() for one in detector.detect(embedding, wish)] == [
        one.mask.tobytes() for one in whole.detect(whole.open(picture()), wish)
    ]
    with pytest.raises(BackendError, match="does not answer clicks"):
        clicker.segment(embedding, points=np.array([[5.0, 5.0]]), include=np.array([True]), box=None)


def test_loading_asks_no_network(options: Sam3Options) -> None:
    """In a process of its own, where every connection fails the test."""
    program = (
        "import socket, sys\n"
        "from pathlib import Path\n"
        "def refuse(*args): raise SystemExit('It asked the network.')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from workers.backends.sam3.detector import Sam3Detector\n"
        "from workers.backends.sam3.options import Sam3Options\n"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules\n"
        f"options = Sam3Options(folder=Path({str(options.folder)!r}), name='micro3', device='cpu')\n"
        "Sam3Detector(options).load()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
