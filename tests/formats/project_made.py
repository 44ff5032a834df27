"""A project with every shape, every kind of attribute, two media and some losses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import cv2
import numpy as np

from labeling.formats.document import (
    ExportAnswer,
    ExportAttribute,
    ExportClass,
    ExportClassification,
    ExportInstance,
    ExportLabel,
    ExportMedia,
    ExportOntology,
    ExportOption,
    ExportProject,
    ExportSkeleton,
    ExportTask,
    ExportVertex,
)
from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.shapes import (
    Bitmask,
    BoolMask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
)

WIDTH, HEIGHT = 160, 90
MADE = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)
EDITED = datetime(2026, 10, 2, 14, 30, tzinfo=timezone(timedelta(hours=2)))

YES = ExportOption("opt00001", "Yes", "yes")
NO = ExportOption("opt00002", "No", "no")
OCCLUDED = ExportAttribute("attr0001", "Is occluded", "radio", dynamic=True, options=(YES, NO))
PLATE = ExportAttribute("attr0002", "Plate", "text")
DAMAGE = ExportAttribute(
    "attr0003",
    "Damage",
    "checklist",
    options=(ExportOption("opt00003", "Door", "door"), ExportOption("opt00004", "Roof", "roof")),
)
SPEED = ExportAttribute("attr0004", "Speed", "numeric", dynamic=True)
WEATHER = ExportAttribute(
    "attr0005",
    "Weather",
    "radio",
    options=(ExportOption("opt00005", "Sunny", "sunny"), ExportOption("opt00006", "Rain", "rain")),
)

CLASSES = (
    ExportClass(
        "class001", "Car", "#D33115", ShapeKind.BOUNDING_BOX, attributes=(OCCLUDED, PLATE, DAMAGE, SPEED)
    ),
    ExportClass("class002", "Ship", "#E27300", ShapeKind.ROTATABLE_BOUNDING_BOX),
    ExportClass("class003", "Road", "#16406C", ShapeKind.POLYGON),
    ExportClass("class004", "Lane", "#FE9200", ShapeKind.POLYLINE),
    ExportClass("class005", "Nose", "#FCDC00", ShapeKind.KEYPOINT),
    ExportClass("class006", "Black cat", "#DBDF00", ShapeKind.BITMASK),
    ExportClass(
        "class007",
        "Person",
        "#A4DD00",
        ShapeKind.SKELETON,
        skeleton=ExportSkeleton(
            (
                ExportVertex("head", "#000000", 0.5, 0.0),
                ExportVertex("hip", "#ff0000", 0.5, 0.5),
                ExportVertex("left foot", "#00ff00", 0.2, 1.0),
                ExportVertex("right foot", "#0000ff", 0.8, 1.0),
            ),
            ((0, 1), (1, 2), (1, 3)),
        ),
    ),
)
ONTOLOGY = ExportOntology("Street", CLASSES, (ExportClassification("clsf0001", "Weather", (WEATHER,)),))

VIDEO = ExportMedia(
    "11111111-1111-4111-8111-111111111111",
    "clip.mp4",
    "video",
    WIDTH,
    HEIGHT,
    frame_count=50,
    fps=25.0,
    duration=2.0,
    mime_type="video/mp4",
    storage_link="s3://bucket/clip.mp4",
    size=12345,
)
IMAGE = replace(
    VIDEO,
    uid="22222222-2222-4222-8222-222222222222",
    title="photo.png",
    kind="image",
    frame_count=1,
    fps=None,
    duration=None,
    mime_type="image/png",
)


def blob() -> BoolMask:
    """A mask with a hole and a second piece."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(mask, (60, 40), (37, 22), 25, 0, 360, 1, -1)
    cv2.circle(mask, (66, 42), 7, 0, -1)
    cv2.circle(mask, (140, 80), 9, 1, -1)
    return mask.view(np.bool_)


def cropped(mask: BoolMask) -> Bitmask:
    bitmask = mask_to_bitmask(mask)
    assert bitmask is not None
    return bitmask


ROAD = Polygon(
    (
        (
            np.array([(10.25, 10.5), (70.125, 8), (80, 60.5), (12, 70)]),
            np.array([(30, 30), (50, 30), (40, 45.5)], np.float64),
        ),
        (np.array([(100, 20), (150.7, 22), (120, 60)], np.float64),),
    )
)
PERSON = Skeleton(
    np.array([(20, 10), (21, 30), (15, 50.5), (27, 50)], np.float64),
    (Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.SELF_OCCLUDED, Visibility.INVISIBLE),
)
SHAPES: dict[str, Shape] = {
    "class001": Box(16.5, 9.25, 80, 22.5),
    "class002": RotatedBox(40, 20, 60, 20, 30.0),
    "class003": ROAD,
    "class004": Polyline(np.array([(10, 10), (100.5, 50), (20, 80)], np.float64)),
    "class005": Keypoint(80, 45, Visibility.OCCLUDED),
    "class006": cropped(blob()),
    "class007": PERSON,
}


def label(object_hash: str, frame: int, shape: Shape | None, **more: object) -> ExportLabel:
    made = ExportLabel(object_hash, frame, shape, "tracked", 0.875, "bot@example.com", MADE)
    return replace(made, **more)  # type: ignore[arg-type]


def instance(number: int, class_hash: str, **more: object) -> ExportInstance:
    made = ExportInstance(f"Obj0000{number}", class_hash, "ann@example.com", MADE)
    return replace(made, **more)  # type: ignore[arg-type]


INSTANCES = (
    instance(
        1,
        "class001",
        static_answers={"attr0002": "AB-123", "attr0003": ["roof", "door"]},
        dynamic_answers=(
            ExportAnswer("attr0001", "yes", 0, 1),
            ExportAnswer("attr0001", "no", 2, 2),
            ExportAnswer("attr0001", "yes", 3, 9),
            ExportAnswer("attr0004", 51.5, 0, 9),
        ),
    ),
    *(instance(number, f"class00{number}") for number in range(2, 8)),
    instance(8, "class001"),
)

VIDEO_LABELS = (
    *(label(f"Obj0000{each.feature_hash[-1]}", 0, SHAPES[each.feature_hash]) for each in CLASSES),
    label(
        "Obj00001",
        2,
        Box(20, 10, 80, 22),
        provenance="manual",
        confidence=1.0,
        edited_by="eve@example.com",
        edited_at=EDITED,
    ),
    label("Obj00001", 3, None, provenance="manual"),
)


def video_task(labels: Iterable[ExportLabel] = VIDEO_LABELS, **more: object) -> ExportTask:
    task = ExportTask(
        uid="33333333-3333-4333-8333-333333333333",
        media=VIDEO,
        first_frame=0,
        last_frame=49,
        stage="annotate",
        created_at=MADE,
        edited_at=EDITED,
        instances=INSTANCES,
        labels=labels,
        classification_answers=(
            ExportAnswer("attr0005", "sunny", 0, 24, "ann@example.com"),
            ExportAnswer("attr0005", "rain", 25, 29, "ann@example.com"),
            ExportAnswer("attr0005", "sunny", 30, 49, "ann@example.com"),
        ),
    )
    return replace(task, **more)  # type: ignore[arg-type]


def image_task(labels: Iterable[ExportLabel]) -> ExportTask:
    return replace(
        video_task(labels),
        uid="44444444-4444-4444-8444-444444444444",
        media=IMAGE,
        last_frame=0,
        stage="complete",
        classification_answers=(ExportAnswer("attr0005", "rain", 0, 0),),
    )


def project(tasks: Sequence[ExportTask]) -> ExportProject:
    return ExportProject("55555555-5555-4555-8555-555555555555", "Street", ONTOLOGY, tasks)
