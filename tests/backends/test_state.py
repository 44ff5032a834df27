"""Checkpoints come back as they were, and foreign ones are refused."""

from __future__ import annotations

import numpy as np
import pytest

from tests.backends.shapes import every_kind
from workers.backends.base import BackendError
from workers.backends.state import state_pack, state_unpack


def test_arrays_keep_dtype_shape_and_values() -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4) / 7
    back = state_unpack(state_pack({"array": array}, version="v"), version="v")["array"]
    assert back.dtype == np.float32
    np.testing.assert_array_equal(back, array)


def test_shapes_come_back_exactly() -> None:
    shapes = every_kind(left=1 / 3, top=2 / 7)
    packed = state_pack(shapes, version="v")
    back = state_unpack(packed, version="v")
    assert [type(shape) for shape in back] == [type(shape) for shape in shapes]
    assert state_pack(back, version="v") == packed


@pytest.mark.parametrize("data", [b"", b"nonsense", state_pack(1, version="v")[:-3]])
def test_damaged_checkpoints_are_refused(data: bytes) -> None:
    with pytest.raises(BackendError, match="damaged"):
        state_unpack(data, version="v")


def test_the_checkpoint_of_another_version_is_refused() -> None:
    with pytest.raises(BackendError, match="written by fast 1, and this is fast 2"):
        state_unpack(state_pack(1, version="fast 1"), version="fast 2")
