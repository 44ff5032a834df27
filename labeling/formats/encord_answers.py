"""Attribute and classification answers as Encord writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from labeling.formats.answers import answers_together, chosen_options
from labeling.formats.document import (
    AnswerValue,
    ExportAttribute,
    ExportClass,
    ExportInstance,
    ExportOntology,
    ExportTask,
)
from labeling.formats.encord_ontology import encord_questions, short_hash, snake_case

Document = dict[str, Any]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def encord_time(moment: datetime) -> str:
    """Return a time as Encord's labels carry it: ``Thu, 01 Oct 2026 10:00:00 UTC``.

    The moment has to know its time zone.
    """
    # Not strftime: names of days and months would follow the locale.
    moment = moment.astimezone(UTC)
    return f"{_DAYS[moment.weekday()]}, {moment:%d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S} UTC"


def _answer(attribute: ExportAttribute, value: AnswerValue) -> Document:
    """Return one attribute with its answer; ``answers`` are options, or the text or number itself."""
    answers: object = value
    if attribute.kind in ("radio", "checklist"):
        answers = [
            {"name": option.label, "value": option.value, "featureHash": option.feature_hash}
            for option in chosen_options(attribute, value)
        ]
    return {
        "name": attribute.name,
        "value": snake_case(attribute.name),
        "featureHash": attribute.feature_hash,
        "manualAnnotation": True,
        "answers": answers,
    }


def object_answer(instance: ExportInstance, of: ExportClass) -> Document:
    """Return the answers that hold for all frames of an instance."""
    values = instance.static_answers
    answers = [
        _answer(each, values[each.feature_hash]) for each in of.attributes if each.feature_hash in values
    ]
    return {"objectHash": instance.object_hash, "classifications": answers}


def object_action(instance: ExportInstance, of: ExportClass) -> Document | None:
    """Return the answers that change over frames, with their ranges; None where there are none."""
    actions: list[Document] = []
    for attribute in of.attributes:
        mine = [each for each in instance.dynamic_answers if each.attribute == attribute.feature_hash]
        for ((_, value),), ranges in answers_together(mine):
            ranged = {"dynamic": True, "range": ranges, "shouldPropagate": False}
            actions.append({**_answer(attribute, value), **ranged})
    return {"objectHash": instance.object_hash, "actions": actions} if actions else None


def classification_answers(task: ExportTask, ontology: ExportOntology) -> dict[str, Document]:
    """Return what was said of frames: one entry for each question and value, with its ranges."""
    entries: dict[str, Document] = {}
    for feature_hash, question in encord_questions(ontology):
        mine = [each for each in task.classification_answers if each.attribute == question.feature_hash]
        for ((_, value),), ranges in answers_together(mine):
            own_hash = short_hash(task.uid, feature_hash, repr(value))
            entries[own_hash] = {
                "classificationHash": own_hash,
                "featureHash": feature_hash,
                "range": ranges,
                "createdBy": mine[0].created_by,
                "createdAt": encord_time(task.edited_at),
                "lastEditedBy": mine[0].created_by,
                "lastEditedAt": encord_time(task.edited_at),
                "confidence": 1.0,
                "manualAnnotation": True,
                "spaces": {},
                "classifications": [_answer(question, value)],
            }
    return entries
