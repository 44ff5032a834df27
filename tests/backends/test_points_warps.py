"""The point tracker on real pictures whose motion is known; ``make bench ARGS=points`` has the figures."""

from __future__ import annotations

import numpy as np
import pytest

from labeling.errors import LabelyardError
from tests.backends.warps import WARPS, WarpedClip, film_frame
from tests.needs import missing
from tools.bench.points import PICTURES, measure


@pytest.fixture(autouse=True)
def film() -> None:
    try:
        film_frame(0)
    except LabelyardError as error:
        missing(error.sentence)


@pytest.mark.parametrize("name", WARPS)
def test_the_generator_knows_where_its_points_are(name: str) -> None:
    clip = WarpedClip(WARPS[name], PICTURES[0])
    points = clip.points(8)
    back = clip._unwarped(WARPS[name](points, 30.0), 30.0)
    np.testing.assert_allclose(WARPS[name](back, 30.0), WARPS[name](points, 30.0), atol=0.02)


@pytest.mark.parametrize("name", ["rotation", "non-rigid"])
def test_points_of_a_real_picture_are_followed(name: str) -> None:
    found = measure(WarpedClip(WARPS[name], PICTURES[0]))
    assert np.median(found.followed) < 1
    assert (found.followed < 3).mean() > 0.8
    assert found.visible_called_lost < 0.25


def test_points_behind_something_are_called_lost() -> None:
    found = measure(WarpedClip(WARPS["shift"], PICTURES[0], occluded=True))
    assert found.hidden.any()
    assert found.hidden_called_lost > 0.75
    assert found.visible_called_lost < 0.35
