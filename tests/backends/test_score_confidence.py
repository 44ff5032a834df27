"""Fifths by confidence, on labels whose shares can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.backends.scenes import Scene, Thing, straight
from tools.score_confidence import Judged, bad_share, fifths, sequence_judged
from workers.folder import index_mask_write


def test_fifths_go_from_the_least_sure_to_the_surest() -> None:
    labels = [Judged(confidence=n / 10, overlap=1.0) for n in (7, 3, 9, 1, 5, 2, 8, 0, 6, 4)]
    parts = fifths(labels)
    assert [[round(10 * label.confidence) for label in part] for part in parts] == [
        [0, 1], [2, 3], [4, 5], [6, 7], [8, 9],
    ]  # fmt: skip


def test_a_label_is_bad_below_half_an_overlap() -> None:
    labels = [Judged(0.5, overlap) for overlap in (0.0, 0.49, 0.5, 0.9)]
    assert bad_share(labels) == 0.5


def test_a_sequence_is_judged_but_for_its_ends(tmp_path: Path) -> None:
    scene = Scene([Thing(straight(100, 120, 3))], length=5)
    for name in ("JPEGImages", "Annotations"):
        (tmp_path / name).mkdir()
    for frame in range(5):
        Image.fromarray(scene.read_rgb(frame)).save(tmp_path / f"JPEGImages/{frame}.png")
        index_mask_write(scene.truth(frame).astype(np.uint8), tmp_path / f"Annotations/{frame}.png")
    labels = list(sequence_judged(tmp_path, seed=0))
    assert len(labels) == 3
    assert min(label.overlap for label in labels) > 0.8
