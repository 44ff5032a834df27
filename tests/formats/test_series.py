"""Exports of image groups, image sequences and DICOM series."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from encord.objects import LabelRowV2
from encord.orm.storage import CustomerProvidedImageMetadata, CustomerProvidedVideoMetadata
from pycocotools import mask as coco_mask

from labeling.formats.coco import coco_document
from labeling.formats.document import ExportFrame, ExportMedia, ExportTask
from labeling.formats.encord import encord_document
from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.shapes import Box
from tests.formats.project_made import INSTANCES, VIDEO, label, project, video_task
from tests.formats.test_encord import coordinates, mask_of, ontology_of

SIZES = ((160, 90), (60, 200), (300, 40))
FRAMES = tuple(ExportFrame(f"{place}.png", *size, "image/png", 99) for place, size in enumerate(SIZES))
SERIES: dict[str, Any] = {"fps": None, "duration": None, "frame_count": 3, "width": 300, "height": 200}
GROUP = replace(VIDEO, kind="image_group", title="birds.zip", frames=FRAMES, sizes=SIZES, **SERIES)
SEQUENCE = replace(
    GROUP,
    kind="image_sequence",
    frames=tuple(replace(one, width=300, height=200) for one in FRAMES),
    sizes=None,
)
DICOM = replace(GROUP, kind="dicom", title="scan", mime_type="application/dicom", frames=(), sizes=None)
BOX = Box(15, 10, 30, 20)


def blob(frame: int) -> np.ndarray[Any, Any]:
    width, height = SIZES[frame]
    mask = np.zeros((height, width), np.bool_)
    mask[5:30, 20:50] = True
    mask[10:12, 25:30] = False
    return mask


def task(media: ExportMedia) -> ExportTask:
    labels = [
        label(hash_, frame, shape)
        for frame in range(3)
        for hash_, shape in (("Obj00001", BOX), ("Obj00006", mask_to_bitmask(blob(frame))))
    ]
    instances = [replace(one, dynamic_answers=()) for one in INSTANCES]
    return video_task(labels, media=media, last_frame=2, instances=instances, classification_answers=())


def row_of(document: dict[str, Any], metadata: Any) -> Any:
    row = LabelRowV2.from_media_metadata(ontology_of(document), metadata)
    row.from_labels_dict(document["label_rows"][0])
    return row


def written(media: ExportMedia) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json.dumps(encord_document(project([task(media)]))[0]))
    return loaded


@pytest.mark.parametrize("media", [GROUP, SEQUENCE], ids=["group", "sequence"])
def test_every_picture_is_an_encord_unit_of_its_own_size(media: ExportMedia) -> None:
    document = written(media)
    units = document["label_rows"][0]["data_units"]
    assert document["label_rows"][0]["data_type"] == "img_group"
    assert [(unit["data_title"], unit["data_sequence"]) for unit in units.values()] == [
        ("0.png", "0"), ("1.png", "1"), ("2.png", "2"),
    ]  # fmt: skip
    sizes = [media.size_of(frame) for frame in range(3)]
    metadata = [
        CustomerProvidedImageMetadata(width=width, height=height, file_size=99, mime_type="image/png")
        for width, height in sizes
    ]
    row = row_of(document, metadata)
    assert (row.data_type.value, row.number_of_frames) == ("img_group", 3)
    for frame, (width, height) in enumerate(sizes):
        box = coordinates(row, "Obj00001", frame)
        assert (box.top_left_x * width, box.width * width) == pytest.approx((15, 30))
        assert (box.top_left_y * height, box.height * height) == pytest.approx((10, 20))


def test_masks_of_a_group_have_the_size_of_their_picture() -> None:
    document = written(GROUP)
    metadata = [
        CustomerProvidedImageMetadata(width=width, height=height, file_size=99, mime_type="image/png")
        for width, height in SIZES
    ]
    row = row_of(document, metadata)
    for frame in range(3):
        assert np.array_equal(mask_of(coordinates(row, "Obj00006", frame)), blob(frame))


def test_the_units_of_a_group_keep_their_names_from_export_to_export() -> None:
    first, again = (written(GROUP)["label_rows"][0]["data_units"].keys() for _ in range(2))
    assert list(first) == list(again)
    assert len(set(first)) == 3


def test_a_dicom_series_is_one_unit_with_frames() -> None:
    document = written(DICOM)
    (unit,) = document["label_rows"][0]["data_units"].values()
    assert (document["label_rows"][0]["data_type"], unit["data_type"]) == ("dicom", "application/dicom")
    assert sorted(unit["labels"]) == ["0", "1", "2"]
    metadata = CustomerProvidedVideoMetadata(
        fps=1, duration=3, width=300, height=200, file_size=9, mime_type="application/dicom"
    )
    row = row_of(document, metadata)
    assert coordinates(row, "Obj00001", 2).width * 300 == pytest.approx(30)


@pytest.mark.parametrize("media", [GROUP, SEQUENCE, DICOM], ids=["group", "sequence", "dicom"])
def test_coco_has_an_image_a_frame_of_its_own_size(media: ExportMedia) -> None:
    document, losses = coco_document(project([task(media)]))
    assert losses == []
    assert [(image["width"], image["height"]) for image in document["images"]] == [
        media.size_of(frame) for frame in range(3)
    ]
    assert [image["file_name"] for image in document["images"]] == [
        f"{media.title}/{frame:06d}.jpg" for frame in range(3)
    ]


def test_coco_masks_of_a_group_fit_their_pictures() -> None:
    document, _ = coco_document(project([task(GROUP)]))
    masks = [row for row in document["annotations"] if isinstance(row["segmentation"], dict)]
    assert len(masks) == 3
    for frame, row in enumerate(masks):
        assert np.array_equal(coco_mask.decode(row["segmentation"]).astype(bool), blob(frame))
