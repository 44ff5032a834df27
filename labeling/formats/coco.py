"""COCO JSON: objects, keypoints, masks, scores and tracks in one file.

https://cocodataset.org/#format-data. Beyond COCO's own members every annotation carries ``score``, as
results do, and ``attributes`` with what COCO has no member for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from labeling.formats.answers import answer_by_name, answers_at
from labeling.formats.coco_shapes import coco_members
from labeling.formats.document import (
    AnswerValue,
    ExportAttribute,
    ExportClass,
    ExportInstance,
    ExportLabel,
    ExportMedia,
    ExportProject,
    ExportTask,
)
from labeling.formats.losses import Loss, Losses
from labeling.geometry.shapes import Keypoint, RotatedBox, Shape, ShapeKind, Skeleton, Visibility

Document = dict[str, Any]

ABSENT = Loss(
    "absent mark", "absent marks", "COCO has no form for a frame that an object is known not to be on"
)
POLYLINE = Loss("polyline", "polylines", "COCO has no form for open lines")
INVISIBLE = Loss("invisible keypoint", "invisible keypoints", "COCO writes 0, 0 in place of where it is")
UNLABELED = Loss("task", "tasks", "COCO holds frames with labels only, and there were none that it can hold")


def coco_document(project: ExportProject, *, exact_masks: bool = False) -> tuple[Document, list[str]]:
    """Return the document, and sentences that say what it cannot hold.

    One image for each frame that has labels, named by the media's title and, but for single images,
    by the frame's ordinal in six digits: ``clip.mp4/000012.jpg``. Bitmasks and polygons with holes are
    RLE of the whole frame, whose masks are exactly ours. Other outlines are lists of points, which
    pycocotools draws by its own rule, up to a pixel wider at the edge; with ``exact_masks`` polygons
    and rotated boxes are RLE too.
    """
    writer = _Writer(project, exact_masks=exact_masks)
    for task in project.tasks:
        writer.add_task(task)
    categories = [_category(number, each) for number, each in enumerate(project.ontology.classes, start=1)]
    document = {
        "info": {"description": project.name},
        "licenses": [],
        "images": writer.images.rows,
        "annotations": writer.annotations,
        "categories": categories,
    }
    return document, writer.losses.sentences()


def _category(number: int, each: ExportClass) -> Document:
    category: Document = {"id": number, "name": each.name, "supercategory": ""}
    if each.shape is ShapeKind.KEYPOINT:
        category |= {"keypoints": [each.name], "skeleton": []}
    if each.skeleton is not None:
        names = [vertex.name for vertex in each.skeleton.vertices]
        category |= {"keypoints": names, "skeleton": [[a + 1, b + 1] for a, b in each.skeleton.edges]}
    return category


class _Images:
    """The frames that have labels, each once."""

    def __init__(self, project: ExportProject) -> None:
        self.rows: list[Document] = []
        self._ids: dict[tuple[str, int], int] = {}
        self._owner_of_title: dict[str, str] = {}
        self._attributes = _by_hash(
            each for classification in project.ontology.classifications for each in classification.attributes
        )

    def image_id(self, task: ExportTask, frame: int) -> int:
        """Return the id of a frame's image, which is made when it is asked for first."""
        media = task.media
        known = self._ids.get((media.uid, frame))
        if known is not None:
            return known
        width, height = media.size_of(frame)
        image: Document = {
            "id": len(self.rows) + 1,
            "width": width,
            "height": height,
            "file_name": self._file_name(media, frame),
            "media": media.uid,
            "frame": frame,
        }
        answers = answers_at(task.classification_answers, frame=frame)
        if answers:
            image["classifications"] = _by_name(answers, self._attributes)
        self.rows.append(image)
        self._ids[media.uid, frame] = len(self.rows)
        return len(self.rows)

    def _file_name(self, media: ExportMedia, frame: int) -> str:
        title = PurePosixPath(media.title)
        # Two media of one title would give two frames of one name.
        if self._owner_of_title.setdefault(media.title, media.uid) != media.uid:
            title = title.with_name(f"{title.stem}-{media.uid}{title.suffix}")
        return str(title) if media.kind == "image" else str(title / f"{frame:06d}.jpg")


class _Writer:
    """The annotations while they grow."""

    def __init__(self, project: ExportProject, *, exact_masks: bool) -> None:
        self.images = _Images(project)
        self.annotations: list[Document] = []
        self.losses = Losses()
        self._exact_masks = exact_masks
        self._track_count = 0
        classes = project.ontology.classes
        self._category_ids = {each.feature_hash: number for number, each in enumerate(classes, start=1)}
        self._attributes = {each.feature_hash: _by_hash(each.attributes) for each in classes}

    def add_task(self, task: ExportTask) -> None:
        """Write all labels of a task."""
        instances = {each.object_hash: each for each in task.instances}
        tracks = {object_hash: self._track_count + n for n, object_hash in enumerate(instances, start=1)}
        self._track_count += len(tracks)
        before = len(self.annotations)
        for label in task.labels:
            if label.shape is None:
                self.losses.add(ABSENT)
            else:
                self._add_label(task, label, label.shape, instances[label.object_hash], tracks)
        self.losses.add(UNLABELED, count=int(len(self.annotations) == before))

    def _add_label(
        self,
        task: ExportTask,
        label: ExportLabel,
        shape: Shape,
        instance: ExportInstance,
        tracks: Mapping[str, int],
    ) -> None:
        width, height = task.media.size_of(label.frame)
        members = coco_members(shape, width=width, height=height, exact_masks=self._exact_masks)
        if members is None:
            self.losses.add(POLYLINE)
            return
        attributes: Document = {
            "track_id": tracks[label.object_hash],
            "object_hash": label.object_hash,
            "provenance": label.provenance,
            "occluded": label.occluded,
            "z_order": label.z_order,
            **self._more_attributes(shape),
        }
        answers = {**instance.static_answers, **answers_at(instance.dynamic_answers, frame=label.frame)}
        if answers:
            attributes["answers"] = _by_name(answers, self._attributes[instance.class_hash])
        annotation = {
            "id": len(self.annotations) + 1,
            "image_id": self.images.image_id(task, label.frame),
            "category_id": self._category_ids[instance.class_hash],
            **members,
            "iscrowd": 0,
            "score": label.confidence,
            "attributes": attributes,
        }
        self.annotations.append(annotation)

    def _more_attributes(self, shape: Shape) -> Document:
        """Return what COCO's members do not tell of a shape."""
        if isinstance(shape, RotatedBox):
            return {"rotation": round(shape.rotation, 3)}
        if isinstance(shape, Keypoint | Skeleton):
            seen = shape.visibility if isinstance(shape, Skeleton) else (shape.visibility,)
            self.losses.add(INVISIBLE, count=seen.count(Visibility.INVISIBLE))
            return {"visibility": [str(each) for each in seen]}
        return {}


def _by_hash(attributes: Iterable[ExportAttribute]) -> dict[str, ExportAttribute]:
    return {each.feature_hash: each for each in attributes}


def _by_name(answers: Mapping[str, AnswerValue], attributes: Mapping[str, ExportAttribute]) -> Document:
    return {attributes[key].name: answer_by_name(attributes[key], value) for key, value in answers.items()}
