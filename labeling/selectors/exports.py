"""What an export holds, read out of the database: labels come by cursor, never all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Max, QuerySet

from labeling.formats.document import (
    ExportAnswer,
    ExportAttribute,
    ExportClass,
    ExportClassification,
    ExportFrame,
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
from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import ShapeKind
from labeling.media.picturetable import PictureTable
from labeling.media.sniff import mime_type_of
from labeling.models import (
    AttributeAnswer,
    AttributeDefinition,
    ClassificationAnswer,
    Instance,
    Job,
    Label,
    Media,
    MediaKind,
    Member,
    ObjectClass,
    Ontology,
    Project,
    Provenance,
    Task,
    TaskChange,
    User,
)
from labeling.selectors.media import frame_sizes
from labeling.selectors.ontologies import ontology_get
from labeling.selectors.stills import frame_table

# Rows that are held of one query.
ROWS_AT_A_TIME = 2000
NOBODY = "labelyard"


def export_project(*, project: Project, task_id: int | None = None) -> ExportProject:
    """Return the project, or one task of it, as exporters read it. Tasks and labels are read once."""
    tasks = Task.objects.filter(project=project).select_related("media__connection").order_by("pk")
    if task_id is not None:
        tasks = tasks.filter(pk=task_id)
    return ExportProject(
        uid=str(project.uid),
        name=project.name,
        ontology=export_ontology(ontology_get(ontology_id=project.ontology_id)),
        tasks=export_tasks(tasks, Authors(project)),
    )


class Authors:
    """Names of people, and of what jobs ran, by id."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.users: dict[int, str] = {}

    @cached_property
    def algorithms(self) -> dict[int, str]:
        """The algorithm of each job of the project."""
        return dict(Job.objects.filter(project=self.project).values_list("pk", "algorithm"))

    def of(self, user_id: int | None, job_id: int | None = None) -> str:
        """Name the person, else the algorithm, else the house: people may be gone."""
        if user_id is not None:
            if not self.users:
                self.users = dict(self.members())
            if user_id not in self.users:
                found = User.objects.filter(pk=user_id).values_list("username", flat=True).first()
                self.users[user_id] = found or NOBODY
            return self.users[user_id]
        return self.algorithms.get(job_id, NOBODY) if job_id is not None else NOBODY

    def members(self) -> Iterable[tuple[int, str]]:
        return Member.objects.filter(project=self.project).values_list("user_id", "user__username")


def export_ontology(ontology: Ontology) -> ExportOntology:
    """The ontology, which is to have its tree fetched."""
    return ExportOntology(
        name=ontology.name,
        classes=tuple(export_class(row) for row in ontology.classes.all()),
        classifications=tuple(
            ExportClassification(
                feature_hash=row.feature_hash,
                name=row.name,
                attributes=export_attributes(row.attributes.all()),
                archived=row.archived,
            )
            for row in ontology.classifications.all()
        ),
    )


def export_class(row: ObjectClass) -> ExportClass:
    skeleton = None
    if row.skeleton:
        skeleton = ExportSkeleton(
            vertices=tuple(
                ExportVertex(vertex["name"], vertex["color"], vertex["x"], vertex["y"])
                for vertex in row.skeleton["vertices"]
            ),
            edges=tuple((start, end) for start, end in row.skeleton["edges"]),
        )
    return ExportClass(
        feature_hash=row.feature_hash,
        name=row.name,
        color=row.color,
        shape=ShapeKind(row.shape),
        attributes=export_attributes(row.attributes.all()),
        skeleton=skeleton,
        archived=row.archived,
    )


def export_attributes(rows: Iterable[AttributeDefinition]) -> tuple[ExportAttribute, ...]:
    return tuple(
        ExportAttribute(
            feature_hash=row.feature_hash,
            name=row.name,
            kind=row.kind,
            dynamic=row.dynamic,
            required=row.required,
            options=tuple(
                ExportOption(option["feature_hash"], option["label"], option["value"])
                for option in row.options
            ),
        )
        for row in rows
    )


def export_tasks(tasks: QuerySet[Task], authors: Authors) -> Iterator[ExportTask]:
    """Yield the tasks one by one, each with its instances; its labels follow when they are read."""
    for task in tasks.iterator(chunk_size=ROWS_AT_A_TIME):
        yield ExportTask(
            uid=str(task.uid),
            media=export_media(task.media),
            first_frame=task.first_frame,
            last_frame=task.last_frame,
            stage=task.stage,
            created_at=task.created_at,
            edited_at=edited_at(task),
            instances=export_instances(task, authors),
            labels=export_labels(task, authors),
            classification_answers=[
                ExportAnswer(
                    attribute=answer.definition.feature_hash,
                    value=answer.value,
                    first_frame=answer.first_frame,
                    last_frame=answer.last_frame,
                    created_by=authors.of(answer.author_id),
                )
                for answer in ClassificationAnswer.objects.filter(task=task)
                .select_related("definition")
                .order_by("definition_id", "first_frame")
            ],
        )


def edited_at(task: Task) -> datetime:
    """When something in the task changed last."""
    newest: datetime | None = TaskChange.objects.filter(task=task).aggregate(at=Max("at"))["at"]
    return newest or task.created_at


def export_media(media: Media) -> ExportMedia:
    """The media; names of DICOM files stay behind, since they may be those of patients."""
    sizes = frame_sizes(media)
    return ExportMedia(
        uid=str(media.uid),
        title=media.title,
        kind=media.kind,
        width=media.width or 0,
        height=media.height or 0,
        frame_count=media.frame_count or 0,
        fps=media.fps,
        duration=media.duration_seconds,
        mime_type=media.mime_type,
        storage_link=storage_link(media),
        size=media.size_bytes,
        frames=export_frames(media),
        sizes=sizes,
    )


def export_frames(media: Media) -> tuple[ExportFrame, ...]:
    """The pictures of a group or a sequence."""
    if media.kind not in (MediaKind.IMAGE_GROUP, MediaKind.IMAGE_SEQUENCE):
        return ()
    table = frame_table(media)
    assert isinstance(table, PictureTable)  # noqa: S101  (the reading of such media makes no other)
    return tuple(
        ExportFrame(
            title=picture.entry.name,
            width=picture.width,
            height=picture.height,
            mime_type=mime_type_of(picture.form),
            size=picture.entry.size,
        )
        for picture in table.pictures
    )


def storage_link(media: Media) -> str:
    """Where the file lies: its address in the bucket, or its key in the media folder."""
    if media.connection is not None:
        return f"s3://{media.connection.bucket}/{media.storage_key}"
    if settings.STORAGE != "s3":
        return media.storage_key
    return f"s3://{settings.S3_BUCKET}/{settings.S3_PREFIX}{media.storage_key}"


def export_instances(task: Task, authors: Authors) -> list[ExportInstance]:
    static: dict[int, dict[str, object]] = {}
    dynamic: dict[int, list[ExportAnswer]] = {}
    answers = AttributeAnswer.objects.filter(task=task).select_related("definition")
    for answer in answers.order_by("instance_id", "definition_id", "first_frame"):
        attribute = answer.definition.feature_hash
        if answer.first_frame is None or answer.last_frame is None:
            static.setdefault(answer.instance_id, {})[attribute] = answer.value
        else:
            ranged = ExportAnswer(
                attribute=attribute,
                value=answer.value,
                first_frame=answer.first_frame,
                last_frame=answer.last_frame,
                created_by=authors.of(answer.author_id),
            )
            dynamic.setdefault(answer.instance_id, []).append(ranged)
    return [
        ExportInstance(
            object_hash=row.object_hash,
            class_hash=row.object_class.feature_hash,
            created_by=authors.of(row.created_by_id, row.created_by_job_id),
            created_at=row.created_at,
            static_answers=static.get(row.pk, {}),  # type: ignore[arg-type]  # checked when they were given
            dynamic_answers=dynamic.get(row.pk, []),
        )
        for row in Instance.objects.filter(task=task).select_related("object_class").order_by("number")
    ]


def export_labels(task: Task, authors: Authors) -> Iterator[ExportLabel]:
    """Yield the task's labels by frame and instance, a few thousand rows in memory at a time."""
    rows = (
        Label.objects.filter(task=task)
        .order_by("frame", "instance_id")
        .values_list(
            "instance__object_hash", "frame", "geometry", "provenance", "confidence", "author_id", "job_id",
            "version", "updated_at", "z_order", "occluded",
        )
    )  # fmt: skip
    for row in rows.iterator(chunk_size=ROWS_AT_A_TIME):
        (
            object_hash,
            frame,
            geometry,
            provenance,
            confidence,
            author,
            job,
            version,
            at,
            z_order,
            occluded,
        ) = row
        name = authors.of(author, job)
        yield ExportLabel(
            object_hash=object_hash,
            frame=frame,
            shape=None if geometry is None else shape_unpack(geometry),
            provenance=Provenance(provenance).label,
            confidence=round(confidence, 4),
            created_by=name,
            created_at=at,
            edited_by=name if version > 1 else None,
            edited_at=at if version > 1 else None,
            z_order=z_order,
            occluded=occluded,
        )
