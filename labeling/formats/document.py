"""What an export holds, before it takes the form of any format.

Plain records, filled from the database and read by every exporter. ``ExportProject.tasks`` and
``ExportTask.labels`` are read once, in order, so they may be generators over database cursors.
Frames are 0-based ordinals of the media, ranges of them inclusive; shapes are in pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from labeling.geometry.shapes import Shape, ShapeKind

AnswerValue = str | float | Sequence[str]
"""Of a radio attribute the option's ``value``; of a checklist the values of the options that are checked;
of a text attribute the text; of a numeric one the number."""


@dataclass(frozen=True, slots=True)
class ExportOption:
    """A choice of a radio or checklist attribute. ``value`` is its name for machines."""

    feature_hash: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ExportAttribute:
    """A question about an object or a frame. ``kind`` is radio, checklist, text or numeric."""

    feature_hash: str
    name: str
    kind: str
    dynamic: bool = False
    required: bool = False
    options: tuple[ExportOption, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportVertex:
    """A vertex of a skeleton's template; ``x`` and ``y`` are fractions of the template's box."""

    name: str
    color: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ExportSkeleton:
    """The template of a skeleton. Edges join vertices by their places, from 0."""

    vertices: tuple[ExportVertex, ...]
    edges: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ExportClass:
    """A class of objects. ``color`` is ``#rrggbb``; ``skeleton`` is there for skeletons alone."""

    feature_hash: str
    name: str
    color: str
    shape: ShapeKind
    attributes: tuple[ExportAttribute, ...] = ()
    skeleton: ExportSkeleton | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class ExportClassification:
    """Something said of whole frames, by one or more attributes."""

    feature_hash: str
    name: str
    attributes: tuple[ExportAttribute, ...]
    archived: bool = False


@dataclass(frozen=True, slots=True)
class ExportOntology:
    """The classes and classifications of a project, in their order."""

    name: str
    classes: tuple[ExportClass, ...]
    classifications: tuple[ExportClassification, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportFrame:
    """One picture of an image group or an image sequence; ``size`` is in bytes."""

    title: str
    width: int
    height: int
    mime_type: str
    size: int


@dataclass(frozen=True, slots=True)
class ExportMedia:
    """A data unit. ``kind`` is video, image, image_group, image_sequence or dicom (or another, which the
    format may not hold).

    ``width`` and ``height`` are those of the displayed frame, and the largest of each where frames have
    ``sizes`` of their own; ``frames`` are the pictures of a group or a sequence; ``duration`` is in
    seconds; ``size`` in bytes; ``storage_link`` is where the file lies, such as ``s3://bucket/key``.
    """

    uid: str
    title: str
    kind: str
    width: int
    height: int
    frame_count: int
    fps: float | None = None
    duration: float | None = None
    mime_type: str = ""
    storage_link: str = ""
    size: int = 0
    frames: Sequence[ExportFrame] = ()
    sizes: Sequence[tuple[int, int]] | None = None

    def size_of(self, frame: int) -> tuple[int, int]:
        """Return (width, height) of a displayed frame."""
        return (self.width, self.height) if self.sizes is None else self.sizes[frame]


@dataclass(frozen=True, slots=True)
class ExportAnswer:
    """The value of an attribute over a range of frames. ``attribute`` is its feature hash."""

    attribute: str
    value: AnswerValue
    first_frame: int
    last_frame: int
    created_by: str = ""


@dataclass(frozen=True, slots=True)
class ExportInstance:
    """One object. ``static_answers`` are by the attributes' feature hashes."""

    object_hash: str
    class_hash: str
    created_by: str
    created_at: datetime
    static_answers: Mapping[str, AnswerValue] = field(default_factory=dict)
    dynamic_answers: Sequence[ExportAnswer] = ()


@dataclass(frozen=True, slots=True)
class ExportLabel:
    """The shape of one instance on one frame; an absent mark where ``shape`` is None.

    ``provenance`` is manual, prompted, detected, tracked, interpolated or imported.
    """

    object_hash: str
    frame: int
    shape: Shape | None
    provenance: str
    confidence: float
    created_by: str
    created_at: datetime
    edited_by: str | None = None
    edited_at: datetime | None = None
    z_order: int = 0
    occluded: bool = False


@dataclass(frozen=True, slots=True)
class ExportTask:
    """One media, or a segment of it, with what was labeled. ``stage`` is annotate, review or complete."""

    uid: str
    media: ExportMedia
    first_frame: int
    last_frame: int
    stage: str
    created_at: datetime
    edited_at: datetime
    instances: Sequence[ExportInstance]
    labels: Iterable[ExportLabel]
    classification_answers: Sequence[ExportAnswer] = ()


@dataclass(frozen=True, slots=True)
class ExportProject:
    """All that goes into one file."""

    uid: str
    name: str
    ontology: ExportOntology
    tasks: Iterable[ExportTask]
