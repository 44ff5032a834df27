from __future__ import annotations

from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from labeling.media.errors import MediaRefused
from labeling.media.limits import MediaLimits
from labeling.media.probe import probe_file
from tests.clips import KINDS, draw_number, make_clip
from tests.clips.encoding import picture_bytes
from tests.media.conftest import Prober

LIMITS = MediaLimits()


@pytest.mark.parametrize("kind", KINDS)
def test_a_video_is_as_large_as_it_is_displayed(kind: str, probed: Prober) -> None:
    media = probed(kind)
    assert (media.result.width, media.result.height) == (media.clip.width, media.clip.height)
    assert media.result.kind == "video"
    assert media.result.frame_count == len(media.table)


@pytest.mark.parametrize(
    "kind", ["constant_rate", "open_gop", "cut_stream", "edit_list", "avi", "webm", "twice"]
)
def test_rate_and_duration_come_from_the_frames(kind: str, probed: Prober) -> None:
    result = probed(kind).result
    assert result.fps == pytest.approx(25)
    assert result.duration_seconds == pytest.approx(result.frame_count / 25)


def test_a_whole_file_has_no_damaged_spans(probed: Prober) -> None:
    whole = [kind for kind in KINDS if not kind.startswith(("damaged", "truncated", "twice"))]
    assert {kind: probed(kind).result.damaged for kind in whole} == dict.fromkeys(whole, ())


def test_a_truncated_video_keeps_what_decodes(probed: Prober) -> None:
    for kind in ("truncated", "truncated_matroska"):
        result = probed(kind).result
        assert 36 <= result.frame_count < 60
        assert result.damaged[-1][1] == result.frame_count - 1


def test_the_gap_of_lost_frames_is_marked_on_both_sides(probed: Prober) -> None:
    media = probed("damaged")
    steps = np.diff(media.table.pts)
    for before in np.flatnonzero(steps > 1.5 * np.median(steps)):
        assert media.table.is_damaged(int(before))
        assert media.table.is_damaged(int(before) + 1)


def test_progress_tells_the_frames_decoded_so_far(tmp_path: Path) -> None:
    path = make_clip("constant_rate", tmp_path).path
    told: list[int] = []
    probe_file(path, limits=LIMITS, progress=told.append)
    assert told[0] == 0
    assert told == sorted(told)
    assert told[-1] < 60


def test_a_probe_can_be_stopped(tmp_path: Path) -> None:
    def stop(_: int) -> None:
        raise InterruptedError

    path = make_clip("constant_rate", tmp_path).path
    before = psutil.Process().children()
    with pytest.raises(InterruptedError):
        probe_file(path, limits=LIMITS, progress=stop)
    assert psutil.Process().children() == before


@pytest.mark.parametrize(
    ("name", "content", "mime_type"),
    [
        ("a.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        ("a.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00", "audio/mpeg"),
        ("a.mp3", b"\xff\xfb\x90\x64" + b"\x00" * 100, "audio/mpeg"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        ("a.html", b"<!doctype html><title>A page</title>", "text/html"),
        ("a.txt", "Grüße aus Zürich\n".encode(), "text/plain"),
        ("no_suffix", b"plain words", "text/plain"),
        ("a.txt", ("x" * 8191 + "ü").encode(), "text/plain"),
    ],
)
def test_other_modalities_are_opaque(tmp_path: Path, name: str, content: bytes, mime_type: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = probe_file(path, limits=LIMITS)
    assert (result.kind, result.mime_type, result.frame_count) == ("opaque", mime_type, 0)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
def test_a_single_picture_is_an_image_of_one_frame(tmp_path: Path, form: str) -> None:
    path = tmp_path / "stored-under-a-key"
    path.write_bytes(picture_bytes(draw_number(5, width=101, height=75), form=form))
    result = probe_file(path, limits=LIMITS)
    assert (result.kind, result.width, result.height) == ("image", 101, 75)
    assert (result.frame_count, result.fps, result.table) == (1, None, None)


def test_an_image_is_as_large_as_it_is_displayed(tmp_path: Path) -> None:
    path = tmp_path / "portrait.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(draw_number(9, width=160, height=128)).save(path, exif=exif)
    result = probe_file(path, limits=LIMITS)
    assert (result.width, result.height) == (128, 160)


def test_the_owners_name_counts_not_the_stored_one(tmp_path: Path) -> None:
    path = tmp_path / "0a1b2c"
    path.write_bytes(picture_bytes(draw_number(1, width=64, height=64), form="PNG"))
    assert probe_file(path, limits=LIMITS, name="cat.png").kind == "image"
    with pytest.raises(MediaRefused, match=r"cat\.jpg is not a JPEG picture: it is a PNG picture"):
        probe_file(path, limits=LIMITS, name="cat.jpg")
