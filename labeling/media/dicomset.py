"""Finding out which frames a DICOM series has, by decoding each of them once. Runs in the probe's child."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np

from labeling.media.archive import Entry, entry_bytes, open_entry
from labeling.media.dicomfile import DicomBroken, DicomFile
from labeling.media.errors import MediaRefused
from labeling.media.pictureset import NO_SIZE, Course, series_entries, with_sizes
from labeling.media.picturetable import Picture, PictureTable, Window
from labeling.media.sniff import DICOM, HEAD_BYTES, form_of_head

_SAME_DIRECTION = 1e-3
_SUFFIXES = ("", *DICOM.suffixes)


@dataclass(frozen=True)
class _Slice:
    """One file of the series, as far as its order goes; without a header it comes last."""

    entry: Entry
    series: str = ""
    count: int = 1
    number: int = 0
    position: tuple[float, ...] = ()
    orientation: tuple[float, ...] = ()
    flaw: str = ""


def survey_dicom(file: BinaryIO, *, is_archive: bool, course: Course) -> PictureTable:
    """Decode every picture of a series: of an archive of DICOM files, or of one that holds several.

    Raises MediaRefused: for archives ``not_a_picture``, ``several_series`` and what ``series_entries``
    does; ``unsupported`` for compressions that cannot be read; ``undecodable`` where nothing decodes.
    """
    if is_archive:
        entries = series_entries(file, limits=course.limits)
    else:
        size = file.seek(0, 2)
        entries = [Entry("", 0, size, size)]
    slices = [
        _slice(file, entry, place=f"File {number} of {len(entries)}, by their names,", course=course)
        for number, entry in enumerate(entries, start=1)
    ]
    _check_one_series(slices)
    frames = sum(one.count for one in slices)
    if frames > course.limits.max_frames:
        sentence = f"The series claims {frames:,} frames; at most {course.limits.max_frames:,} are allowed."
        raise MediaRefused("too_long", sentence)
    survey = _Survey(file, course)
    for one in in_order(slices):
        survey.add(one)
    return survey.table()


def _slice(file: BinaryIO, entry: Entry, *, place: str, course: Course) -> _Slice:
    """Read the header. Files are named by their place: names may be those of patients."""
    course.progress(0)
    limits = course.limits
    try:
        opened = open_entry(file, entry, max_bytes=limits.max_picture_bytes)
        head = opened.read(HEAD_BYTES)
        form, noun = form_of_head(head, "") if head else (None, "empty")
        if form is not DICOM and head:
            advice = "Take it out and upload the rest again."
            sentence = f"{place} is {noun}, and a DICOM series holds DICOM files only. {advice}"
            raise MediaRefused("not_a_picture", sentence)
        if not head:
            raise DicomBroken("it is empty")
        dicom = DicomFile(opened)
    except (DicomBroken, ValueError) as error:
        return _Slice(entry, flaw=str(error))
    if not dicom.has_pictures:
        what = "a DICOM file without a picture: a report, or cut short"
        raise MediaRefused("not_a_picture", f"{place} is {what}. Take it out and upload the rest again.")
    if dicom.width * dicom.height > limits.max_pixels:
        size = f"{dicom.width} x {dicom.height}"
        sentence = f"{place} claims {size} pixels; at most {limits.max_pixels:,} are allowed."
        raise MediaRefused("too_large", sentence)
    header = dicom.header
    number = _numbers(header.get("InstanceNumber"), 1)
    return _Slice(
        entry,
        series=str(header.get("SeriesInstanceUID", "")),
        count=dicom.count,
        number=int(number[0]) if number else 0,
        position=_numbers(header.get("ImagePositionPatient"), 3),
        orientation=_numbers(header.get("ImageOrientationPatient"), 6),
    )


def _numbers(value: object, count: int) -> tuple[float, ...]:
    """Return so many finite numbers, or nothing."""
    values = value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
    try:
        numbers = tuple(float(one) for one in values)
    except (TypeError, ValueError):
        return ()
    return numbers if len(numbers) == count and all(math.isfinite(one) for one in numbers) else ()


def _check_one_series(slices: Sequence[_Slice]) -> None:
    counts = Counter(one.series for one in slices if not one.flaw)
    if len(counts) > 1:
        sizes = ", ".join(str(count) for _, count in counts.most_common(5))
        more = " …" if len(counts) > 5 else ""
        sentence = (
            f"The files belong to {len(counts)} series (of {sizes}{more} files). Upload one series at a time."
        )
        raise MediaRefused("several_series", sentence)


def in_order(slices: Sequence[_Slice]) -> list[_Slice]:
    """Sort by the place along the normal of the slices where all have one, else by instance number,
    else by name, which is how they come. Files without a header stay behind the others."""
    whole = [one for one in slices if not one.flaw]
    places = _places(whole)
    keys = [(place, one.number) for place, one in zip(places, whole, strict=True)]
    ordered = [whole[index] for index in sorted(range(len(whole)), key=lambda index: keys[index])]
    return ordered + [one for one in slices if one.flaw]


def _places(slices: Sequence[_Slice]) -> list[float]:
    """Return millimetres along the common normal; zeros where there is none."""
    nothing = [0.0] * len(slices)
    if not slices or not all(one.position and one.orientation for one in slices):
        return nothing
    orientations = np.array([one.orientation for one in slices])
    if float(np.abs(orientations - orientations[0]).max()) > _SAME_DIRECTION:
        return nothing
    normal = np.cross(orientations[0, :3], orientations[0, 3:])
    places = np.array([one.position for one in slices]) @ normal
    # A micrometre is no distance: what lies on one place is ordered by its number.
    return [float(place) for place in np.round(places, 3)]


class _Survey:
    """The frames while they grow, with the values that occurred and the first window that was given."""

    def __init__(self, file: BinaryIO, course: Course) -> None:
        self._file = file
        self._course = course
        self._pictures: list[Picture] = []
        self._low, self._high = math.inf, -math.inf
        self._whole_numbers = True
        self._window: Window | None = None

    def add(self, one: _Slice) -> None:
        """Decode the frames of a file."""
        flaw, dicom = one.flaw, None
        if not flaw:
            try:
                self._check_bytes(one.entry)
            except ValueError as error:
                flaw = str(error)
            opened = open_entry(self._file, one.entry, max_bytes=self._course.limits.max_picture_bytes)
            dicom = DicomFile(opened)
        for inner in range(one.count):
            self._course.progress(len(self._pictures))
            self._add_frame(one.entry, dicom, inner, flaw)

    def _check_bytes(self, entry: Entry) -> None:
        if entry.crc is not None:
            entry_bytes(self._file, entry, max_bytes=self._course.limits.max_picture_bytes)

    def _add_frame(self, entry: Entry, dicom: DicomFile | None, inner: int, flaw: str) -> None:
        width, height = (dicom.width, dicom.height) if dicom else NO_SIZE
        if dicom and not flaw:
            try:
                self._look(dicom, inner)
            except DicomBroken as error:
                flaw = str(error)
        self._pictures.append(Picture(entry, "DICOM", width, height, inner, flaw))

    def _look(self, dicom: DicomFile, inner: int) -> None:
        if not dicom.is_grey:
            dicom.coloured(inner)
            return
        raw = dicom.raw(inner)
        values = dicom.measured(raw, inner)
        if self._window is None:
            self._window = dicom.window(inner)
        counted = dicom.counted(raw, values)
        finite = counted[np.isfinite(counted)]
        if finite.size:
            self._low = min(self._low, float(finite.min()))
            self._high = max(self._high, float(finite.max()))
            self._whole_numbers = self._whole_numbers and bool(np.all(finite == np.rint(finite)))

    def table(self) -> PictureTable:
        """Return the frames, with the window that is shown by default: none for colour."""
        pictures = tuple(with_sizes(self._pictures, one_size=False))
        if self._low > self._high:
            return PictureTable(pictures)
        low, high = self._low, self._high
        if self._window is not None:
            return PictureTable(pictures, replace(self._window, low=low, high=high))
        if self._whole_numbers:
            # The least value is black and the greatest white (PS3.3 C.11.2.1.2.1).
            return PictureTable(pictures, Window((low + high + 1) / 2, high - low + 1, low, high))
        width = (high - low) or 1.0
        return PictureTable(pictures, Window((low + high) / 2, width, low, high, "LINEAR_EXACT"))
