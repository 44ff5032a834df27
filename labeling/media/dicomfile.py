"""DICOM files: what is needed of their headers, and their pictures as values.

Only the elements listed here are ever read: who was examined, where and when stays in the file. For the
same reason an error of the reader is never passed on, since its words may hold what it read.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

import numpy as np
import pydicom.config
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import JPEGExtended12Bit

from labeling.media.errors import MediaRefused
from labeling.media.picture import RgbImage
from labeling.media.picturetable import Window

logging.getLogger("pydicom").disabled = True
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

Values = NDArray[np.float64]
"""Shape ``(height, width)``: what the picture measures, in the units of the modality."""
Result = TypeVar("Result")

_TAGS: list[Any] = [
    "SeriesInstanceUID", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient",
    "NumberOfFrames", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated",
    "BitsStored", "PixelRepresentation", "PixelPaddingValue", "RescaleSlope", "RescaleIntercept",
    "ModalityLUTSequence", "WindowCenter", "WindowWidth", "VOILUTFunction",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
    "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData",
]  # fmt: skip
_PIXELS = ["PixelData", "FloatPixelData", "DoubleFloatPixelData"]


class DicomBroken(Exception):
    """A DICOM file or one of its pictures cannot be read; the text says what is wrong with "it"."""


def _quietly(read: Callable[[], Result], *, reason: str) -> Result:
    """Call the reader. Whatever it raises but lack of memory is DicomBroken with ``reason``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  (broken files raise anything, and what it says may be private)
            raise DicomBroken(reason) from None


class DicomFile:
    """One DICOM file with its header. ``file`` is to stay open.

    Raises DicomBroken for a broken header, MediaRefused (``unsupported``) for a compression that cannot
    be read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._inflated: Dataset | None = None

        def read() -> Dataset:
            file.seek(0)
            return dcmread(file, stop_before_pixels=True, specific_tags=_TAGS)

        self.header = _quietly(read, reason="its header is broken")
        self.has_pictures = bool(self.header.get("Rows") and self.header.get("Columns"))
        if self.has_pictures:
            frames = self.header.get("NumberOfFrames")
            self.count = _quietly(lambda: max(1, int(frames or 1)), reason="its header is broken")
            self.width, self.height = int(self.header.Columns), int(self.header.Rows)
            self._check_syntax()

    @property
    def is_grey(self) -> bool:
        """True for pictures that a window applies to."""
        return str(self.header.get("PhotometricInterpretation", "")).startswith("MONOCHROME")

    def _check_syntax(self) -> None:
        syntax = self.header.file_meta.get("TransferSyntaxUID")
        if syntax is None:
            raise DicomBroken("its header does not say how the picture is stored")
        try:
            readable = get_decoder(syntax).is_available
        except NotImplementedError:
            readable = False
        if syntax == JPEGExtended12Bit and int(self.header.get("BitsStored") or 8) > 8:
            readable = False  # the decoders read this one with 8 bits alone
        if not readable:
            name = "in a way of its maker" if syntax.is_private else f"as {syntax.name}"
            sentence = (
                f"The pictures are compressed {name}, which cannot be read here. "
                "Convert the series, for example to Explicit VR Little Endian, and upload it again."
            )
            raise MediaRefused("unsupported", sentence)

    def raw(self, inner: int) -> NDArray[Any]:
        """Decode picture ``inner`` (from 0) as it is stored. Raises DicomBroken."""
        array = _quietly(lambda: pixel_array(self._source(), index=inner), reason="it is cut short or broken")
        if array.shape[:2] != (self.height, self.width):
            raise DicomBroken("it is not of the size that its header says")
        return array

    def _source(self) -> BinaryIO | Dataset:
        """Return what frames are read from: the file, but of a deflated one the whole data set."""
        if not self.header.file_meta.TransferSyntaxUID.is_deflated:
            return self._file
        if self._inflated is None:
            self._file.seek(0)
            self._inflated = dcmread(self._file, specific_tags=[*_TAGS, *_PIXELS])
        return self._inflated

    def values(self, inner: int) -> Values:
        """Decode a grey picture into what it measures. Raises DicomBroken."""
        return self.measured(self.raw(inner), inner)

    def measured(self, raw: NDArray[Any], inner: int) -> Values:
        """Apply the modality's table, or slope and intercept."""
        if raw.ndim != 2:
            raise DicomBroken("it has more colours than its header says")
        return _quietly(lambda: self._measured(raw, inner), reason="its values cannot be read")

    def _measured(self, raw: NDArray[Any], inner: int) -> Values:
        if self.header.get("ModalityLUTSequence"):
            return np.asarray(apply_modality_lut(raw, self.header), np.float64)
        values = raw.astype(np.float64)
        of = self._group(inner, "PixelValueTransformationSequence")
        slope, intercept = of.get("RescaleSlope"), of.get("RescaleIntercept")
        if slope is not None and intercept is not None:
            values = values * float(slope) + float(intercept)
        return values

    def _group(self, inner: int, sequence: str) -> Dataset:
        """Return where an element of one frame stands: in its own groups, the shared ones, the file."""
        per_frame = self.header.get("PerFrameFunctionalGroupsSequence") or []
        shared = self.header.get("SharedFunctionalGroupsSequence") or []
        own = [per_frame[inner]] if inner < len(per_frame) else []
        for groups in (*own, *shared[:1]):
            if groups.get(sequence):
                found: Dataset = groups.get(sequence)[0]
                return found
        return self.header

    def counted(self, raw: NDArray[Any], values: Values) -> Values:
        """Return those values that are not padding."""
        padding = self.header.get("PixelPaddingValue")
        return values[raw != padding] if isinstance(padding, int) else values.ravel()

    def window(self, inner: int) -> Window | None:
        """Return the first window that the file gives; ``low`` and ``high`` are not known here."""
        return _quietly(lambda: self._window(inner), reason="its window cannot be read")

    def _window(self, inner: int) -> Window | None:
        of = self._group(inner, "FrameVOILUTSequence")
        center, width = _first(of.get("WindowCenter")), _first(of.get("WindowWidth"))
        function = str(of.get("VOILUTFunction") or "LINEAR")
        least = 1.0 if function == "LINEAR" else 0.0
        if center is None or width is None or not np.isfinite([center, width]).all():
            return None
        if width < least or width == 0:
            return None
        return Window(center, width, 0.0, 0.0, function)

    def coloured(self, inner: int) -> RgbImage:
        """Decode a colour picture. Raises DicomBroken."""
        raw = self.raw(inner)
        return _quietly(lambda: self._coloured(raw), reason="its colours cannot be read")

    def _coloured(self, raw: NDArray[Any]) -> RgbImage:
        if self.header.PhotometricInterpretation == "PALETTE COLOR":
            raw = apply_color_lut(raw, self.header)
            deep = raw.dtype.itemsize > 1
            bits = 16 if deep else 8
        else:
            bits = int(self.header.get("BitsStored") or 8)
        if raw.ndim != 3 or raw.shape[2] < 3:
            raise ValueError("three colours are expected")
        return np.ascontiguousarray(raw[:, :, :3] >> max(0, bits - 8)).astype(np.uint8)

    def rgb(self, inner: int, window: Window) -> RgbImage:
        """Decode a picture as it is shown, grey values in ``window``. Raises DicomBroken."""
        return self.shown(self.values(inner), window) if self.is_grey else self.coloured(inner)

    def shown(self, values: Values, window: Window) -> RgbImage:
        """Return grey values in ``window``."""
        grey = windowed(values, window)
        if self.header.PhotometricInterpretation == "MONOCHROME1":
            grey = 255 - grey
        return np.repeat(grey[:, :, None], 3, axis=2)


def windowed(values: Values, window: Window) -> NDArray[np.uint8]:
    """Map values to 0..255 by DICOM's functions (PS3.3 C.11.2.1.2 and C.11.2.1.3)."""
    center, width = window.center, window.width
    if window.function == "SIGMOID":
        shares = 1.0 / (1.0 + np.exp(np.clip(-4.0 * (values - center) / width, -700, 700)))
    elif window.function == "LINEAR_EXACT":
        shares = (values - center) / width + 0.5
    else:
        shares = (values - (center - 0.5)) / max(width - 1.0, 1e-9) + 0.5
    return np.rint(np.clip(np.nan_to_num(shares), 0.0, 1.0) * 255.0).astype(np.uint8)


def _first(value: Any) -> float | None:
    """Return the first of one or several numbers."""
    if value is None or value == "":
        return None
    if hasattr(value, "__len__") and not isinstance(value, str):
        return float(value[0]) if len(value) else None
    return float(value)
