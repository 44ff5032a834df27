"""Series that the tests make: pictures and DICOM files that carry their numbers, loose or in an archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from tests.clips.encoding import picture_bytes
from tests.clips.numbers import draw_number

SIZES = ((160, 128), (96, 160), (200, 80))
"""Pictures of a group take these in turn: (width, height)."""


def numbered_png(number: int, *, size: tuple[int, int] = SIZES[0], form: str = "PNG") -> bytes:
    """Return a picture file that shows ``number``."""
    return picture_bytes(draw_number(number, width=size[0], height=size[1]), form=form)


def sequence_files(count: int = 12) -> dict[str, bytes]:
    """Pictures of one size, named so that only a natural order is the true one."""
    return {f"frame{number}.png": numbered_png(number) for number in range(count)}


def group_files(count: int = 12) -> dict[str, bytes]:
    """Pictures of several sizes and forms."""
    forms = ("PNG", "JPEG", "WEBP", "TIFF", "BMP")
    suffixes = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "TIFF": "tif", "BMP": "bmp"}
    return {
        f"{number}.{suffixes[forms[number % 5]]}": numbered_png(
            number, size=SIZES[number % 3], form=forms[number % 5]
        )
        for number in range(count)
    }


def zipped(
    files: Mapping[str, bytes] | Sequence[tuple[str, bytes]], *, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return an archive of the files, in their order; a name may stand twice in a sequence of pairs."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, method)
    return output.getvalue()
