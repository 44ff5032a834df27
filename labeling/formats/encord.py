"""Encord JSON: the ontology, and a label row for each task, as the ``encord`` SDK reads them.

Checked against ``encord`` 0.1.211: ``OntologyStructure.from_dict`` and ``LabelRowV2.from_labels_dict``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from labeling.formats.document import ExportClass, ExportLabel, ExportMedia, ExportProject, ExportTask
from labeling.formats.encord_answers import (
    classification_answers,
    encord_time,
    object_action,
    object_answer,
)
from labeling.formats.encord_ontology import encord_ontology, skeleton_vertices, snake_case
from labeling.formats.encord_shapes import encord_members
from labeling.formats.losses import Loss, Losses
from labeling.geometry.shapes import Keypoint, Polyline, Shape, Visibility

Document = dict[str, Any]

ABSENT = Loss(
    "absent mark", "absent marks", "Encord has no form for a frame that an object is known not to be on"
)
OCCLUDED = Loss("occluded label", "occluded labels", "Encord has occlusion for vertices only")
HIDDEN = Loss(
    "keypoint that is not visible", "keypoints that are not visible", "Encord keeps a point's place only"
)
LOST_POINTS = Loss(
    "point of a polyline that is not visible",
    "points of polylines that are not visible",
    "Encord keeps their places only",
)
PROVENANCE = Loss(
    "label", "labels", "Encord tells made by hand or not, and no more of how a label came to be"
)
UNLABELED = Loss("instance without labels", "instances without labels", "Encord keeps no such instance")
QUESTIONS = Loss(
    "classification with several questions",
    "classifications with several questions",
    "Encord asks one each, so every question is a classification there",
)
MEDIA = Loss("task", "tasks", "its media is of a kind that this export cannot write")

_DATA_TYPES = {
    "video": "video",
    "image": "image",
    "image_group": "img_group",
    "image_sequence": "img_group",
    "dicom": "dicom",
}
_LABEL_STATUS = {"annotate": "LABEL_IN_PROGRESS", "review": "REVIEW_IN_PROGRESS", "complete": "LABELLED"}
_TASK_STATUS = {"annotate": "QUEUED", "review": "IN_REVIEW", "complete": "COMPLETED"}
_BY_HAND = frozenset({"manual", "prompted"})


def encord_document(project: ExportProject) -> tuple[Document, list[str]]:
    """Return ``{"ontology", "label_rows"}``, and sentences that say what it cannot hold.

    Frames are ordinals of the media, of a segment too. A label is Encord's ``manualAnnotation`` when a
    person drew or prompted it. Within a frame, objects stand in the order in which they overlap.
    """
    losses = Losses()
    losses.add(QUESTIONS, count=sum(len(each.attributes) > 1 for each in project.ontology.classifications))
    document = {
        "ontology": encord_ontology(project.ontology),
        "label_rows": list(encord_label_rows(project, losses=losses)),
    }
    return document, losses.sentences()


def encord_label_rows(project: ExportProject, *, losses: Losses) -> Iterator[Document]:
    """Yield the label rows one by one, so that only one task is held at a time."""
    for task in project.tasks:
        if task.media.kind in _DATA_TYPES:
            yield _label_row(project, task, losses)
        else:
            losses.add(MEDIA)


def _label_row(project: ExportProject, task: ExportTask, losses: Losses) -> Document:
    media = task.media
    classes = {each.feature_hash: each for each in project.ontology.classes}
    frames, labeled = _frames(task, classes, losses)
    instances = [each for each in task.instances if each.object_hash in labeled]
    losses.add(UNLABELED, count=len(task.instances) - len(instances))
    actions = [object_action(each, classes[each.class_hash]) for each in instances]
    return {
        "label_hash": task.uid,
        "branch_name": "main",
        "created_at": encord_time(task.created_at),
        "last_edited_at": encord_time(task.edited_at),
        "data_hash": media.uid,
        "dataset_hash": project.uid,
        "dataset_title": project.name,
        "data_title": media.title,
        "data_type": _DATA_TYPES[media.kind],
        "annotation_task_status": _TASK_STATUS[task.stage],
        "is_shadow_data": False,
        "label_status": _LABEL_STATUS[task.stage],
        "data_units": _data_units(media, frames),
        "object_answers": {
            each.object_hash: object_answer(each, classes[each.class_hash]) for each in instances
        },
        "classification_answers": classification_answers(task, project.ontology),
        "object_actions": {action["objectHash"]: action for action in actions if action},
        "spaces": {},
    }


def _data_units(media: ExportMedia, frames: dict[int, list[Document]]) -> Document:
    """Return the one unit of a media, or one for each picture of a group or a sequence."""
    if not media.frames:
        return {media.uid: _data_unit(media, frames)}
    units = {}
    for frame, picture in enumerate(media.frames):
        uid = str(uuid.uuid5(uuid.UUID(media.uid), str(frame)))
        units[uid] = {
            "data_hash": uid,
            "data_title": picture.title,
            "data_link": media.storage_link,
            "data_type": picture.mime_type,
            "data_sequence": str(frame),
            "width": picture.width,
            "height": picture.height,
            "labels": _frame_labels(frames.get(frame, [])),
        }
    return units


def _data_unit(media: ExportMedia, frames: dict[int, list[Document]]) -> Document:
    unit: Document = {
        "data_hash": media.uid,
        "data_title": media.title,
        "data_link": media.storage_link,
        "data_type": media.mime_type,
        "data_sequence": 0,
        "width": media.width,
        "height": media.height,
    }
    if media.kind == "image":
        return {**unit, "labels": _frame_labels(frames.get(0, []))}
    if media.duration:
        # Such that the SDK, which counts frames as rate times duration, counts those that there are.
        unit |= {"data_fps": media.frame_count / media.duration, "data_duration": media.duration}
    elif media.fps:
        unit |= {"data_fps": media.fps, "data_duration": media.frame_count / media.fps}
    return {**unit, "labels": {str(frame): _frame_labels(frames[frame]) for frame in sorted(frames)}}


def _frame_labels(objects: list[Document]) -> Document:
    return {"objects": objects, "classifications": []}


def _frames(
    task: ExportTask, classes: dict[str, ExportClass], losses: Losses
) -> tuple[dict[int, list[Document]], set[str]]:
    """Return the objects of every labeled frame, and the hashes of the instances that have labels."""
    class_of = {each.object_hash: classes[each.class_hash] for each in task.instances}
    vertices = {each.feature_hash: skeleton_vertices(each) for each in classes.values()}
    frames: dict[int, list[tuple[int, Document]]] = {}
    labeled: set[str] = set()
    for label in task.labels:
        if label.shape is None:
            losses.add(ABSENT)
            continue
        of = class_of[label.object_hash]
        _count_losses(label, label.shape, losses)
        width, height = task.media.size_of(label.frame)
        members = encord_members(
            label.shape,
            width=width,
            height=height,
            vertices=vertices[of.feature_hash],
        )
        frames.setdefault(label.frame, []).append((label.z_order, {**_label(label, of), **members}))
        labeled.add(label.object_hash)
    ordered = {
        frame: [written for _, written in sorted(objects, key=lambda each: each[0])]
        for frame, objects in frames.items()
    }
    return ordered, labeled


def _label(label: ExportLabel, of: ExportClass) -> Document:
    """Return what a label tells besides its geometry."""
    return {
        "name": of.name,
        "color": of.color,
        "shape": str(of.shape),
        "value": snake_case(of.name),
        "createdAt": encord_time(label.created_at),
        "createdBy": label.created_by,
        "confidence": label.confidence,
        "objectHash": label.object_hash,
        "featureHash": of.feature_hash,
        "manualAnnotation": label.provenance in _BY_HAND,
        "lastEditedAt": encord_time(label.edited_at or label.created_at),
        "lastEditedBy": label.edited_by or label.created_by,
        "isDeleted": False,
    }


def _count_losses(label: ExportLabel, shape: Shape, losses: Losses) -> None:
    losses.add(OCCLUDED, count=int(label.occluded))
    losses.add(PROVENANCE, count=int(label.provenance not in ("manual", "tracked")))
    marked = shape.visibility if isinstance(shape, Polyline) else ()
    losses.add(LOST_POINTS, count=len(marked) - marked.count(Visibility.VISIBLE))
    losses.add(HIDDEN, count=int(isinstance(shape, Keypoint) and shape.visibility is not Visibility.VISIBLE))
