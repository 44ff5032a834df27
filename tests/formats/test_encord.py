"""Encord JSON, loaded by the unmodified ``encord`` SDK."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from encord.objects import LabelRowV2, OntologyStructure
from encord.orm.storage import CustomerProvidedImageMetadata, CustomerProvidedVideoMetadata
from encord.utilities.coco.exporter import CocoExporter
from hypothesis import given, settings

from labeling.formats.document import ExportAnswer, ExportTask
from labeling.formats.encord import encord_document
from labeling.geometry.masks import mask_to_bitmask, shape_to_mask
from labeling.geometry.shapes import BoolMask, Polygon
from tests.formats.project_made import (
    CLASSES,
    HEIGHT,
    IMAGE,
    INSTANCES,
    ONTOLOGY,
    PERSON,
    ROAD,
    SHAPES,
    VIDEO,
    WEATHER,
    WIDTH,
    blob,
    cropped,
    image_task,
    label,
    project,
    video_task,
)
from tests.geometry.shapes_made import HEIGHT as SMALL_HEIGHT
from tests.geometry.shapes_made import WIDTH as SMALL_WIDTH
from tests.geometry.shapes_made import frame_masks


def written(*tasks: ExportTask) -> dict[str, Any]:
    """The document after a trip through JSON text."""
    document, _ = encord_document(project(tasks))
    text = json.dumps(document, allow_nan=False)
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def ontology_of(document: dict[str, Any]) -> Any:
    return SimpleNamespace(structure=OntologyStructure.from_dict(document["ontology"]))


def video_row(document: dict[str, Any], place: int = 0) -> Any:
    (unit,) = document["label_rows"][place]["data_units"].values()
    metadata = CustomerProvidedVideoMetadata(
        fps=unit["data_fps"],
        duration=unit["data_duration"],
        width=unit["width"],
        height=unit["height"],
        file_size=VIDEO.size,
        mime_type=unit["data_type"],
    )
    row = LabelRowV2.from_media_metadata(ontology_of(document), metadata)
    row.from_labels_dict(document["label_rows"][place])
    return row


def image_row(document: dict[str, Any], place: int = 0) -> Any:
    metadata = CustomerProvidedImageMetadata(
        width=WIDTH, height=HEIGHT, file_size=IMAGE.size, mime_type=IMAGE.mime_type
    )
    row = LabelRowV2.from_media_metadata(ontology_of(document), metadata)
    row.from_labels_dict(document["label_rows"][place])
    return row


def objects_by_hash(row: Any) -> dict[str, Any]:
    return {each.object_hash: each for each in row.get_object_instances()}


def coordinates(row: Any, object_hash: str, frame: int = 0) -> Any:
    return objects_by_hash(row)[object_hash].get_annotation(frame).coordinates


def mask_of(coords: Any) -> BoolMask:
    return np.array(coords.to_numpy_array(), np.bool_)


def test_the_ontology_loads_and_comes_back_out() -> None:
    document = written(video_task())
    structure = OntologyStructure.from_dict(document["ontology"])
    assert [each.name for each in structure.objects] == [each.name for each in CLASSES]
    assert [each.shape.value for each in structure.objects] == [str(each.shape) for each in CLASSES]
    assert [each.feature_node_hash for each in structure.objects] == [each.feature_hash for each in CLASSES]
    car = structure.objects[0]
    assert [(each.name, each.get_property_type().value, each.dynamic) for each in car.attributes] == [
        ("Is occluded", "radio", True),
        ("Plate", "text", False),
        ("Damage", "checklist", False),
        ("Speed", "numeric", True),
    ]
    again = structure.to_dict()
    assert [each["featureNodeHash"] for each in again["objects"]] == [each.feature_hash for each in CLASSES]
    (template,) = structure.skeleton_templates.values()
    assert template.required_vertices == {"head", "hip", "left foot", "right foot"}
    assert set(template.skeleton_edges["1"]) == {"2", "3"}


def test_every_shape_loads_with_its_place() -> None:
    row = video_row(written(video_task()))
    box = coordinates(row, "Obj00001")
    assert box.top_left_x * WIDTH == pytest.approx(16.5)
    assert box.top_left_y * HEIGHT == pytest.approx(9.25)
    assert box.width * WIDTH == pytest.approx(80)
    assert box.height * HEIGHT == pytest.approx(22.5)
    turned = coordinates(row, "Obj00002")
    assert turned.theta == 30.0
    assert turned.top_left_x * WIDTH == pytest.approx(40)
    line = coordinates(row, "Obj00004")
    assert [(each.x * WIDTH, each.y * HEIGHT) for each in line.values] == [
        pytest.approx(point) for point in [(10, 10), (100.5, 50), (20, 80)]
    ]
    point = coordinates(row, "Obj00005")
    assert (point.x * WIDTH, point.y * HEIGHT) == pytest.approx((80, 45))


def test_the_mask_of_a_bitmask_is_equal() -> None:
    row = video_row(written(video_task()))
    assert np.array_equal(mask_of(coordinates(row, "Obj00006")), blob())


@given(frame_masks.filter(lambda mask: bool(mask.any())))
@settings(max_examples=20)
def test_masks_of_any_pixels_are_equal(mask: BoolMask) -> None:
    bitmask = mask_to_bitmask(np.pad(mask, ((0, HEIGHT - SMALL_HEIGHT), (0, WIDTH - SMALL_WIDTH))))
    row = video_row(written(video_task([label("Obj00006", 0, bitmask)])))
    assert np.array_equal(mask_of(coordinates(row, "Obj00006"))[:SMALL_HEIGHT, :SMALL_WIDTH], mask)


def test_polygons_keep_pieces_holes_and_pixels() -> None:
    coords = coordinates(video_row(written(video_task())), "Obj00003")
    polygon = Polygon(
        tuple(
            tuple(np.array([(each.x * WIDTH, each.y * HEIGHT) for each in ring]) for ring in rings)
            for rings in coords.polygons
        )
    )
    assert [len(rings) for rings in polygon.polygons] == [2, 1]
    drawn = shape_to_mask(polygon, width=WIDTH, height=HEIGHT)
    assert np.array_equal(drawn, shape_to_mask(ROAD, width=WIDTH, height=HEIGHT))


def test_vertices_keep_their_names_places_and_visibility() -> None:
    coords = coordinates(video_row(written(video_task())), "Obj00007")
    assert [each.name for each in coords.values] == ["head", "hip", "left foot", "right foot"]
    assert [each.visibility.value for each in coords.values] == [str(each) for each in PERSON.visibility]
    places = [(each.x * WIDTH, each.y * HEIGHT) for each in coords.values]
    assert np.allclose(places, PERSON.points)


def test_confidence_authors_and_times_are_kept() -> None:
    row = video_row(written(video_task()))
    first = objects_by_hash(row)["Obj00001"].get_annotation(0)
    assert first.confidence == 0.875
    assert first.manual_annotation is False
    assert first.created_by == "bot@example.com"
    assert first.created_at.isoformat() == "2026-10-01T10:00:00+00:00"
    second = objects_by_hash(row)["Obj00001"].get_annotation(2)
    assert second.confidence == 1.0
    assert second.manual_annotation is True
    assert second.last_edited_by == "eve@example.com"
    assert second.last_edited_at.isoformat() == "2026-10-02T12:30:00+00:00"


def test_attribute_answers_are_kept_with_their_frames() -> None:
    row = video_row(
        written(video_task([label("Obj00001", frame, SHAPES["class001"]) for frame in range(10)]))
    )
    car = objects_by_hash(row)["Obj00001"]
    occluded, plate, damage, speed = car.ontology_item.attributes
    assert car.get_answer(plate) == "AB-123"
    assert [option.value for option in car.get_answer(damage)] == ["door", "roof"]
    said = {
        answer.answer.value: [(each.start, each.end) for each in answer.ranges]
        for answer in car.get_answer(occluded)
    }
    assert said == {"yes": [(0, 1), (3, 9)], "no": [(2, 2)]}
    assert [each.answer for each in car.get_answer(speed)] == [51.5]


def test_frame_classifications_are_kept_with_their_frames() -> None:
    row = video_row(written(video_task()))
    said = {
        each.get_answer().value: [(each.start, each.end) for each in each.range_list]
        for each in row.get_classification_instances()
    }
    assert said == {"sunny": [(0, 24), (30, 49)], "rain": [(25, 29)]}


def test_an_image_loads() -> None:
    document = written(image_task([label("Obj00006", 0, cropped(blob()))]))
    row = image_row(document)
    assert row.data_type.value == "image"
    assert np.array_equal(mask_of(coordinates(row, "Obj00006")), blob())
    (classification,) = row.get_classification_instances()
    assert classification.get_answer().value == "rain"


def test_the_row_comes_back_out_of_the_sdk_with_the_same_labels() -> None:
    document = written(video_task())
    again = video_row(document).to_encord_dict()
    (unit,) = again["data_units"].values()
    (ours,) = document["label_rows"][0]["data_units"].values()
    for frame, labels in ours["labels"].items():
        theirs = {each["objectHash"]: each for each in unit["labels"][frame]["objects"]}
        for each in labels["objects"]:
            same = {key: theirs[each["objectHash"]].get(key) for key in each}
            if each["shape"] == "skeleton":
                same.pop("skeleton"), each.pop("skeleton")
            assert same == each
    assert again["object_answers"].keys() == document["label_rows"][0]["object_answers"].keys()


def test_the_last_frame_may_be_labeled() -> None:
    last = VIDEO.frame_count - 1
    row = video_row(written(video_task([label("Obj00001", last, SHAPES["class001"])])))
    assert row.number_of_frames == VIDEO.frame_count
    assert coordinates(row, "Obj00001", last).width * WIDTH == pytest.approx(80)


def test_the_sdks_own_coco_export_reads_it() -> None:
    document = written(video_task())
    exported = CocoExporter([video_row(document).to_encord_dict()], ontology_of(document).structure).export()
    assert len(exported["annotations"]) == 8


def test_objects_of_a_frame_stand_in_the_order_of_their_overlap() -> None:
    labels = [
        label("Obj00001", 0, SHAPES["class001"], z_order=5),
        label("Obj00002", 0, SHAPES["class002"], z_order=-1),
        label("Obj00003", 0, SHAPES["class003"]),
    ]
    (unit,) = written(video_task(labels))["label_rows"][0]["data_units"].values()
    objects = unit["labels"]["0"]["objects"]
    assert [each["objectHash"] for each in objects] == ["Obj00002", "Obj00003", "Obj00001"]


def test_stages_become_states() -> None:
    rows = written(
        video_task(), image_task([label("Obj00001", 0, SHAPES["class001"])]), video_task(stage="review")
    )["label_rows"]
    assert [row["label_status"] for row in rows] == ["LABEL_IN_PROGRESS", "LABELLED", "REVIEW_IN_PROGRESS"]
    assert [row["annotation_task_status"] for row in rows] == ["QUEUED", "COMPLETED", "IN_REVIEW"]


def test_what_it_cannot_hold_is_told() -> None:
    labels = [
        label("Obj00001", 0, None, provenance="manual"),
        label("Obj00001", 1, None, provenance="manual"),
        label("Obj00005", 0, SHAPES["class005"], occluded=True, provenance="interpolated"),
    ]
    opaque = video_task(media=VIDEO.__class__("uid", "a.wav", "opaque", 0, 0, 0))
    document, sentences = encord_document(project([video_task(labels), opaque]))
    assert sentences == [
        "2 absent marks: Encord has no form for a frame that an object is known not to be on.",
        "1 occluded label: Encord has occlusion for vertices only.",
        "1 label: Encord tells made by hand or not, and no more of how a label came to be.",
        "1 keypoint that is not visible: Encord keeps a point's place only.",
        f"{len(INSTANCES) - 1} instances without labels: Encord keeps no such instance.",
        "1 task: its media is of a kind that this export cannot write.",
    ]
    assert len(document["label_rows"]) == 1


def test_every_question_about_frames_is_a_classification_of_its_own() -> None:
    light = replace(WEATHER, feature_hash="attr0006", name="Light", kind="text", options=())
    asked = replace(ONTOLOGY.classifications[0], attributes=(WEATHER, light))
    answers = (
        ExportAnswer("attr0005", "rain", 0, 9, "ann@example.com"),
        ExportAnswer("attr0006", "dim", 5, 14, "ann@example.com"),
    )
    street = replace(
        project([video_task(classification_answers=answers)]),
        ontology=replace(ONTOLOGY, classifications=(asked,)),
    )
    document, sentences = encord_document(street)
    said = {}
    for each in video_row(document).get_classification_instances():
        answer = each.get_answer()
        text = answer if isinstance(answer, str) else answer.value
        said[each.classification_name, text] = [(part.start, part.end) for part in each.range_list]
    assert said == {("Weather", "rain"): [(0, 9)], ("Light", "dim"): [(5, 14)]}
    assert sentences[0].startswith("1 classification with several questions: Encord asks one each")
