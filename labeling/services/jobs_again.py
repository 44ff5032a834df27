"""Ordering what a job was ordered to do once more, with changes. A batch as a whole: ``batches.again``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from labeling.errors import refused
from labeling.models import Job
from labeling.services.orders import ORDERS, Order, WantedClass, order_read


def order_again(*, job: Job, changes: Mapping[str, Any]) -> Order:
    """Return the order of ``job`` with ``changes`` to its members. It is checked when it is submitted.

    What detects looks for the same classes, by the detector that ran. Raises ``unknown_change`` (422).
    """
    order = order_of_job(job)
    known = {one.name for one in fields(order)}
    for name in changes:
        if name not in known:
            raise refused(
                "unknown_change", f"A job that is to {job.get_kind_display().lower()} has no {name}."
            )
    return replace(order, **changes)


def order_of_job(job: Job) -> Order:
    """Return the order that the job's parameters were made of. Raises ``order_unknown`` (422)."""
    names = {one.name for one in fields(ORDERS[job.kind])}
    told = {name: value for name, value in job.parameters.items() if name in names}
    if not {"first_frame", "last_frame"} <= set(told) or not ({"instances", "classes"} & set(told)):
        raise refused("order_unknown", "What the job was ordered to do was not kept. Order it anew.")
    if "classes" in told:
        members = {one.name for one in fields(WantedClass)}
        told["classes"] = [
            {name: value for name, value in one.items() if name in members} for one in told["classes"]
        ]
    return order_read(job.kind, told)
