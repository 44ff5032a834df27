"""A folder of pictures is tracked from and to index masks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import Image

from labeling.geometry.shapes import ShapeKind
from tests.backends.scenes import Scene, Thing, iou, straight
from workers.backends.fast.tracker import FastTracker
from workers.folder import (
    FolderError,
    FolderFrames,
    folder_masks,
    folder_track,
    index_mask_read,
    index_mask_write,
)

LENGTH = 12


@pytest.fixture
def scene() -> Scene:
    things = [Thing(straight(60, 70, 5)), Thing(straight(240, 170, -5), colour=(70, 80, 190), seed=2)]
    return Scene(things, length=LENGTH)


@pytest.fixture
def frames(scene: Scene, tmp_path: Path) -> FolderFrames:
    """The scene as PNG files, with true masks beside it."""
    for name in ("frames", "truth"):
        (tmp_path / name).mkdir()
    for frame in range(LENGTH):
        Image.fromarray(scene.read_rgb(frame)).save(tmp_path / "frames" / f"{frame:05d}.png")
        mask = np.zeros((scene.height, scene.width), np.uint8)
        for number, thing in ((1, 0), (7, 1)):
            mask[scene.truth(frame, thing)] = number
        index_mask_write(mask, tmp_path / "truth" / f"{frame:05d}.png")
    return FolderFrames(tmp_path / "frames")


def test_a_mask_is_written_for_every_frame_in_its_name(
    scene: Scene, frames: FolderFrames, tmp_path: Path
) -> None:
    first = index_mask_read(tmp_path / "truth" / "00000.png")
    result = folder_track(frames, {0: first}, tracker=FastTracker(), out=tmp_path / "out")
    assert result.frames == LENGTH - 1
    assert result.frames_per_second > 0
    names = [path.name for path in sorted((tmp_path / "out").iterdir())]
    assert names == [path.name for path in frames.paths]
    last = index_mask_read(tmp_path / "out" / names[-1])
    assert set(np.unique(last)) == {0, 1, 7}
    for number, thing in ((1, 0), (7, 1)):
        assert iou(last == number, scene.truth(LENGTH - 1, thing)) > 0.85


def test_masks_are_palette_pictures_in_the_colours_of_davis(tmp_path: Path) -> None:
    index_mask_write(np.array([[0, 1, 2, 255]], np.uint8), tmp_path / "mask.png")
    with Image.open(tmp_path / "mask.png") as image:
        assert image.mode == "P"
        colours = np.asarray(image.convert("RGB"))[0].tolist()
    assert colours == [[0, 0, 0], [128, 0, 0], [0, 128, 0], [224, 224, 192]]


def test_every_nth_mask_is_a_key_frame(frames: FolderFrames, tmp_path: Path) -> None:
    masks = folder_masks(tmp_path / "truth", frames, every=5)
    assert sorted(masks) == [0, 5, 10]
    folder_track(frames, masks, tracker=FastTracker(), out=tmp_path / "out")
    for frame in (0, 5, 10):
        np.testing.assert_array_equal(index_mask_read(tmp_path / "out" / f"{frame:05d}.png"), masks[frame])


def test_objects_can_be_tracked_as_boxes(frames: FolderFrames, tmp_path: Path) -> None:
    first = index_mask_read(tmp_path / "truth" / "00000.png")
    kind = ShapeKind.BOUNDING_BOX
    folder_track(frames, {0: first}, tracker=FastTracker(), out=tmp_path / "out", kind=kind)
    rows, columns = np.nonzero(index_mask_read(tmp_path / "out" / "00005.png") == 1)
    assert (np.ptp(rows) + 1) * (np.ptp(columns) + 1) == len(rows)


def test_the_command_prints_the_frames_a_second_of_one_core(
    frames: FolderFrames, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "track_folder",
        str(tmp_path / "frames"),
        f"--mask={tmp_path / 'truth' / '00000.png'}",
        "--algorithm=fast",
        f"--out={tmp_path / 'out'}",
    )
    assert f"{LENGTH - 1} frames in" in capsys.readouterr().out
    assert len(list((tmp_path / "out").iterdir())) == LENGTH


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--mask=nothing.png"], "nothing.png cannot be read as a mask."),
        (["--masks=nowhere"], "The folder nowhere has no mask for 00000.png."),
        (["--masks=nowhere", "--every=0"], "--every has to be 1 or more."),
    ],
)
def test_the_command_ends_with_a_sentence(
    frames: FolderFrames, tmp_path: Path, options: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("track_folder", str(tmp_path / "frames"), *options, f"--out={tmp_path / 'out'}")


def test_an_unknown_algorithm_is_named(frames: FolderFrames, tmp_path: Path) -> None:
    mask = f"--mask={tmp_path / 'truth' / '00000.png'}"
    with pytest.raises(CommandError, match="There is no tracker 'slow' here"):
        call_command(
            "track_folder", str(frames.paths[0].parent), mask, "--algorithm=slow", f"--out={tmp_path / 'out'}"
        )


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with pytest.raises(FolderError, match="holds no pictures"):
        FolderFrames(tmp_path)


def test_a_file_that_is_no_picture_is_named(frames: FolderFrames) -> None:
    frames.paths[3].write_bytes(b"no picture")
    with pytest.raises(FolderError, match=r"00003\.png cannot be read as a picture"):
        frames.read_rgb(3)


def test_a_picture_of_another_size_is_named(frames: FolderFrames) -> None:
    Image.new("RGB", (10, 10)).save(frames.paths[2])
    with pytest.raises(FolderError, match=r"00002\.png is not 320 x 240"):
        frames.read_rgb(2)


@pytest.mark.parametrize(
    ("mask", "sentence"),
    [
        (np.zeros((240, 320), np.uint8), "The first mask is empty"),
        (np.ones((24, 32), np.uint8), "The mask of frame 0 is 32 x 24"),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(
    frames: FolderFrames, tmp_path: Path, mask: np.ndarray[tuple[int, int], np.dtype[np.uint8]], sentence: str
) -> None:
    with pytest.raises(FolderError, match=sentence):
        folder_track(frames, {0: mask}, tracker=FastTracker(), out=tmp_path / "out")


def test_a_colour_picture_is_no_index_mask(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "colours.png")
    with pytest.raises(FolderError, match="has to be a palette or grey PNG"):
        index_mask_read(tmp_path / "colours.png")
