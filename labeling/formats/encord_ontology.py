"""An ontology as Encord writes it: ``OntologyStructure.from_dict`` of the ``encord`` SDK reads it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from labeling.formats.document import ExportAttribute, ExportClass, ExportOntology

Document = dict[str, Any]

_EDGE_COLOR = "#000000"


def short_hash(*parts: str) -> str:
    """Return an identifier of eight letters for what has none of its own, the same each time."""
    return b64encode(hashlib.sha256("\0".join(parts).encode()).digest(), b"-_")[:8].decode()


def snake_case(name: str) -> str:
    """Return a name for machines, as Encord derives it: ``Traffic light`` is ``traffic_light``."""
    return "_".join(name.lower().split())


def encord_ontology(ontology: ExportOntology) -> Document:
    """Return the ontology with objects, classifications and skeleton templates."""
    return {
        "objects": [_object(number, each) for number, each in enumerate(ontology.classes, start=1)],
        "classifications": [
            _classification(number, *question)
            for number, question in enumerate(encord_questions(ontology), start=1)
        ],
        "skeleton_templates": [
            {"template": _template(each)} for each in ontology.classes if each.skeleton is not None
        ],
    }


def _object(number: int, each: ExportClass) -> Document:
    return {
        "id": str(number),
        "name": each.name,
        "color": each.color,
        "shape": str(each.shape),
        "featureNodeHash": each.feature_hash,
        "required": False,
        "archived": each.archived,
        "attributes": _attributes(str(number), each.attributes),
    }


def encord_questions(ontology: ExportOntology) -> list[tuple[str, ExportAttribute]]:
    """Return what Encord has as classifications: a feature hash and the one question that it asks.

    The SDK reads the first attribute of a classification alone, so one of ours with several questions
    becomes several; the first keeps the hash.
    """
    questions: list[tuple[str, ExportAttribute]] = []
    for each in ontology.classifications:
        for place, attribute in enumerate(each.attributes):
            own_hash = short_hash(each.feature_hash, attribute.feature_hash) if place else each.feature_hash
            questions.append((own_hash, attribute))
    return questions


def _classification(number: int, feature_hash: str, question: ExportAttribute) -> Document:
    # What is asked about frames holds for ranges already; "dynamic" is for objects.
    attribute = {**_attribute(f"{number}.1", question), "dynamic": False}
    return {"id": str(number), "featureNodeHash": feature_hash, "attributes": [attribute]}


def _attributes(owner: str, attributes: tuple[ExportAttribute, ...]) -> list[Document]:
    return [_attribute(f"{owner}.{number}", each) for number, each in enumerate(attributes, start=1)]


def _attribute(number: str, each: ExportAttribute) -> Document:
    attribute: Document = {
        "id": number,
        "name": each.name,
        "type": each.kind,
        "featureNodeHash": each.feature_hash,
        "required": each.required,
        "archived": False,
        "dynamic": each.dynamic,
    }
    if each.kind in ("radio", "checklist"):
        attribute["options"] = [
            {
                "id": f"{number}.{place}",
                "label": option.label,
                "value": option.value,
                "featureNodeHash": option.feature_hash,
                "archived": False,
            }
            for place, option in enumerate(each.options, start=1)
        ]
    return attribute


def skeleton_vertices(each: ExportClass) -> list[Document]:
    """Return the vertices of a skeleton's template as Encord names them, with hashes of their own."""
    if each.skeleton is None:
        return []
    return [
        {
            "x": vertex.x,
            "y": vertex.y,
            "name": vertex.name,
            "color": vertex.color,
            "value": snake_case(vertex.name),
            "featureHash": short_hash(each.feature_hash, "vertex", str(place)),
        }
        for place, vertex in enumerate(each.skeleton.vertices)
    ]


def _template(each: ExportClass) -> Document:
    edges: dict[str, dict[str, Document]] = {}
    for start, end in each.skeleton.edges if each.skeleton else ():
        edges.setdefault(str(start), {})[str(end)] = {"color": _EDGE_COLOR}
    return {
        "name": each.name,
        "shape": "skeleton",
        "width": 1.0,
        "height": 1.0,
        "skeleton": {str(place): vertex for place, vertex in enumerate(skeleton_vertices(each))},
        "skeletonEdges": edges,
        "feature_node_hash": each.feature_hash,
    }
