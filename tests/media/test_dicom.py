"""DICOM series: order, values, windows, colours, compressions, and what is broken or private in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import HTJ2K, generate_uid

from labeling.media.dicomframes import DicomFrames
from labeling.media.errors import FrameUnreadable, MediaRefused
from labeling.media.limits import MediaLimits
from labeling.media.picturetable import PictureTable
from labeling.media.probe import ProbeResult, probe_file
from labeling.media.reader import FrameReader, open_frames
from tests.clips import draw_number, read_number
from tests.clips.dicom import (
    GDCM_SYNTAXES,
    PATIENT,
    WHITE,
    compressed,
    cut_short,
    dicom_bytes,
    dicom_dataset,
    dicom_series,
    dicom_slice,
    multi_frame,
    slice_elements,
    stored_values,
)
from tests.clips.series import zipped

LIMITS = MediaLimits()


def probe(path: Path, files: Mapping[str, bytes] | bytes) -> ProbeResult:
    """Write an archive of the files, or one file, and probe it as a DICOM series."""
    path.write_bytes(files if isinstance(files, bytes) else zipped(files))
    return probe_file(path, limits=LIMITS, name="series", series="dicom")


def opened(path: Path, result: ProbeResult) -> FrameReader:
    return open_frames(path, kind="dicom", table=result.table, width=result.width, height=result.height)


def numbers(path: Path, result: ProbeResult) -> list[int | None]:
    with opened(path, result) as frames:
        return [read_number(frames.read_rgb(frame)) for frame in range(len(frames))]


def test_slices_are_ordered_along_their_normal(tmp_path: Path) -> None:
    path = tmp_path / "series"
    result = probe(path, dicom_series(12))
    assert (result.kind, result.frame_count, result.width, result.height) == ("dicom", 12, 160, 128)
    assert numbers(path, result) == list(range(12))


def test_the_normal_counts_not_an_axis(tmp_path: Path) -> None:
    """Sagittal slices, whose places grow along the first axis."""
    path = tmp_path / "series"
    files = {
        f"{99 - number}.dcm": dicom_slice(
            number,
            ImagePositionPatient=[4.0 * number, 0.0, 100.0 - number],
            ImageOrientationPatient=[0.0, 1.0, 0.0, 0.0, 0.0, -1.0],
        )
        for number in range(6)
    }
    result = probe(path, files)
    # Along y x -z = -x: the last one comes first.
    assert numbers(path, result) == [5, 4, 3, 2, 1, 0]


def test_without_places_instance_numbers_count_and_without_those_names(tmp_path: Path) -> None:
    path = tmp_path / "series"
    no_place = {"ImagePositionPatient": None}
    result = probe(path, dicom_series(8, **no_place))
    assert numbers(path, result) == list(range(8))[::-1]
    files = {f"im{number}.dcm": dicom_slice(number, InstanceNumber=None, **no_place) for number in range(11)}
    assert numbers(path, probe(path, files)) == list(range(11))


def test_one_file_of_several_frames_is_a_series(tmp_path: Path) -> None:
    path = tmp_path / "cine.dcm"
    path.write_bytes(multi_frame([4, 2, 9, 7], WindowCenter=2000, WindowWidth=2000))
    result = probe_file(path, limits=LIMITS)
    assert (result.kind, result.frame_count, result.mime_type) == ("dicom", 4, "application/dicom")
    assert numbers(path, result) == [4, 2, 9, 7]
    with opened(path, result) as frames:
        assert [read_number(frames.read_rgb(frame)) for frame in (3, 0, 2, 1)] == [7, 4, 9, 2]


def test_the_window_of_the_file_is_the_default(tmp_path: Path) -> None:
    table = table_of(tmp_path, dicom_series(3))
    assert table.window is not None
    window = table.window
    assert (window.center, window.width) == (1000.0, 2000.0)
    assert (window.low, window.high) == (1000 - 1024, WHITE - 1024)


def table_of(folder: Path, files: Mapping[str, bytes] | bytes) -> PictureTable:
    table = probe(folder / "series", files).table
    assert isinstance(table, PictureTable)
    return table


def test_without_a_window_the_range_of_the_series_is_shown(tmp_path: Path) -> None:
    none = {"WindowCenter": None, "WindowWidth": None}
    path = tmp_path / "series"
    result = probe(path, dicom_series(3, **none))
    assert isinstance(result.table, PictureTable)
    assert result.table.window is not None
    with opened(path, result) as frames:
        assert sorted(np.unique(frames.read_rgb(1))) == [0, 255]
    # The middle of low to high in whole numbers, as a window of DICOM's linear function has it.
    assert (result.table.window.center, result.table.window.width) == (
        (1000 - 1024 + WHITE - 1024 + 1) / 2,
        2001,
    )


def ramp(**more: Any) -> bytes:
    """0 to 4,095, left to right and down, as 12 bits."""
    return dicom_bytes(dicom_dataset(np.arange(4096, dtype=np.uint16).reshape(64, 64), **more))


@pytest.mark.parametrize(
    ("center", "width"), [(40.0, 400.0), (1000.0, 1.0), (-600.0, 1500.0), (2048.5, 4096.0)]
)
@pytest.mark.parametrize("inverted", [False, True])
def test_a_window_is_that_of_the_standard(
    tmp_path: Path, center: float, width: float, inverted: bool
) -> None:
    """PS3.3 C.11.2.1.2.1, written out value by value."""
    path = tmp_path / "ramp.dcm"
    photometric = "MONOCHROME1" if inverted else "MONOCHROME2"
    more = {"RescaleSlope": 2, "RescaleIntercept": -1024, "PhotometricInterpretation": photometric}
    result = probe(path, ramp(**more))
    with opened(path, result) as frames:
        assert isinstance(frames, DicomFrames)
        shown = frames.read_window(0, center=center, width=width)

    def expected(stored: int) -> int:
        value = 2.0 * stored - 1024.0
        if value <= center - 0.5 - (width - 1) / 2:
            grey = 0.0
        elif value > center - 0.5 + (width - 1) / 2:
            grey = 255.0
        else:
            grey = ((value - (center - 0.5)) / (width - 1) + 0.5) * 255.0
        return round(255.0 - round(grey)) if inverted else round(grey)

    got = shown[:, :, 0].ravel().tolist()
    assert got == [expected(stored) for stored in range(4096)]
    assert (shown[:, :, 0] == shown[:, :, 2]).all()


def test_a_table_of_the_modality_is_applied(tmp_path: Path) -> None:
    lut = Dataset()
    lut.LUTDescriptor = [4096, 0, 16]
    lut.LUTData = [min(65535, stored * 16) for stored in range(4096)]
    lut.ModalityLUTType = "US"
    lut["LUTData"].VR = "US"
    window = table_of(tmp_path, ramp(ModalityLUTSequence=[lut])).window
    assert window is not None
    assert (window.low, window.high) == (0, 65520)


def test_padding_is_no_value(tmp_path: Path) -> None:
    pixels = stored_values(5)
    pixels[:4] = 0
    window = table_of(tmp_path, dicom_bytes(dicom_dataset(pixels, PixelPaddingValue=0))).window
    assert window is not None
    assert window.low == 1000


def test_frames_of_one_file_may_have_slopes_of_their_own(tmp_path: Path) -> None:
    groups = []
    for slope in (1, 2):
        inner, outer = Dataset(), Dataset()
        inner.RescaleSlope, inner.RescaleIntercept = slope, 0
        outer.PixelValueTransformationSequence = [inner]
        groups.append(outer)
    shared, voi = Dataset(), Dataset()
    voi.WindowCenter, voi.WindowWidth = 3000, 4000
    shared.FrameVOILUTSequence = [voi]
    file = multi_frame(
        [1, 1], PerFrameFunctionalGroupsSequence=groups, SharedFunctionalGroupsSequence=[shared]
    )
    window = table_of(tmp_path, file).window
    assert window is not None
    assert (window.low, window.high, window.center, window.width) == (1000, 2 * WHITE, 3000, 4000)


def test_colours_are_read_and_have_no_window(tmp_path: Path) -> None:
    path = tmp_path / "colour.dcm"
    drawn = draw_number(77, width=160, height=128)
    drawn[:, :, 2] //= 2
    result = probe(path, dicom_bytes(dicom_dataset(drawn)))
    assert isinstance(result.table, PictureTable)
    assert result.table.window is None
    with opened(path, result) as frames:
        assert isinstance(frames, DicomFrames)
        np.testing.assert_array_equal(frames.read_rgb(0), drawn)
        np.testing.assert_array_equal(frames.read_window(0, center=1, width=2), drawn)


@pytest.mark.parametrize("bits", [8, 16])
def test_palettes_are_read(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "palette.dcm"
    indices = np.array([[0, 1], [2, 3]], np.uint8).repeat(8, 0).repeat(8, 1)
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 20, 30]], np.uint16)
    scale = 257 if bits == 16 else 1
    tables = {
        f"{name}PaletteColorLookupTable{part}": value
        for place, name in enumerate(("Red", "Green", "Blue"))
        for part, value in (
            ("Descriptor", [4, 0, bits]),
            ("Data", (colours[:, place] * scale).astype(f"<u{bits // 8}").tobytes()),
        )
    }
    result = probe(
        path, dicom_bytes(dicom_dataset(indices, PhotometricInterpretation="PALETTE COLOR", **tables))
    )
    with opened(path, result) as frames:
        np.testing.assert_array_equal(frames.read_rgb(0), colours.astype(np.uint8)[indices])


@pytest.mark.parametrize("how", [*GDCM_SYNTAXES, "rle", "deflated"])
def test_what_is_compressed_without_loss_is_the_same(tmp_path: Path, how: str) -> None:
    path = tmp_path / "series"
    more = slice_elements(1)
    plain = probe(path, dicom_slice(1))
    with opened(path, plain) as frames:
        expected = frames.read_rgb(0)
    result = probe(path, compressed(dicom_dataset(stored_values(1), **more), how))
    with opened(path, result) as frames:
        np.testing.assert_array_equal(frames.read_rgb(0), expected)


def test_jpeg_is_read_in_grey_and_colour(tmp_path: Path) -> None:
    path = tmp_path / "series"
    for pixels in (
        draw_number(8, width=160, height=128),
        draw_number(8, width=160, height=128)[:, :, 0].copy(),
    ):
        assert numbers(path, probe(path, compressed(dicom_dataset(pixels), "jpeg"))) == [8]


def test_pictures_that_are_cut_short_are_damaged_frames(tmp_path: Path) -> None:
    path = tmp_path / "series"
    files = {f"{number}.dcm": dicom_slice(number) for number in range(6)}
    files["2.dcm"] = cut_short(files["2.dcm"])
    files["3.dcm"] = cut_short(files["3.dcm"])
    files["empty.dcm"] = b""
    result = probe(path, files)
    assert (result.frame_count, result.damaged) == (7, ((2, 3), (6, 6)))
    with opened(path, result) as frames:
        assert [read_number(frames.read_rgb(frame)) for frame in (5, 0, 4, 1)] == [5, 0, 4, 1]
        with pytest.raises(FrameUnreadable, match="frame 2 cannot be decoded: it is cut short"):
            frames.read_rgb(2)
        with pytest.raises(FrameUnreadable, match="it is empty"):
            frames.read_window(6, center=1, width=2)  # type: ignore[attr-defined]


def test_slices_of_several_sizes_have_their_own(tmp_path: Path) -> None:
    files = {
        f"{number}.dcm": dicom_bytes(
            dicom_dataset(stored_values(number, size=(160 + 16 * number, 128)), **slice_elements(number))
        )
        for number in range(3)
    }
    assert table_of(tmp_path, files).sizes == ((160, 128), (176, 128), (192, 128))


def refusal(path: Path, files: Mapping[str, bytes] | bytes) -> MediaRefused:
    with pytest.raises(MediaRefused) as caught:
        probe(path, files)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "Doe" not in sentence
    assert "SECRET" not in sentence
    return caught.value


def test_several_series_are_refused(tmp_path: Path) -> None:
    other = {f"b{number}.dcm": dicom_slice(number, SeriesInstanceUID=generate_uid()) for number in range(2)}
    error = refusal(tmp_path / "a", dicom_series(5) | other)
    assert error.code == "several_series"
    assert "3 series (of 5, 1, 1 files)" in str(error)


def test_what_is_no_dicom_is_refused_by_its_place(tmp_path: Path) -> None:
    error = refusal(tmp_path / "a", {"Doe1.dcm": dicom_slice(1), "Doe2.dcm": b"only words", "Doe3.dcm": b"x"})
    assert (error.code, str(error)) == (
        "not_a_picture",
        "File 2 of 3, by their names, is a text, and a DICOM series holds DICOM files only. "
        "Take it out and upload the rest again.",
    )


def test_a_report_is_no_picture(tmp_path: Path) -> None:
    report = dicom_dataset(stored_values(1), Rows=None, Columns=None, PixelData=None)
    assert (
        refusal(tmp_path / "a", {"1.dcm": dicom_slice(1), "2.dcm": dicom_bytes(report)}).code
        == "not_a_picture"
    )


def test_a_compression_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    data = dicom_dataset(stored_values(1))
    data.PixelData = encapsulate([b"nobody looks at these bytes "])
    data["PixelData"].VR = "OB"
    data.file_meta.TransferSyntaxUID = HTJ2K
    error = refusal(tmp_path / "a", dicom_bytes(data))
    assert error.code == "unsupported"
    assert HTJ2K.name in str(error)


def test_a_text_renamed_is_mislabelled(tmp_path: Path) -> None:
    path = tmp_path / "words.dcm"
    path.write_text("only words")
    with pytest.raises(MediaRefused, match=r"words\.dcm is not a DICOM file: it is a text") as caught:
        probe_file(path, limits=LIMITS)
    assert caught.value.code == "mislabelled"


@pytest.mark.parametrize("seed", range(20))
def test_noise_anywhere_is_refused_or_read(tmp_path: Path, seed: int) -> None:
    noise = np.random.default_rng(seed)
    file = bytearray(dicom_slice(1) if seed % 2 else compressed(dicom_dataset(stored_values(1)), "jpeg-ls"))
    start = 132 if seed % 4 < 2 else 900
    for place in noise.integers(start, min(len(file), start + 800), 20):
        file[place] = noise.integers(0, 256)
    path = tmp_path / "noise"
    path.write_bytes(zipped({"1.dcm": bytes(file), "2.dcm": dicom_slice(2)}))
    assert outcome(path) in (
        "dicom",
        "undecodable",
        "unsupported",
        "not_a_picture",
        "too_large",
        "several_series",
    )


def outcome(path: Path) -> str:
    """Return the kind of the media, or the code of its refusal, whose sentence keeps secrets."""
    try:
        return probe_file(path, limits=LIMITS, series="dicom").kind
    except MediaRefused as error:
        code, sentence = error.code, str(error)
    assert sentence.endswith(".")
    assert PATIENT not in sentence
    return code


def test_too_many_frames_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(zipped({"1.dcm": multi_frame([1, 2, 3])}))
    with pytest.raises(MediaRefused, match="claims 3 frames; at most 2"):
        probe_file(path, limits=replace(LIMITS, max_frames=2), series="dicom")


PYDICOMS_OWN = [
    "CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm",
    "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm", "JPEG2000.dcm",
    "image_dfl.dcm", "examples_palette.dcm",
    "examples_rgb_color.dcm", "examples_ybr_color.dcm",
    "SC_rgb_rle_16bit_2frame.dcm", "SC_ybr_full_422_uncompressed.dcm", "SC_rgb_jpeg_dcmtk.dcm", "rtdose.dcm",
    "liver_1frame.dcm", "examples_overlay.dcm", "GDCMJ2K_TextGBR.dcm",
]  # fmt: skip


@pytest.mark.parametrize("name", PYDICOMS_OWN)
def test_files_of_many_makers_are_read(tmp_path: Path, name: str) -> None:
    """The samples that pydicom brings along: every frame decodes, and not to one grey."""
    path = tmp_path / "one.dcm"
    path.write_bytes((Path(pydicom.__file__).parent / "data" / "test_files" / name).read_bytes())
    result = probe_file(path, limits=LIMITS)
    assert (result.kind, result.damaged) == ("dicom", ())
    with opened(path, result) as frames:
        pictures = [frames.read_rgb(frame) for frame in range(len(frames))]
    assert {picture.shape for picture in pictures} == {(result.height, result.width, 3)}
    assert max(len(np.unique(picture)) for picture in pictures) > 1


def test_lossy_jpeg_of_twelve_bits_is_refused_by_name(tmp_path: Path) -> None:
    sample = Path(pydicom.__file__).parent / "data" / "test_files" / "JPGExtended.dcm"
    error = refusal(tmp_path / "a", sample.read_bytes())
    assert error.code == "unsupported"
    assert "JPEG Extended" in str(error)
