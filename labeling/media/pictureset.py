"""Finding out which pictures an archive holds, by decoding each of them once. Runs in the probe's child."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import BinaryIO, Literal

from labeling.media.archive import Entry, entry_bytes, read_directory
from labeling.media.errors import MediaRefused
from labeling.media.limits import MediaLimits
from labeling.media.names import is_junk, natural_key
from labeling.media.picturetable import Picture, PictureTable
from labeling.media.sniff import DICOM, HEAD_BYTES, IMAGE_SUFFIXES, UNKNOWN, form_of_head, sniff_head
from labeling.media.stillimage import DECODE_ERRORS, displayed_image_size, image_rgb, open_image

_NOUNS = {"image_group": "An image group", "image_sequence": "An image sequence"}
NO_SIZE = (0, 0)


@dataclass(frozen=True)
class Course:
    """How a survey runs: what it may cost, and whom it tells the number of pictures read so far."""

    limits: MediaLimits
    progress: Callable[[int], None]


def series_entries(file: BinaryIO, *, limits: MediaLimits) -> list[Entry]:
    """Return the files of an archive that belong to its series, in the natural order of their names.

    Raises MediaRefused: ``bad_archive``, ``too_many_files``, ``too_large``, ``empty``.
    """
    entries = read_directory(file, max_entries=limits.max_pictures, max_bytes=limits.max_bytes)
    entries = sorted(
        (entry for entry in entries if not is_junk(entry.name)), key=lambda entry: natural_key(entry.name)
    )
    if not entries:
        raise MediaRefused("empty", "The archive holds no files.")
    for entry, following in pairwise(entries):
        if entry.name == following.name:
            sentence = f"The archive holds two files named {entry.name}. Name them apart and upload it again."
            raise MediaRefused("duplicate_name", sentence)
    return entries


def survey_pictures(
    file: BinaryIO, *, kind: Literal["image_group", "image_sequence"], course: Course
) -> PictureTable:
    """Decode every picture of the archive. What does not decode is a damaged frame, if one other does.

    Raises MediaRefused for archives that hold something else, for a sequence whose pictures differ in
    size (``sizes_differ``), and where nothing decodes.
    """
    pictures: list[Picture] = []
    for number, entry in enumerate(series_entries(file, limits=course.limits)):
        course.progress(number)
        picture = _picture(file, entry, noun=_NOUNS[kind], limits=course.limits)
        if kind == "image_sequence":
            _check_size(picture, pictures)
        pictures.append(picture)
    return PictureTable(tuple(with_sizes(pictures, one_size=kind == "image_sequence")))


def _picture(file: BinaryIO, entry: Entry, *, noun: str, limits: MediaLimits) -> Picture:
    """Decode one picture; where that fails it has a flaw, and the size that its header claims or none."""
    try:
        data = entry_bytes(file, entry, max_bytes=limits.max_picture_bytes)
    except ValueError as error:
        return Picture(entry, "", *NO_SIZE, flaw=str(error))
    form = _form(data[:HEAD_BYTES], entry.name, noun)
    if form is None:
        return Picture(
            entry, "", *NO_SIZE, flaw="it is empty" if not data else "it is no picture that is known"
        )
    width, height = NO_SIZE
    try:
        with open_image(io.BytesIO(data), form=form, max_pixels=limits.max_pixels) as image:
            width, height = displayed_image_size(image)
            height, width, _ = image_rgb(image).shape
    except DECODE_ERRORS:
        return Picture(entry, form, width, height, flaw="it is cut short or broken")
    except MediaRefused as refusal:
        if refusal.code == "too_large":
            raise MediaRefused("too_large", f"{refusal.sentence} It is {entry.name}.") from refusal
        return Picture(entry, form, width, height, flaw="its header is broken")
    return Picture(entry, form, width, height)


def _form(head: bytes, name: str, noun: str) -> str | None:
    """Return Pillow's name of the picture's form; None for what its name calls a picture and nobody knows.

    Raises MediaRefused for all else.
    """
    last = PurePosixPath(name).name
    suffix = PurePosixPath(last).suffix.lower()
    form, what = form_of_head(head, suffix) if head else (None, UNKNOWN)
    if form is None and what == UNKNOWN and suffix in IMAGE_SUFFIXES:
        return None
    if form is not None and form.kind == "image":
        return sniff_head(head, name=last).code
    advice = "Upload it as a DICOM series." if form is DICOM else "Take it out and upload the rest again."
    raise MediaRefused("not_a_picture", f"{noun} holds pictures only, and {last} is {what}. {advice}")


def _check_size(picture: Picture, before: Sequence[Picture]) -> None:
    first = next((one for one in before if not one.flaw), None)
    if picture.flaw or first is None or (picture.width, picture.height) == (first.width, first.height):
        return
    raise MediaRefused(
        "sizes_differ",
        f"The pictures of an image sequence are all of one size, and {picture.entry.name} has "
        f"{picture.width} x {picture.height} pixels where the ones before it have "
        f"{first.width} x {first.height}. Upload them as an image group, or make them alike.",
    )


def with_sizes(pictures: Sequence[Picture], *, one_size: bool) -> list[Picture]:
    """Give damaged frames a size: that of the whole ones where there is one only, else what their header
    claims, else that of the frame before. Raises MediaRefused where no frame is whole."""
    whole = next((picture for picture in pictures if not picture.flaw), None)
    if whole is None:
        flaw = pictures[0].flaw
        raise MediaRefused("undecodable", f"None of the {len(pictures)} pictures can be decoded: {flaw}.")
    width, height = whole.width, whole.height
    sized = []
    for picture in pictures:
        if picture.flaw and (one_size or not picture.width or not picture.height):
            sized.append(replace(picture, width=width, height=height))
            continue
        sized.append(picture)
        width, height = picture.width, picture.height
    return sized
