"""Rows for tests. Each function makes one thing and the least that it needs; names say the rest."""

from __future__ import annotations

import hashlib
import secrets
from itertools import count
from typing import Any

from django.db.models import F
from django.utils import timezone

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Box, Shape, ShapeKind
from labeling.models import (
    AttributeDefinition,
    AttributeKind,
    Comment,
    CommentKind,
    Connection,
    Credentials,
    FrameClassification,
    Instance,
    Label,
    Media,
    MediaKind,
    MediaState,
    Member,
    ObjectClass,
    Ontology,
    Project,
    Provenance,
    Role,
    Stage,
    Task,
    User,
)

PASSWORD = "a password of the tests"
COLORS = ("#e6194b", "#3cb44b", "#ffe119", "#4363d8", "#f58231", "#911eb4", "#46f0f0")
# Four vertices and three edges; x and y are fractions of the template's box.
ARM: dict[str, list[Any]] = {
    "vertices": [
        {"name": name, "color": "#4363d8", "x": x, "y": y}
        for name, x, y in [
            ("shoulder", 0.0, 0.0),
            ("elbow", 0.5, 0.4),
            ("wrist", 1.0, 0.7),
            ("hand", 1.0, 1.0),
        ]
    ],
    "edges": [[0, 1], [1, 2], [2, 3]],
}
_numbers = count(1)


def new_hash() -> str:
    """Return eight characters, as feature and object hashes have."""
    return secrets.token_hex(4)


def make_user(*, username: str = "", password: str = PASSWORD) -> User:
    """Make a person who signs in with ``PASSWORD``; named by a number unless told."""
    name = username or f"person-{next(_numbers)}"
    return User.objects.create_user(username=name, email=f"{name}@example.org", password=password)


def make_member(*, project: Project, role: Role, username: str = "") -> User:
    """Make a person who has ``role`` in ``project``."""
    user = make_user(username=username)
    Member.objects.create(project=project, user=user, role=role)
    return user


def make_class(*, ontology: Ontology, shape: ShapeKind, name: str = "") -> ObjectClass:
    """Make a class that is drawn with ``shape``; a skeleton gets an arm of four vertices."""
    position = ontology.classes.count()
    return ObjectClass.objects.create(
        ontology=ontology,
        feature_hash=new_hash(),
        name=name or f"{shape.value} {position}",
        color=COLORS[position % len(COLORS)],
        shape=shape.value,
        position=position,
        skeleton=ARM if shape is ShapeKind.SKELETON else None,
    )


def make_ontology(*, name: str = "Everything") -> Ontology:
    """Make an ontology with a class of each shape, named by it ("polygon", ...).

    The box's class has a static radio and a dynamic text; one frame classification has a radio.
    """
    ontology = Ontology.objects.create(name=name)
    for shape in ShapeKind:
        make_class(ontology=ontology, shape=shape, name=shape.value)
    box = class_of(ontology=ontology, shape=ShapeKind.BOUNDING_BOX)
    make_attribute(object_class=box, name="kind", options=("car", "truck"))
    make_attribute(object_class=box, name="plate", kind=AttributeKind.TEXT, dynamic=True)
    weather = FrameClassification.objects.create(
        ontology=ontology, feature_hash=new_hash(), name="weather", position=0
    )
    make_attribute(classification=weather, name="sky", options=("clear", "cloudy"), dynamic=True)
    return ontology


def make_attribute(
    *,
    name: str,
    object_class: ObjectClass | None = None,
    classification: FrameClassification | None = None,
    kind: AttributeKind = AttributeKind.RADIO,
    options: tuple[str, ...] = (),
    dynamic: bool = False,
    required: bool = False,
) -> AttributeDefinition:
    """Make a question about a class or a frame classification: give one of the two."""
    return AttributeDefinition.objects.create(
        object_class=object_class,
        classification=classification,
        feature_hash=new_hash(),
        name=name,
        kind=kind,
        dynamic=dynamic,
        required=required,
        options=[{"feature_hash": new_hash(), "label": word, "value": word} for word in options],
    )


def class_of(*, ontology: Ontology, shape: ShapeKind) -> ObjectClass:
    """Return the first class of the ontology that is drawn with ``shape``."""
    return ontology.classes.filter(shape=shape.value).order_by("position")[0]


def make_project(*, name: str = "Crossing", ontology: Ontology | None = None, weight: float = 1.0) -> Project:
    """Make a project; without ``ontology`` it gets one of all seven shapes."""
    return Project.objects.create(name=name, ontology=ontology or make_ontology(), weight=weight)


def make_media(
    *,
    project: Project,
    kind: MediaKind = MediaKind.VIDEO,
    frames: int = 100,
    width: int = 640,
    height: int = 360,
    title: str = "",
) -> Media:
    """Make a media row that is ready, with 25 frames a second; there is no file behind it."""
    number = next(_numbers)
    moving = kind is MediaKind.VIDEO
    return Media.objects.create(
        project=project,
        title=title or f"media {number}",
        kind=kind,
        state=MediaState.READY,
        storage_key=f"tests/{number}",
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        size_bytes=1000,
        mime_type="video/mp4" if moving else "image/png",
        width=width,
        height=height,
        frame_count=frames if moving else 1,
        fps=25.0 if moving else None,
        duration_seconds=frames / 25 if moving else None,
    )


def make_connection(*, project: Project) -> Connection:
    """Make a connection to a bucket that nothing leads to, with the installation's credentials."""
    return Connection.objects.create(
        project=project,
        name=f"connection {next(_numbers)}",
        bucket="nowhere",
        credentials=Credentials.ENVIRONMENT,
    )


def make_task(
    *,
    media: Media,
    first_frame: int = 0,
    last_frame: int | None = None,
    stage: Stage = Stage.ANNOTATE,
    assignee: User | None = None,
    priority: float = 0.5,
) -> Task:
    """Make a task of the media's frames ``first_frame`` to ``last_frame`` (inclusive; default: all)."""
    last = (media.frame_count or 1) - 1 if last_frame is None else last_frame
    return Task.objects.create(
        project=media.project,
        media=media,
        title=media.title,
        first_frame=first_frame,
        last_frame=last,
        stage=stage,
        assignee=assignee,
        priority=priority,
    )


def make_instance(
    *, task: Task, shape: ShapeKind = ShapeKind.BOUNDING_BOX, author: User | None = None
) -> Instance:
    """Make an instance, without labels, of the project's first class that is drawn with ``shape``."""
    counted(task, "instance_count")
    return Instance.objects.create(
        task=task,
        object_class=class_of(ontology=task.project.ontology, shape=shape),
        object_hash=new_hash(),
        number=task.instance_count,
        created_by=author,
    )


def make_label(
    *,
    instance: Instance,
    frame: int,
    shape: Shape | None = Box(100, 100, 50, 40),  # noqa: B008  (frozen)
    provenance: Provenance = Provenance.MANUAL,
    protected: bool = True,
    confidence: float = 1.0,
    author: User | None = None,
) -> Label:
    """Put a label on a frame as the task's next change; ``shape=None`` marks the instance absent there.

    It writes the row alone, without the change feed: tests of services go through the services.
    """
    task = instance.task
    counted(task, "seq")
    return Label.objects.create(
        task=task,
        instance=instance,
        frame=frame,
        geometry=None if shape is None else shape_pack(shape),
        provenance=provenance,
        confidence=confidence,
        protected=protected,
        seq=task.seq,
        author=author,
        updated_at=timezone.now(),
    )


def counted(task: Task, number: str) -> None:
    """Count up one of the task's numbers, which a job may have moved since ``task`` was read."""
    Task.objects.filter(pk=task.pk).update(**{number: F(number) + 1})
    task.refresh_from_db(fields=[number])


def make_comment(*, task_id: int, author: User | None, text: str = "Look at this.") -> Comment:
    """Put a comment on a task, without telling anybody."""
    return Comment.objects.create(task_id=task_id, kind=CommentKind.TASK, text=text, author=author)
