"""COCO JSON, loaded by ``pycocotools``."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from pycocotools.coco import COCO

from labeling.formats.coco import coco_document
from labeling.formats.document import ExportTask
from labeling.geometry.masks import mask_iou, mask_to_bitmask, shape_to_mask
from labeling.geometry.shapes import BoolMask, RotatedBox
from tests.formats.project_made import (
    HEIGHT,
    IMAGE,
    ROAD,
    SHAPES,
    VIDEO,
    WIDTH,
    blob,
    cropped,
    image_task,
    label,
    project,
    video_task,
)
from tests.geometry.shapes_made import blobs


def loaded(tmp_path: Path, *tasks: ExportTask, exact_masks: bool = False) -> Any:
    """The document as ``pycocotools`` reads it from a file."""
    document, _ = coco_document(project(tasks), exact_masks=exact_masks)
    path = tmp_path / "coco.json"
    path.write_text(json.dumps(document, allow_nan=False), encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def of_class(coco: Any, name: str) -> dict[str, Any]:
    """The one annotation of a class on the first frame."""
    (category,) = coco.getCatIds(catNms=[name])
    annotation: dict[str, Any] = coco.loadAnns(coco.getAnnIds(imgIds=[1], catIds=[category]))[0]
    return annotation


def mask_of(coco: Any, annotation: dict[str, Any]) -> BoolMask:
    return np.array(coco.annToMask(annotation), np.bool_)


def test_categories_are_the_classes_in_order(tmp_path: Path) -> None:
    coco = loaded(tmp_path, video_task())
    assert [each["name"] for each in coco.loadCats(coco.getCatIds())] == [
        "Car", "Ship", "Road", "Lane", "Nose", "Black cat", "Person",
    ]  # fmt: skip
    (person,) = coco.loadCats(coco.getCatIds(catNms=["Person"]))
    assert person["keypoints"] == ["head", "hip", "left foot", "right foot"]
    assert person["skeleton"] == [[1, 2], [2, 3], [2, 4]]


def test_there_is_an_image_for_each_frame_with_labels(tmp_path: Path) -> None:
    coco = loaded(tmp_path, video_task(), image_task([label("Obj00001", 0, SHAPES["class001"])]))
    images = coco.loadImgs(coco.getImgIds())
    assert [(each["file_name"], each["frame"]) for each in images] == [
        ("clip.mp4/000000.jpg", 0),
        ("clip.mp4/000002.jpg", 2),
        ("photo.png", 0),
    ]
    assert {(each["width"], each["height"]) for each in images} == {(WIDTH, HEIGHT)}
    assert [each["classifications"] for each in images] == [
        {"Weather": "Sunny"}, {"Weather": "Sunny"}, {"Weather": "Rain"},
    ]  # fmt: skip


def test_two_media_of_one_title_give_different_files(tmp_path: Path) -> None:
    labels = [label("Obj00001", 0, SHAPES["class001"])]
    other = replace(image_task(labels), media=replace(IMAGE, uid="other"))
    images = loaded(tmp_path, image_task(labels), other).dataset["images"]
    assert [each["file_name"] for each in images] == ["photo.png", "photo-other.png"]


def test_segments_of_one_media_share_its_images_and_not_its_tracks(tmp_path: Path) -> None:
    labels = [label("Obj00001", 7, SHAPES["class001"])]
    coco = loaded(tmp_path, video_task(labels), video_task(labels, uid="segment"))
    assert len(coco.getImgIds()) == 1
    tracks = [each["attributes"]["track_id"] for each in coco.loadAnns(coco.getAnnIds())]
    assert len(set(tracks)) == 2


def test_masks_of_bitmasks_and_of_polygons_with_holes_are_equal(tmp_path: Path) -> None:
    coco = loaded(tmp_path, video_task())
    cat, road = of_class(coco, "Black cat"), of_class(coco, "Road")
    assert np.array_equal(mask_of(coco, cat), blob())
    assert cat["area"] == blob().sum()
    bitmask = cropped(blob())
    assert cat["bbox"] == [bitmask.left, bitmask.top, bitmask.width, bitmask.height]
    assert np.array_equal(mask_of(coco, road), shape_to_mask(ROAD, width=WIDTH, height=HEIGHT))
    assert (cat["iscrowd"], road["iscrowd"]) == (0, 0)


@given(blobs())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_masks_of_any_bitmask_are_equal(tmp_path: Path, mask: BoolMask) -> None:
    media = replace(VIDEO, width=mask.shape[1], height=mask.shape[0])
    task = video_task([label("Obj00006", 0, mask_to_bitmask(mask))], media=media)
    coco = loaded(tmp_path, task)
    assert np.array_equal(mask_of(coco, of_class(coco, "Black cat")), mask)


def test_outlines_stay_points_that_pycocotools_draws_nearly_alike(tmp_path: Path) -> None:
    coco = loaded(tmp_path, video_task())
    for name, feature_hash in (("Car", "class001"), ("Ship", "class002")):
        annotation = of_class(coco, name)
        assert len(annotation["segmentation"][0]) == 8
        ours = shape_to_mask(SHAPES[feature_hash], width=WIDTH, height=HEIGHT)
        assert mask_iou(mask_of(coco, annotation), ours) > 0.93


def test_every_mask_can_be_exact(tmp_path: Path) -> None:
    coco = loaded(tmp_path, video_task(), exact_masks=True)
    for name, feature_hash in (("Ship", "class002"), ("Road", "class003"), ("Black cat", "class006")):
        ours = shape_to_mask(SHAPES[feature_hash], width=WIDTH, height=HEIGHT)
        assert np.array_equal(mask_of(coco, of_class(coco, name)), ours)


def test_a_box_is_left_top_width_height(tmp_path: Path) -> None:
    car = of_class(loaded(tmp_path, video_task()), "Car")
    assert car["bbox"] == [16.5, 9.25, 80, 22.5]
    assert car["area"] == 1800
    assert car["segmentation"] == [[16.5, 9.25, 96.5, 9.25, 96.5, 31.75, 16.5, 31.75]]


def test_a_rotated_box_keeps_its_corners_and_its_angle(tmp_path: Path) -> None:
    ship = of_class(loaded(tmp_path, video_task()), "Ship")
    assert ship["attributes"]["rotation"] == 30.0
    corners = np.reshape(ship["segmentation"][0], (4, 2))
    edge = corners[1] - corners[0]
    assert np.rad2deg(np.arctan2(edge[1], edge[0])) == pytest.approx(30, abs=0.01)
    assert np.linalg.norm(edge) == pytest.approx(60, abs=0.01)
    assert ship["area"] == pytest.approx(1200, abs=0.01)
    left, top, width, height = ship["bbox"]
    assert (left, top) == pytest.approx(corners.min(axis=0).tolist(), abs=0.01)
    assert (left + width, top + height) == pytest.approx(corners.max(axis=0).tolist(), abs=0.01)


def test_a_bounding_box_ends_at_the_frame(tmp_path: Path) -> None:
    reaching_out = RotatedBox(-20, 10, 60, 20, 30.0)
    coco = loaded(tmp_path, video_task([label("Obj00002", 0, reaching_out)]))
    assert of_class(coco, "Ship")["bbox"][0] == 0


def test_keypoints_carry_cocos_visibility_and_all_of_ours(tmp_path: Path) -> None:
    coco = loaded(tmp_path, video_task())
    person = of_class(coco, "Person")
    assert person["keypoints"] == [20, 10, 2, 21, 30, 1, 15, 50.5, 1, 0, 0, 0]
    assert person["num_keypoints"] == 3
    assert person["bbox"] == [15, 10, 6, 40.5]
    assert person["attributes"]["visibility"] == ["visible", "occluded", "selfOccluded", "invisible"]
    assert of_class(coco, "Nose")["keypoints"] == [80, 45, 1]


def test_score_track_provenance_and_answers_are_kept(tmp_path: Path) -> None:
    coco = loaded(tmp_path, video_task())
    first, second = (coco.loadAnns(coco.getAnnIds(imgIds=[image], catIds=[1]))[0] for image in (1, 2))
    assert (first["score"], second["score"]) == (0.875, 1.0)
    assert first["attributes"] == {
        "track_id": 1,
        "object_hash": "Obj00001",
        "provenance": "tracked",
        "occluded": False,
        "z_order": 0,
        "answers": {"Plate": "AB-123", "Damage": ["Door", "Roof"], "Is occluded": "Yes", "Speed": 51.5},
    }
    assert second["attributes"]["track_id"] == 1
    assert second["attributes"]["provenance"] == "manual"
    assert second["attributes"]["answers"]["Is occluded"] == "No"


def test_pycocotools_takes_the_annotations_as_results(tmp_path: Path) -> None:
    coco = loaded(tmp_path, video_task())
    results = [each for each in coco.dataset["annotations"] if "segmentation" in each]
    with contextlib.redirect_stdout(io.StringIO()):
        assert len(coco.loadRes(results).getAnnIds()) == 4 + 1


def test_what_it_cannot_hold_is_told() -> None:
    _, sentences = coco_document(project([video_task(), image_task([])]))
    assert sentences == [
        "1 polyline: COCO has no form for open lines.",
        "1 invisible keypoint: COCO writes 0, 0 in place of where it is.",
        "1 absent mark: COCO has no form for a frame that an object is known not to be on.",
        "1 task: COCO holds frames with labels only, and there were none that it can hold.",
    ]


def test_labels_are_read_once_and_may_be_a_generator() -> None:
    labels = (label("Obj00001", frame, SHAPES["class001"]) for frame in range(5))
    document, _ = coco_document(project([video_task(labels)]))
    assert [each["id"] for each in document["annotations"]] == [1, 2, 3, 4, 5]
