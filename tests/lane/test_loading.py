"""Segmenters with a model are offered once it is loaded; the others do not wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from rest_framework.test import APIClient

from labeling.geometry.masks import shape_to_mask
from labeling.geometry.shapes import BoolMask, Box, ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.lane.live import live_workers
from labeling.lane.store import store
from labeling.models import Task
from tests.backends import sam3_micro as sam3
from tests.backends.sam2_micro import micro_environment, micro_options, need_sam2
from tests.lane.desks import worker_running
from tests.lane.test_worker import BOX, answer_of, body
from tests.waiting import until
from workers.backends.base import BackendError
from workers.backends.detecting import Wish
from workers.backends.sam2.clicks import Sam2Clicker
from workers.backends.sam3.detector import Sam3Detector
from workers.frames import frames_of_media
from workers.lane.loading import ready_at_once, ready_later


class Light:
    """Has nothing to load."""


class Heavy:
    def __init__(self, *, sentence: str = "") -> None:
        self.sentence = sentence
        self.loaded = 0

    def load(self) -> None:
        if self.sentence:
            raise BackendError(self.sentence)
        self.loaded += 1


class TestLoading:
    @pytest.fixture
    def parts(self) -> dict[str, object]:
        return {"broken": Heavy(sentence="It is truncated."), "heavy": Heavy(), "light": Light()}

    def test_what_has_nothing_to_load_is_ready_at_once(self, parts: Mapping[str, object]) -> None:
        assert ready_at_once(parts, parts.__getitem__) == ["light"]
        heavy = parts["heavy"]
        assert isinstance(heavy, Heavy)
        assert heavy.loaded == 0

    def test_the_others_are_ready_when_they_are_loaded_and_one_that_cannot_be_is_said(
        self, parts: Mapping[str, object], caplog: pytest.LogCaptureFixture
    ) -> None:
        later = ready_later(parts, parts.__getitem__)
        assert next(later) == "heavy"
        heavy = parts["heavy"]
        assert isinstance(heavy, Heavy)
        assert heavy.loaded == 1
        assert list(later) == []
        assert "“broken” is not offered: It is truncated." in caplog.text

    def test_one_that_cannot_be_had_at_all_is_left_out(self) -> None:
        def get(name: str) -> object:
            raise BackendError(f"{name} cannot be loaded.")

        assert ready_at_once(["gone"], get) == []
        assert list(ready_later(["gone"], get)) == []


@pytest.mark.django_db(transaction=True)
class TestSam2AtTheLane:
    @pytest.fixture
    def sam2_there(self, scratch: Path, environment: dict[str, str]) -> dict[str, str]:
        need_sam2()
        return {**environment, **micro_environment(scratch / "micro"), "LABELYARD_SAM2_DEVICE": "cpu"}

    @pytest.fixture
    def expected(self, scratch: Path, clip: Task, sam2_there: dict[str, str]) -> BoolMask:
        """What the segmenter says of the box by itself."""
        clicker = Sam2Clicker(micro_options(scratch / "micro"))
        with frames_of_media(clip.media) as frames:
            embedding = clicker.open(frames.read_rgb(3))
        box = Box(BOX["left"], BOX["top"], BOX["width"], BOX["height"])
        return clicker.segment(
            embedding, points=np.zeros((0, 2)), include=np.zeros(0, np.bool_), box=box
        ).mask

    def test_a_box_is_answered_by_sam2_which_is_chosen_before_the_classical_one(
        self,
        clip: Task,
        bob_client: APIClient,
        sam2_there: dict[str, str],
        expected: BoolMask,
        tmp_path: Path,
    ) -> None:
        assert expected.any()
        with worker_running(sam2_there, tmp_path):
            until(lambda: offered("sam2"), seconds=120, what="the model")
            answer = answer_of(bob_client, clip, body(clip, ShapeKind.BITMASK, box=BOX, clicker=""))
        assert answer["made_by"]["name"] == "sam2"
        assert answer["made_by"]["version"].startswith("micro on cpu, float32")
        size = {"width": clip.media.width or 0, "height": clip.media.height or 0}
        shape = shape_from_json(ShapeKind.BITMASK, answer["shapes"][0]["shape"], **size)
        assert np.array_equal(shape_to_mask(shape, **size), expected)

    def test_with_a_checkpoint_that_does_not_fit_the_classical_one_answers(
        self, clip: Task, bob_client: APIClient, sam2_there: dict[str, str], tmp_path: Path
    ) -> None:
        wrong = {**sam2_there, "LABELYARD_SAM2_CONFIG": "configs/sam2.1/sam2.1_hiera_t.yaml"}
        with worker_running(wrong, tmp_path):
            logs = tmp_path.glob("*.log")
            (log,) = logs
            until(lambda: "“sam2” is not offered" in log.read_text(), seconds=120, what="the refusal")
            assert "does not fit its configuration" in log.read_text()
            assert not offered("sam2")
            answer = answer_of(bob_client, clip, body(clip, ShapeKind.BITMASK, box=BOX, clicker=""))
        assert answer["made_by"]["name"] == "classical"


@pytest.mark.django_db(transaction=True)
def test_sam3_answers_words_and_clicks_at_the_lane(
    clip: Task, bob_client: APIClient, scratch: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """The same shapes as its detector and its segmenter by themselves, of one encoding."""
    sam3.need_sam3()
    options = sam3.micro_options(scratch / "micro3")
    detector = Sam3Detector(options)
    with frames_of_media(clip.media) as frames:
        embedding = detector.open(frames.read_rgb(3))
    found = detector.detect(embedding, Wish(words="car", threshold=0.2, most=9))
    assert found
    with worker_running({**environment, **sam3.micro_environment(options.folder)}, tmp_path):
        until(lambda: "sam3" in understood("words"), seconds=120, what="the model")
        told = body(clip, ShapeKind.BITMASK, mode="all", words="car", threshold=0.2, clicker="")
        several = answer_of(bob_client, clip, told)
        one = answer_of(bob_client, clip, body(clip, ShapeKind.BITMASK, box=BOX, clicker="", seq=2))
    assert several["made_by"] == one["made_by"]
    assert one["made_by"]["name"] == "sam3"
    assert several["shapes"][0]["confidence"] == round(found[0].score, 4)
    assert len(one["shapes"]) == 1


def understood(what: str) -> set[str]:
    """The detectors that live workers offer and that understand it."""
    offers = [worker.detectors for worker in live_workers(store())]
    return {name for detectors in offers for name, reads in detectors.items() if what in reads}


def offered(name: str) -> bool:
    return any(name in worker.clickers for worker in live_workers(store()))
