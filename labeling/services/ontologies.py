"""Ontologies: made as a tree, then grown and renamed. Labels refer to them, so nothing is deleted."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from labeling.errors import LabelyardError, refused
from labeling.geometry.shapes import ShapeKind
from labeling.models import (
    AttributeDefinition,
    AttributeKind,
    FrameClassification,
    ObjectClass,
    Ontology,
    User,
)

Tree = Mapping[str, Any]

# Six bytes are eight URL-safe characters, as Encord's feature hashes are.
HASH_BYTES = 6
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
# Classes without a colour get these in turn.
COLORS = (
    "#e6194b", "#3cb44b", "#ffe119", "#4363d8", "#f58231", "#911eb4", "#46f0f0", "#f032e6", "#bcf60c",
    "#008080", "#9a6324", "#800000",
)  # fmt: skip
CLASSES_MAX = 1000
OPTIONS_MAX = 1000
VERTICES_MAX = 500
CHOICES = (AttributeKind.RADIO, AttributeKind.CHECKLIST)


def new_feature_hash() -> str:
    return secrets.token_urlsafe(HASH_BYTES)


@transaction.atomic
def ontology_create(*, user: User | None, tree: Tree) -> Ontology:
    """Make an ontology of ``{"name", "classes": […], "classifications": […]}``.

    A class is ``{"name", "shape", "color"?, "skeleton"?, "attributes"?}``, a classification
    ``{"name", "attributes"?}``, an attribute ``{"name", "kind", "dynamic"?, "required"?,
    "options"?: [{"label"}]}``. A skeleton's template is ``{"vertices": [{"name", "color", "x",
    "y"}], "edges": [[from, to], …]}`` with x and y as fractions of its box. Raises 422 with the
    name of what is wrong.
    """
    ontology = Ontology.objects.create(name=tree["name"], created_by=user)
    classes_add(ontology, tree.get("classes", ()))
    classifications_add(ontology, tree.get("classifications", ()))
    return ontology


@transaction.atomic
def ontology_update(*, ontology: Ontology, changes: Tree) -> Ontology:
    """Rename and grow the ontology: ``changes`` has the form of ``ontology_create``.

    An entry with an ``id`` changes what is there: ``name``, ``color``, ``archived`` of a class,
    ``name`` and ``archived`` of a classification, ``name`` and ``required`` of an attribute, whose
    ``options`` are added to those it has. An entry without one is new. Raises ``unknown_entry``
    (422) for an id that is not of this ontology.
    """
    if "name" in changes:
        ontology.name = changes["name"]
        ontology.save(update_fields=["name"])
    classes = changes.get("classes", ())
    for entry in known(classes):
        object_class = found(ObjectClass.objects.filter(ontology=ontology), entry, "class")
        if "color" in entry:
            color_check(entry["color"])
        entry_save(object_class, entry, ("name", "color", "archived"))
        attributes_change(entry, object_class=object_class)
    classes_add(ontology, new(classes))
    classifications = changes.get("classifications", ())
    for entry in known(classifications):
        classification = found(FrameClassification.objects.filter(ontology=ontology), entry, "classification")
        entry_save(classification, entry, ("name", "archived"))
        attributes_change(entry, classification=classification)
    classifications_add(ontology, new(classifications))
    names_check(ontology)
    return ontology


def known(entries: Iterable[Tree]) -> list[Tree]:
    return [entry for entry in entries if "id" in entry]


def new(entries: Iterable[Tree]) -> list[Tree]:
    return [entry for entry in entries if "id" not in entry]


def found(rows: Any, entry: Tree, what: str) -> Any:
    row = rows.filter(pk=entry["id"]).first()
    if row is None:
        raise refused("unknown_entry", f"This ontology has no {what} {entry['id']}.", id=entry["id"])
    return row


def entry_save(row: ObjectClass | FrameClassification, entry: Tree, fields: Sequence[str]) -> None:
    changed = [name for name in fields if name in entry]
    for name in changed:
        setattr(row, name, entry[name])
    row.save(update_fields=changed)


def classes_add(ontology: Ontology, entries: Sequence[Tree]) -> None:
    there = ontology.classes.count()
    if there + len(entries) > CLASSES_MAX:
        raise refused("too_many_classes", f"An ontology has at most {CLASSES_MAX} classes.")
    for position, entry in enumerate(entries, start=there):
        needed(entry, "name", "shape")
        color = entry.get("color") or COLORS[position % len(COLORS)]
        color_check(color)
        object_class = ObjectClass.objects.create(
            ontology=ontology,
            feature_hash=new_feature_hash(),
            name=entry["name"],
            color=color,
            shape=shape_of(entry),
            position=position,
            skeleton=skeleton_of(entry),
        )
        attributes_add(entry.get("attributes", ()), object_class=object_class)
    names_check(ontology)


def classifications_add(ontology: Ontology, entries: Sequence[Tree]) -> None:
    for position, entry in enumerate(entries, start=ontology.classifications.count()):
        needed(entry, "name")
        classification = FrameClassification.objects.create(
            ontology=ontology, feature_hash=new_feature_hash(), name=entry["name"], position=position
        )
        attributes_add(entry.get("attributes", ()), classification=classification)


def attributes_change(
    entry: Tree,
    *,
    object_class: ObjectClass | None = None,
    classification: FrameClassification | None = None,
) -> None:
    entries = entry.get("attributes", ())
    rows = AttributeDefinition.objects.filter(object_class=object_class, classification=classification)
    for attribute_entry in known(entries):
        attribute = found(rows, attribute_entry, "attribute")
        attribute.name = attribute_entry.get("name", attribute.name)
        attribute.required = attribute_entry.get("required", attribute.required)
        if attribute_entry.get("options") and attribute.kind not in CHOICES:
            raise without_options(attribute.name)
        attribute.options = options_of(attribute_entry.get("options", ()), there=attribute.options)
        attribute.save(update_fields=["name", "required", "options"])
    attributes_add(new(entries), object_class=object_class, classification=classification, start=rows.count())


def attributes_add(
    entries: Sequence[Tree],
    *,
    object_class: ObjectClass | None = None,
    classification: FrameClassification | None = None,
    start: int = 0,
) -> None:
    rows = []
    for position, entry in enumerate(entries, start=start):
        needed(entry, "name", "kind")
        rows.append(
            AttributeDefinition(
                object_class=object_class,
                classification=classification,
                feature_hash=new_feature_hash(),
                name=entry["name"],
                kind=kind_of(entry),
                dynamic=entry.get("dynamic", False),
                required=entry.get("required", False),
                position=position,
                options=options_of(entry.get("options", ())),
            )
        )
    AttributeDefinition.objects.bulk_create(rows)


def needed(entry: Tree, *names: str) -> None:
    for name in names:
        if not entry.get(name):
            raise refused("entry_incomplete", f"An entry of the ontology without an id needs its {name}.")


def shape_of(entry: Tree) -> str:
    if entry["shape"] not in list(ShapeKind):
        raise refused(
            "unknown_shape",
            f"“{entry['name']}”: a shape is one of {', '.join(ShapeKind)}.",
            name=entry["name"],
        )
    return str(entry["shape"])


def kind_of(entry: Tree) -> str:
    """Return the attribute's kind, having seen that it has options where it needs some."""
    kind, name = entry["kind"], entry["name"]
    if kind not in AttributeKind.values:
        raise refused("unknown_kind", f"“{name}”: a kind is one of {', '.join(AttributeKind.values)}.")
    if kind in CHOICES and not entry.get("options"):
        raise refused("options_missing", f"“{name}” needs at least one option to choose from.")
    if kind not in CHOICES and entry.get("options"):
        raise without_options(name)
    return str(kind)


def without_options(name: str) -> LabelyardError:
    return refused("options_not_allowed", f"“{name}” is answered freely, so it has no options.")


def options_of(entries: Sequence[Tree], *, there: Sequence[Tree] = ()) -> list[Tree]:
    """Return the options that are there with new ones after them; each value is unlike the others."""
    options = list(there)
    if len(options) + len(entries) > OPTIONS_MAX:
        raise refused("too_many_options", f"An attribute has at most {OPTIONS_MAX} options.")
    for entry in entries:
        label = entry["label"]
        if any(option["label"] == label for option in options):
            raise refused("option_twice", f"There are two options “{label}”.")
        value = value_of(label, taken={option["value"] for option in options})
        options.append({"feature_hash": new_feature_hash(), "label": label, "value": value})
    return options


def value_of(label: str, *, taken: set[str]) -> str:
    """Return what answers hold: the label in lower case with underscores, numbered where it is taken."""
    value = base = re.sub(r"\W+", "_", label.lower()).strip("_") or "option"
    number = 2
    while value in taken:
        value, number = f"{base}_{number}", number + 1
    return value


def color_check(color: str) -> None:
    if not COLOR.fullmatch(color):
        raise refused("invalid_color", f"“{color}” is not a colour like #e6194b.")


def names_check(ontology: Ontology) -> None:
    """Two classes of one name and shape could not be told apart."""
    seen = set()
    for name, shape in ontology.classes.filter(archived=False).values_list("name", "shape"):
        if (name, shape) in seen:
            raise refused("class_twice", f"There are two classes “{name}” of the same shape.")
        seen.add((name, shape))


def skeleton_of(entry: Tree) -> dict[str, Any] | None:
    """Return the template of a skeleton's class, None for other shapes."""
    name, template = entry["name"], entry.get("skeleton")
    if entry["shape"] != ShapeKind.SKELETON:
        if template:
            raise refused("skeleton_not_allowed", f"“{name}” is no skeleton, so it has no template.")
        return None
    if not template or not template.get("vertices"):
        raise refused("skeleton_missing", f"“{name}” needs a template with at least one vertex.")
    vertices, edges = template["vertices"], template.get("edges", ())
    if len(vertices) > VERTICES_MAX:
        raise refused("too_many_vertices", f"A skeleton has at most {VERTICES_MAX} vertices.")
    for vertex in vertices:
        if not (0 <= vertex["x"] <= 1 and 0 <= vertex["y"] <= 1):
            raise refused("vertex_outside", f"“{name}”: x and y of a vertex lie between 0 and 1.")
    for edge in edges:
        if len(edge) != 2 or edge[0] == edge[1] or not all(0 <= end < len(vertices) for end in edge):
            raise refused("edge_invalid", f"“{name}”: an edge joins two different vertices by their numbers.")
    return {
        "vertices": [
            {
                "name": vertex["name"],
                "color": vertex.get("color") or COLORS[0],
                "x": vertex["x"],
                "y": vertex["y"],
            }
            for vertex in vertices
        ],
        "edges": [list(edge) for edge in edges],
    }
