"""Archives of pictures: what belongs to them, what is damaged in them, and what is hostile."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from labeling.media.archive import entry_bytes, read_directory
from labeling.media.bundle import Piece, bundle_write
from labeling.media.errors import FrameUnreadable, MediaRefused
from labeling.media.kinds import SeriesKind
from labeling.media.limits import MIB, MediaLimits
from labeling.media.names import natural_key
from labeling.media.picturetable import PictureTable
from labeling.media.probe import ProbeResult, probe_file
from labeling.media.reader import open_frames
from tests.clips import draw_number, read_number
from tests.clips.dicom import dicom_slice
from tests.clips.series import numbered_png, sequence_files, zipped

LIMITS = MediaLimits()
Files = Mapping[str, bytes] | Sequence[tuple[str, bytes]] | bytes


def probe(
    folder: Path, files: Files, *, series: SeriesKind = "image_group", limits: MediaLimits = LIMITS
) -> ProbeResult:
    path = folder / "archive"
    path.write_bytes(files if isinstance(files, bytes) else zipped(files))
    return probe_file(path, limits=limits, series=series)


def refusal(
    folder: Path, files: Files, *, series: SeriesKind = "image_group", limits: MediaLimits = LIMITS
) -> MediaRefused:
    with pytest.raises(MediaRefused) as caught:
        probe(folder, files, series=series, limits=limits)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    return caught.value


def numbers(folder: Path, result: ProbeResult) -> list[int | None]:
    """Return what the frames show; None for those that cannot be read."""
    met: list[int | None] = []
    size = {"width": result.width, "height": result.height}
    with open_frames(folder / "archive", kind=result.kind, table=result.table, **size) as frames:
        for frame in range(len(frames)):
            try:
                met.append(read_number(frames.read_rgb(frame)))
            except FrameUnreadable:
                met.append(None)
    return met


def test_names_are_sorted_as_people_do() -> None:
    names = ["b/1.png", "a10.png", "A2.png", "a1.png", "a02.png", "a2b.png", "a/10.png", "a/9.png", "Z.png"]
    assert sorted(names, key=natural_key) == [
        "a/9.png", "a/10.png", "a1.png", "A2.png", "a02.png", "a2b.png", "a10.png", "b/1.png", "Z.png",
    ]  # fmt: skip


def test_numbers_of_any_length_can_be_sorted() -> None:
    longest = "9" * 20_000
    assert sorted([f"a{longest}9", "a7", f"a{longest}"], key=natural_key) == [
        "a7",
        f"a{longest}",
        f"a{longest}9",
    ]


@given(st.lists(st.text("aB0129/.é²", max_size=12), max_size=8))
def test_any_names_have_one_order(names: list[str]) -> None:
    once = sorted(names, key=natural_key)
    shuffled = list(names)
    random.Random(0).shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == once


def test_what_systems_leave_beside_pictures_is_no_picture(tmp_path: Path) -> None:
    junk = dict.fromkeys(("__MACOSX/._frame0.png", ".DS_Store", "walk/Thumbs.db", "desktop.ini"), b"junk")
    result = probe(tmp_path, {**junk, **{f"walk/{name}": data for name, data in sequence_files(3).items()}})
    assert numbers(tmp_path, result) == [0, 1, 2]


def test_folders_come_in_their_order(tmp_path: Path) -> None:
    files = {f"part{number // 3}/{number % 3}.png": numbered_png(number) for number in range(33)}
    names = list(files)
    random.Random(1).shuffle(names)
    result = probe(tmp_path, [("empty/", b""), *((name, files[name]) for name in names)])
    assert numbers(tmp_path, result) == list(range(33))


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def noisy_png(seed: int = 1, *, size: tuple[int, int] = (160, 128)) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    output = io.BytesIO()
    Image.fromarray(noise).save(output, "PNG")
    return output.getvalue()


@pytest.mark.parametrize("series", ["image_group", "image_sequence"])
def test_damaged_pictures_keep_their_places(tmp_path: Path, series: SeriesKind) -> None:
    files = sequence_files(8)
    files["frame2.png"] = half(noisy_png())
    files["frame3.png"] = b""
    files["frame6.png"] = bytes(range(250)) * 8
    result = probe(tmp_path, files, series=series)
    assert (result.frame_count, result.damaged) == (8, ((2, 3), (6, 6)))
    assert numbers(tmp_path, result) == [0, 1, None, None, 4, 5, None, 7]
    assert isinstance(result.table, PictureTable)
    assert set(result.table.sizes) == {(160, 128)}
    assert [picture.flaw for picture in result.table.pictures if picture.flaw] == [
        "it is cut short or broken",
        "it is empty",
        "it is no picture that is known",
    ]


def test_bytes_that_do_not_match_their_checksum_are_damaged(tmp_path: Path) -> None:
    archive = bytearray(zipped(sequence_files(3), method=zipfile.ZIP_STORED))
    picture = numbered_png(1)
    start = archive.index(picture)
    archive[start + len(picture) // 2] ^= 0xFF
    result = probe(tmp_path, bytes(archive))
    assert result.damaged == ((1, 1),)


def test_a_damaged_picture_of_a_group_has_the_size_that_it_claims(tmp_path: Path) -> None:
    files = {"0.png": numbered_png(0), "1.png": half(noisy_png(size=(300, 200)))}
    result = probe(tmp_path, files)
    assert isinstance(result.table, PictureTable)
    assert result.table.sizes == ((160, 128), (300, 200))


def test_where_nothing_decodes_the_archive_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, {"0.png": half(noisy_png()), "1.png": b""})
    assert (error.code, str(error)) == (
        "undecodable",
        "None of the 2 pictures can be decoded: it is cut short or broken.",
    )


def test_a_sequence_of_several_sizes_is_refused_with_advice(tmp_path: Path) -> None:
    files = {"0.png": numbered_png(0), "1.png": numbered_png(1), "2.png": numbered_png(2, size=(96, 160))}
    error = refusal(tmp_path, files, series="image_sequence")
    assert error.code == "sizes_differ"
    assert "2.png has 96 x 160 pixels" in str(error)
    assert "as an image group" in str(error)


def test_displayed_sizes_are_compared(tmp_path: Path) -> None:
    """A picture that is turned by its EXIF orientation is as large as it is shown."""
    output = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(draw_number(1, width=160, height=128)).copy()).save(output, "PNG", exif=exif)
    result = probe(tmp_path, {"0.png": numbered_png(0), "1.png": output.getvalue()}, series="image_sequence")
    assert numbers(tmp_path, result) == [0, 1]


STRANGERS: dict[str, tuple[bytes, str]] = {
    "notes.txt": (b"only words", "notes.txt is a text"),
    "inner.zip": (zipped({"a.png": numbered_png(1)}), "inner.zip is a ZIP archive"),
    "words.png": (b"only words", "words.png is a text"),
    "nested.png": (zipped({"a.png": b""}), "nested.png is a ZIP archive"),
    "scan.dcm": (dicom_slice(1), "Upload it as a DICOM series"),
    "movie.mkv": (b"\x1a\x45\xdf\xa3" + bytes(100), "movie.mkv is a Matroska or WebM video"),
    "blob.bin": (bytes(range(250)), "blob.bin is of an unknown kind"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_no_picture_is_refused_by_name(tmp_path: Path, name: str) -> None:
    data, words = STRANGERS[name]
    error = refusal(tmp_path, {"0.png": numbered_png(0), name: data})
    assert error.code == "not_a_picture"
    assert words in str(error)


def test_a_picture_under_another_name_is_mislabelled(tmp_path: Path) -> None:
    error = refusal(tmp_path, {"a/cat.jpg": numbered_png(0)})
    assert (error.code, str(error)) == (
        "mislabelled",
        "The file cat.jpg is not a JPEG picture: it is a PNG picture.",
    )


@pytest.mark.parametrize("name", ["../up.png", "a/../../up.png", "/etc/up.png", "..\\up.png", "C:\\up.png"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    error = refusal(tmp_path, {"0.png": numbered_png(0), name: numbered_png(1)})
    assert error.code == "bad_archive"
    assert "leads out of it" in str(error)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        archive = zipped([("a.png", numbered_png(0)), ("a.png", numbered_png(1))])
    assert refusal(tmp_path, archive).code == "duplicate_name"


@pytest.mark.parametrize("files", [{}, {"folder/": b""}, {".hidden": b"x"}])
def test_an_archive_of_nothing_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    assert refusal(tmp_path, files).code == "empty"


def test_a_hundred_thousand_files_are_refused(tmp_path: Path) -> None:
    archive = zipped([(f"{number}.png", b"") for number in range(100_000)])
    error = refusal(tmp_path, archive)
    assert (error.code, str(error)) == (
        "too_many_files",
        "The archive holds 100,000 files; at most 50,000 are one media. Divide it.",
    )


def test_a_count_that_lies_does_not_help(tmp_path: Path) -> None:
    archive = bytearray(zipped([(f"{number}.png", numbered_png(1)) for number in range(30)]))
    struct.pack_into("<2H", archive, archive.rindex(b"PK\x05\x06") + 8, 1, 1)
    assert refusal(tmp_path, bytes(archive), limits=replace(LIMITS, max_pictures=20)).code == "too_many_files"


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    archive = zipped({"0.png": numbered_png(0), "bomb.png": bytes(8 * MIB)})
    assert len(archive) < MIB
    error = refusal(tmp_path, archive, limits=replace(LIMITS, max_bytes=4 * MIB))
    assert error.code == "too_large"
    assert "unpacks to" in str(error)


def test_a_file_that_claims_less_than_it_unpacks_to_is_damaged(tmp_path: Path) -> None:
    bomb = bytes(64 * MIB)
    archive = bytearray(zipped({"0.png": numbered_png(0), "bomb.png": bomb}))
    place = archive.rindex(b"PK\x01\x02")
    struct.pack_into("<L", archive, place + 24, 1000)
    result = probe(tmp_path, bytes(archive), limits=replace(LIMITS, memory_bytes=400 * MIB))
    assert result.damaged == ((1, 1),)


def test_files_that_overlap_are_refused(tmp_path: Path) -> None:
    """Many directory entries for the same bytes: how a small archive unpacks to a huge one."""
    archive = bytearray(zipped({"0.png": numbered_png(0), "1.png": numbered_png(1)}))
    first = archive.index(b"PK\x01\x02")
    second = archive.index(b"PK\x01\x02", first + 4)
    archive[second + 42 : second + 46] = archive[first + 42 : first + 46]
    error = refusal(tmp_path, bytes(archive))
    assert error.code == "bad_archive"
    assert "overlap" in str(error)


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    archive = bytearray(zipped({"0.png": numbered_png(0)}))
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in str(refusal(tmp_path, bytes(archive)))


def test_other_ways_of_packing_are_refused(tmp_path: Path) -> None:
    assert "method 14" in str(refusal(tmp_path, zipped({"0.png": numbered_png(0)}, method=zipfile.ZIP_LZMA)))


def test_a_picture_that_claims_too_many_pixels_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, {"0.png": numbered_png(0)}, limits=replace(LIMITS, max_pixels=1000))
    assert error.code == "too_large"
    assert "0.png" in str(error)


@pytest.mark.parametrize("lost", [1, 10, 22, 60, 400])
def test_an_archive_that_is_cut_short_is_refused(tmp_path: Path, lost: int) -> None:
    assert refusal(tmp_path, zipped(sequence_files(3))[:-lost]).code == "bad_archive"


@pytest.mark.parametrize("seed", range(30))
def test_noise_in_an_archive_is_refused_or_read(tmp_path: Path, seed: int) -> None:
    noise = random.Random(seed)
    archive = bytearray(zipped(sequence_files(4)))
    directory = archive.index(b"PK\x01\x02")
    for _ in range(6):
        place = noise.randrange(directory, len(archive)) if seed % 2 else noise.randrange(len(archive))
        archive[place] = noise.randrange(256)
    try:
        result = probe(tmp_path, bytes(archive))
    except MediaRefused as error:
        assert str(error).endswith(".")  # noqa: PT017  (either outcome is right)
    else:
        assert 1 <= result.frame_count <= 4


@pytest.mark.parametrize("data", [b"", b"only words", numbered_png(1)])
def test_a_series_is_an_archive(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data).code == "unsupported"


def test_long_archives_are_read(tmp_path: Path) -> None:
    """The form for more than 65,535 files or 4 GiB, which zipfile writes when it is told to."""
    path = tmp_path / "long.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sequence_files(3).items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(data)
    long = bytearray(path.read_bytes())
    end = long.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", long, end + 10)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    struct.pack_into("<2H2L", long, end + 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    long[end:end] = end64 + place
    assert numbers(tmp_path, probe(tmp_path, bytes(long))) == [0, 1, 2]


def test_a_bundle_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    files = {"b10.png": b"ten", "b9.png": b"nine", "a.png": b""}
    made = []
    for names in (list(files), list(files)[::-1]):
        spool, pieces, at = tmp_path / "spool", [], 0
        spool.write_bytes(b"".join(files[name] for name in names))
        for name in names:
            pieces.append(Piece(name, at, len(files[name])))
            at += len(files[name])
        target = tmp_path / "bundle.zip"
        bundle_write(spool, pieces, target=target, kind="image_group")
        made.append(target.read_bytes())
    assert made[0] == made[1]
    with (tmp_path / "bundle.zip").open("rb") as file:
        entries = read_directory(file, max_entries=10, max_bytes=100)
        assert [entry.name for entry in entries] == ["a.png", "b9.png", "b10.png"]
        assert [entry_bytes(file, entry, max_bytes=10) for entry in entries] == [b"", b"nine", b"ten"]
    assert zlib.crc32(b"nine") == entries[1].crc
