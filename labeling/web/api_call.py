"""Orders of batches as calls of the API, to be copied from the form."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from labeling.models import Batch, Project
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.orders import BatchOrder
from labeling.services.batches.specification import Specification
from labeling.services.orders import DetectOrder

UNSAID = frozenset(
    {"first_frame", "last_frame", "instances", "instances_per_part", "from_editor", "direction"}
)
"""What an order has and a specification leaves out."""


def call_new(request: HttpRequest, *, project: Project, order: BatchOrder) -> str:
    """The call that orders the batch."""
    body = {**common(order), "tasks": tasks_body(order.chosen)}
    return curl(request, reverse("api:project-batches", args=[project.pk]), body)


def call_again(request: HttpRequest, *, batch: Batch, order: BatchOrder) -> str:
    """The call that runs ``batch`` again."""
    body = {**common(order), "states": list(order.chosen.outcomes)}
    return curl(request, reverse("api:batch-again", args=[batch.pk]), body)


def common(order: BatchOrder) -> dict[str, Any]:
    return {
        "name": order.name,
        "sample": order.sample,
        "budget_seconds": order.budget_seconds,
        "specification": specification_body(order.specification),
    }


def tasks_body(chosen: TaskFilter) -> dict[str, Any]:
    """The filter as the API takes it."""
    assignee = "none" if chosen.unassigned else chosen.assignee
    told = {
        "stage": chosen.stage,
        "search": chosen.search,
        "ids": list(chosen.ids),
        "connection": chosen.connection,
        "prefix": chosen.prefix,
        "media_kinds": list(chosen.media_kinds),
    }
    return said({**told, "assignee": str(assignee) if assignee else None})


def specification_body(specification: Specification) -> dict[str, Any]:
    """The specification as the API takes it."""
    template = specification.template
    order = {name: value for name, value in asdict(template).items() if name not in UNSAID}
    if isinstance(template, DetectOrder):
        order["classes"] = [said(asdict(wanted)) for wanted in template.classes]
    return {
        "kind": specification.kind.value,
        **said(order),
        "span": said(asdict(specification.span)),
        **said({"object_classes": list(specification.classes)}),
    }


def said(told: Mapping[str, Any]) -> dict[str, Any]:
    """What says something: nothing that is missing or empty; 0 and false do."""
    return {
        name: value for name, value in told.items() if value is not None and value not in ("", [], (), {})
    }


def curl(request: HttpRequest, path: str, body: Mapping[str, Any]) -> str:
    """The call for a shell, with the token in a variable."""
    told = shlex.quote(json.dumps(said(body), indent=1, ensure_ascii=False))
    address = shlex.quote(request.build_absolute_uri(path))
    return (
        'curl -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" '
        f'-H "Idempotency-Key: $(uuidgen)" \\\n  {address} -d {told}'
    )
