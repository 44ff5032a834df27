from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labeling.media.errors import FrameUnreadable, MediaRefused
from labeling.media.picture import RgbImage, orient
from labeling.media.reader import open_frames
from tests.clips import draw_number, read_number

RIGHT_SIDE_UP = draw_number(1234, width=160, height=128)


def read_image(path: Path, *, width: int, height: int) -> RgbImage:
    with open_frames(path, kind="image", table=None, width=width, height=height) as frames:
        assert len(frames) == 1
        return frames.read_rgb(0)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    # The inverse of a quarter turn is the other quarter turn; all others undo themselves.
    inverse = {6: 8, 8: 6}.get(orientation, orientation)
    stored = orient(RIGHT_SIDE_UP, inverse)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.png"
    Image.fromarray(stored).save(path, exif=exif)
    np.testing.assert_array_equal(read_image(path, width=160, height=128), RIGHT_SIDE_UP)


def test_transparency_lies_over_white(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 4), dtype=np.uint8)
    pixels[0, 0] = (10, 20, 30, 255)
    path = tmp_path / "clear.png"
    Image.fromarray(pixels).save(path)
    picture = read_image(path, width=4, height=4)
    assert picture[0, 0].tolist() == [10, 20, 30]
    assert picture[3, 3].tolist() == [255, 255, 255]


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bits_of_grey_become_eight(tmp_path: Path, form: str) -> None:
    path = tmp_path / "deep"
    values = np.array([[0, 257, 25700, 65535]], dtype=np.uint16)
    Image.fromarray(values).save(path, form)
    assert read_image(path, width=4, height=1)[0, :, 1].tolist() == [0, 1, 100, 255]


def test_floating_point_grey_is_stretched(tmp_path: Path) -> None:
    path = tmp_path / "float.tiff"
    Image.fromarray(np.array([[-1.0, 0.0, 1.0]], dtype=np.float32)).save(path)
    assert read_image(path, width=3, height=1)[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LA"])
def test_every_colour_mode_is_read(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "mode"
    form = "PNG" if mode in ("1", "L", "P", "LA") else "TIFF"
    Image.fromarray(RIGHT_SIDE_UP).convert(mode).save(path, form)
    assert read_number(read_image(path, width=160, height=128)) == 1234


def test_of_several_pictures_it_is_the_first(tmp_path: Path) -> None:
    path = tmp_path / "pages.tiff"
    pages = [Image.fromarray(draw_number(number, width=64, height=64)) for number in (7, 8)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    assert read_number(read_image(path, width=64, height=64)) == 7


def test_an_image_has_frame_0_only(tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    Image.fromarray(RIGHT_SIDE_UP).save(path)
    with (
        open_frames(path, kind="image", table=None, width=160, height=128) as frames,
        pytest.raises(FrameUnreadable, match="frame 0 only"),
    ):
        frames.read_rgb(1)


def test_an_image_that_changed_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    Image.fromarray(RIGHT_SIDE_UP).save(path)
    with pytest.raises(MediaRefused, match="not of the size"):
        read_image(path, width=128, height=160)


def test_lossless_webp_is_read_to_the_bit(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.fromarray(RIGHT_SIDE_UP).save(data, "WEBP", lossless=True)
    path = tmp_path / "key"
    path.write_bytes(data.getvalue())
    np.testing.assert_array_equal(read_image(path, width=160, height=128), RIGHT_SIDE_UP)
