"""Files that are not what they say, or that want to cost more than they may."""

from __future__ import annotations

import http.server
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from labeling.media.errors import MediaRefused
from labeling.media.limits import MIB, MediaLimits
from labeling.media.probe import probe_file
from tests.clips import draw_number, make_clip
from tests.clips.encoding import Encoding, encode_numbers, overwrite, picture_bytes

LIMITS = MediaLimits()


def refusal(path: Path, *, limits: MediaLimits = LIMITS) -> MediaRefused:
    with pytest.raises(MediaRefused) as caught:
        probe_file(path, limits=limits)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    return caught.value


def outcome(path: Path) -> str:
    """Return the kind of the file, or the code of its refusal."""
    try:
        return probe_file(path, limits=LIMITS).kind
    except MediaRefused as error:
        return error.code


def png_claiming(width: int, height: int, *, rows: int) -> bytes:
    """A PNG whose header claims that size and that holds so many rows of zeros (RFC 2083)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    packer = zlib.compressobj(9)
    line = bytes(1 + 3 * width)
    body = b"".join(packer.compress(line) for _ in range(rows)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nothing.mp4"
    path.touch()
    assert refusal(path).code == "empty"


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "text")


MISLABELLED: dict[str, Callable[[Path], object]] = {
    "zip.mp4": _zip,
    "page.png": lambda path: path.write_text("<!DOCTYPE html><html><body>No picture</body></html>"),
    "picture.mp4": lambda path: path.write_bytes(
        picture_bytes(draw_number(1, width=64, height=64), form="JPEG")
    ),
    "video.jpg": lambda path: encode_numbers(path, range(3), encoding=Encoding()),
    "playlist.mp4": lambda path: path.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/a.ts\n"),
    "list.mkv": lambda path: path.write_text("ffconcat version 1.0\nfile /etc/passwd\n"),
    "words.pdf": lambda path: path.write_text("words"),
    "noise.avi": lambda path: path.write_bytes(bytes(range(1, 250)) * 40),
}


@pytest.mark.parametrize("name", MISLABELLED)
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    MISLABELLED[name](path)
    error = refusal(path)
    assert error.code == "mislabelled"
    assert name in str(error)


def test_a_kind_that_we_do_not_take_is_named(tmp_path: Path) -> None:
    path = tmp_path / "archive.zip"
    _zip(path)
    error = refusal(path)
    assert (error.code, str(error)) == (
        "unsupported",
        "The file archive.zip is a ZIP archive: "
        "upload it as an image group, an image sequence or a DICOM series.",
    )


def test_a_picture_that_claims_60000_by_60000_is_refused_undecoded(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(png_claiming(60_000, 60_000, rows=1))
    error = refusal(path)
    assert error.code == "too_large"
    assert "60000 x 60000" in str(error)


def test_a_bomb_within_the_pixel_limit_meets_the_memory_limit(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_claiming(9_900, 9_900, rows=9_900))
    assert path.stat().st_size < MIB
    error = refusal(path, limits=replace(LIMITS, memory_bytes=64 * MIB))
    assert error.code in ("too_large", "undecodable")
    assert "memory" in str(error)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
def test_a_picture_cut_short_is_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / "half"
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    data = picture_bytes(noise, form=form)
    path.write_bytes(data[: len(data) // 2])
    assert refusal(path).code == "undecodable"


def test_a_video_that_claims_too_many_pixels_is_refused(tmp_path: Path) -> None:
    path = make_clip("constant_rate", tmp_path).path
    error = refusal(path, limits=replace(LIMITS, max_pixels=160 * 128 - 1))
    assert error.code == "too_large"
    assert "160 x 128" in str(error)


def test_a_video_of_too_many_frames_is_refused(tmp_path: Path) -> None:
    path = make_clip("constant_rate", tmp_path).path
    assert refusal(path, limits=replace(LIMITS, max_frames=59)).code == "too_long"


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    path = make_clip("constant_rate", tmp_path).path
    assert refusal(path, limits=replace(LIMITS, max_bytes=1000)).code == "too_large"


def test_a_video_without_one_frame_that_decodes_is_refused(tmp_path: Path) -> None:
    path = make_clip("constant_rate", tmp_path).path
    data = path.read_bytes()
    start = data.index(b"mdat") + 4
    overwrite(path, first=start, count=data.index(b"moov") - 4 - start)
    assert refusal(path).code == "undecodable"


def test_a_video_that_was_cut_before_its_index_is_refused(tmp_path: Path) -> None:
    path = make_clip("constant_rate", tmp_path).path
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"moov")])
    assert refusal(path).code == "undecodable"


@pytest.mark.parametrize("seed", range(12))
def test_noise_anywhere_is_refused_or_read(tmp_path: Path, seed: int) -> None:
    clip = make_clip(["constant_rate", "open_gop_ts", "matroska", "avi"][seed % 4], tmp_path)
    size = clip.path.stat().st_size
    for piece in range(6):
        overwrite(clip.path, first=size * piece // 6 + 40 + seed * 7, count=20 + seed, seed=seed)
    assert outcome(clip.path) in ("video", "undecodable", "no_video", "too_large", "mislabelled")


def test_sound_in_a_video_container_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert refusal(path).code == "no_video"


class _Tempted(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def tempted() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that notes who asks."""
    _Tempted.asked = []
    with http.server.HTTPServer(("127.0.0.1", 0), _Tempted) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", _Tempted.asked
        server.shutdown()


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.avi", "a.m3u8", "a.ffconcat", "a.mpd", "a"])
def test_no_list_makes_the_probe_open_anything_else(
    tmp_path: Path, name: str, tempted: tuple[str, list[str]]
) -> None:
    address, asked = tempted
    lists = [
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}/a.ts\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile {address}/a.mp4\n",
        f'<?xml version="1.0"?><MPD><BaseURL>{address}/</BaseURL></MPD>',
    ]
    path = tmp_path / name
    for text in lists:
        path.write_text(text)
        assert outcome(path) in ("opaque", "mislabelled", "unsupported")
    assert asked == []


def test_an_mp4_whose_data_lies_elsewhere_reads_nothing_but_itself(tmp_path: Path) -> None:
    """The data reference box says whether the data is in the file itself (ISO/IEC 14496-12, 8.7.2)."""
    path = make_clip("constant_rate", tmp_path).path
    data = path.read_bytes()
    assert b"url \x00\x00\x00\x01" in data
    path.write_bytes(data.replace(b"url \x00\x00\x00\x01", b"alis\x00\x00\x00\x00"))
    assert outcome(path) in ("video", "undecodable")


def test_a_probe_ends_at_its_time_limit(tmp_path: Path) -> None:
    path = make_clip("constant_rate", tmp_path).path
    assert refusal(path, limits=replace(LIMITS, probe_seconds=0.01)).code == "timeout"
