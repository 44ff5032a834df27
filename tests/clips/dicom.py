"""DICOM files that the tests make: 12 bits of grey that show their numbers, in many forms."""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gdcm
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
    generate_uid,
)

from tests.clips.encoding import picture_bytes
from tests.clips.numbers import draw_number

SERIES = generate_uid(entropy_srcs=["labelyard tests"])
WHITE = 3000
"""What is stored where the drawn number is white; black is 1,000. Bits stored: 12."""
INTERCEPT = -1024.0
PATIENT = "Doe^Jane^Secret"
GDCM_SYNTAXES = {
    "jpeg lossless": gdcm.TransferSyntax.JPEGLosslessProcess14_1,
    "jpeg 2000": gdcm.TransferSyntax.JPEG2000Lossless,
    "jpeg-ls": gdcm.TransferSyntax.JPEGLSLossless,
}


def stored_values(number: int, *, size: tuple[int, int] = (160, 128)) -> NDArray[np.uint16]:
    """Return the values that a file of this number stores: (height, width), 12 bits."""
    drawn = draw_number(number, width=size[0], height=size[1])[:, :, 0]
    return np.where(drawn > 0, WHITE, 1000).astype(np.uint16)


def dicom_dataset(pixels: NDArray[Any], **elements: Any) -> FileDataset:
    """Return a data set of one picture, or of several along the first axis; ``elements`` by keyword.

    None leaves an element out.
    """
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    colour = pixels.shape[-1] == 3
    frames = pixels.shape[0] if pixels.ndim == (4 if colour else 3) else None
    bits = 8 * pixels.dtype.itemsize
    told = {
        "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": meta.MediaStorageSOPInstanceUID,
        "PatientName": PATIENT,
        "PatientID": "SECRET-4711",
        "SeriesInstanceUID": SERIES,
        "Modality": "CT",
        "Rows": pixels.shape[-3] if colour else pixels.shape[-2],
        "Columns": pixels.shape[-2] if colour else pixels.shape[-1],
        "NumberOfFrames": frames,
        "SamplesPerPixel": 3 if colour else 1,
        "PlanarConfiguration": 0 if colour else None,
        "PhotometricInterpretation": "RGB" if colour else "MONOCHROME2",
        "BitsAllocated": bits,
        "BitsStored": 12 if bits == 16 else bits,
        "HighBit": 11 if bits == 16 else bits - 1,
        "PixelRepresentation": 0,
        "PixelData": pixels.tobytes(),
    } | elements
    for keyword, value in told.items():
        if value is not None:
            setattr(data, keyword, value)
    return data


def dicom_bytes(data: Dataset) -> bytes:
    """Return the file of a data set."""
    output = io.BytesIO()
    data.save_as(output, enforce_file_format=True)
    return output.getvalue()


def slice_elements(number: int, **more: Any) -> dict[str, Any]:
    """Return what a slice of a volume says of itself: 2.5 mm apart, instance numbers downwards."""
    return {
        "InstanceNumber": 1000 - number,
        "ImagePositionPatient": [-100.0, -100.0, -50.0 + 2.5 * number],
        "ImageOrientationPatient": [1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        "RescaleSlope": 1.0,
        "RescaleIntercept": INTERCEPT,
        "WindowCenter": 1000.0,
        "WindowWidth": 2000.0,
    } | more


def dicom_slice(number: int, **more: Any) -> bytes:
    """Return the file of one slice that shows its number."""
    return dicom_bytes(dicom_dataset(stored_values(number), **slice_elements(number, **more)))


def dicom_series(count: int = 12, **more: Any) -> dict[str, bytes]:
    """Return the files of a series under names that say nothing of their order."""
    names = [f"IM{number:04d}.dcm" for number in range(count)]
    random.Random(5).shuffle(names)
    return {name: dicom_slice(number, **more) for number, name in enumerate(names)}


def compressed(data: FileDataset, how: str) -> bytes:
    """Return the file of a data set whose pixels are compressed: by a name of ``GDCM_SYNTAXES``, ``rle``,
    ``jpeg`` (8 bits), or ``deflated``."""
    if how == "deflated":
        data.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
        return dicom_bytes(data)
    if how == "rle":
        data.compress(RLELossless)
        return dicom_bytes(data)
    if how == "jpeg":
        return dicom_bytes(_jpeg(data))
    return _by_gdcm(dicom_bytes(data), GDCM_SYNTAXES[how])


def _jpeg(data: FileDataset) -> FileDataset:
    pixels = data.pixel_array
    data.PixelData = encapsulate([picture_bytes(pixels, form="JPEG")])
    data["PixelData"].VR = "OB"
    data.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    if data.SamplesPerPixel == 3:
        data.PhotometricInterpretation = "YBR_FULL_422"
    return data


def _by_gdcm(file: bytes, syntax: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "plain.dcm", Path(folder) / "packed.dcm"
        source.write_bytes(file)
        reader, change, writer = gdcm.ImageReader(), gdcm.ImageChangeTransferSyntax(), gdcm.ImageWriter()
        reader.SetFileName(str(source))
        assert reader.Read()
        change.SetTransferSyntax(gdcm.TransferSyntax(syntax))
        change.SetInput(reader.GetImage())
        assert change.Change()
        writer.SetFileName(str(target))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        return target.read_bytes()


def cut_short(file: bytes, *, lost: int = 2000) -> bytes:
    """Return the file without its last bytes: its header is whole, its picture is not."""
    return file[:-lost]


def multi_frame(numbers: Sequence[int], **more: Any) -> bytes:
    """Return one file that holds a picture for each number."""
    return dicom_bytes(dicom_dataset(np.stack([stored_values(number) for number in numbers]), **more))


def pixels_by_pydicom(file: bytes) -> NDArray[Any]:
    """Return what pydicom alone reads: the reference."""
    return dcmread(io.BytesIO(file)).pixel_array
