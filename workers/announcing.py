"""Who a worker is and what it offers, told to the database every few seconds."""

from __future__ import annotations

import logging
import os
import platform
import socket
import threading
from functools import cache
from typing import Any

import psutil
from celery.signals import worker_ready, worker_shutdown
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from labeling.geometry.shapes import ShapeKind
from labeling.models import Capability, Worker
from labeling.services.algorithms import INTERPOLATION
from workers.app import QUEUES
from workers.backends.base import BackendError, Tracker
from workers.backends.detectors import detector_get, detector_names
from workers.backends.registry import tracker_get, tracker_names
from workers.sam2 import sam2_probe, sam2_probed, sam2_told
from workers.sam3 import sam3_probe, sam3_probed, sam3_told

logger = logging.getLogger(__name__)
ending = threading.Event()

# SQLite keeps a process's locks in its memory, which a fork copies: a child that were forked while
# a thread of this process writes would find the database locked for ever. So forks wait for the write.
writing = threading.Lock()
os.register_at_fork(before=writing.acquire, after_in_parent=writing.release, after_in_child=writing.release)

# The queues of what is built in; all else needs a GPU, unless a detector says otherwise.
CAPABILITY = {"fast": Capability.CPU, "scripted": Capability.CPU}
DETECTOR_CAPABILITY = {"similar": Capability.CPU, "scripted": Capability.CPU}


def holder_name() -> str:
    """This process, as rows name their holder."""
    return f"{socket.gethostname()}:{os.getpid()}"


def allowed(name: str) -> bool:
    """What is scripted runs only where the operator wants demonstrations."""
    return name != "scripted" or settings.SCRIPTED_BACKEND


def offered(capability: str) -> dict[str, Tracker]:
    """Return the trackers that this process runs for ``capability``, by name."""
    return {name: tracker for name, tracker in trackers(capability).items() if allowed(name)}


@cache
def trackers(capability: str) -> dict[str, Tracker]:
    return {
        name: tracker_get(name)
        for name in tracker_names()
        if CAPABILITY.get(name, Capability.GPU) == capability
    }


def offer(names: list[str]) -> dict[str, Any]:
    """Return what the worker announces of its algorithms. Loads no model: only names and shapes."""
    interpolation = {"capability": INTERPOLATION.capability.value, "shapes": sorted(INTERPOLATION.shapes)}
    return {INTERPOLATION.name: interpolation} | {
        name: {
            "capability": CAPABILITY.get(name, Capability.GPU).value,
            "shapes": sorted(ShapeKind),
            **(sam2_told() if name == "sam2" else {}),
        }
        for name in names
        if allowed(name)
    }


def detectors_offered(capability: str) -> list[str]:
    """Return the names of the detectors that this process runs for ``capability``."""
    return list(filter(allowed, detectors_found(capability)))


@cache
def detectors_found(capability: str) -> list[str]:
    return [name for name, told in detectors_told().items() if told["capability"] == capability]


def detectors_told() -> dict[str, dict[str, Any]]:
    """Return what a worker can announce of its detectors. Making one loads no model.

    One that cannot be made is not offered, and the log says why.
    """
    told = {}
    for name in detector_names():
        try:
            detector = detector_get(name)
        except BackendError as error:
            logger.error("The detector %s is not offered: %s", name, error)
            continue
        own = getattr(detector, "capability", DETECTOR_CAPABILITY.get(name, Capability.GPU))
        told[name] = {"capability": Capability(own).value, "reads": sorted(detector.reads)}
        if name == "sam3":
            told[name] |= sam3_told()
    return told


def announce(*, name: str, queues: list[str]) -> None:
    """Write the worker's row: it is alive now."""
    algorithms = {
        algorithm: told for algorithm, told in offer(tracker_names()).items() if told["capability"] in queues
    }
    detectors = {
        one: told for one, told in detectors_told().items() if told["capability"] in queues and allowed(one)
    }
    told = {
        "capabilities": queues,
        "algorithms": algorithms,
        "detectors": detectors,
        "device": gpu_probed() or platform.processor() or platform.machine(),
        "has_gpu": bool(gpu_probed()),
        "memory": memory_told(),
        "seen_at": Now(),
        "left_at": None,
    }
    Worker.objects.update_or_create(name=name, defaults=told, create_defaults={**told, "started_at": Now()})


def memory_told() -> dict[str, int]:
    """Bytes of this worker's processes, and of its machine in all and free."""
    machine = psutil.virtual_memory()
    own = psutil.Process()
    used = sum(memory_of(one) for one in (own, *own.children(recursive=True)))
    return {"used": used, "total": machine.total, "free": machine.available}


def memory_of(process: psutil.Process) -> int:
    """0 for a process that has ended since it was listed."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def gpu_probed() -> str:
    """The name of the GPU that a model runs on, empty where none does."""
    return str(sam2_probed().get("gpu") or sam3_probed().get("gpu") or "")


def announce_until_end(name: str, queues: list[str]) -> None:
    if Capability.GPU in queues:
        if "sam2" in tracker_names():
            sam2_probe()
        if "sam3" in detector_names():
            sam3_probe()
            detectors_found.cache_clear()
        announce_safely(name, queues)
    while not ending.wait(settings.WORKER_STALE_SECONDS / 4):
        announce_safely(name, queues)


def announce_safely(name: str, queues: list[str]) -> None:
    try:
        with writing:
            announce(name=name, queues=queues)
    except DatabaseError as error:
        logger.warning("The worker could not announce itself: %s", error)
        connection.close()


@worker_ready.connect
def begin(sender: Any, **kwargs: Any) -> None:
    queues = sorted(set(sender.app.amqp.queues.consume_from) & set(QUEUES))
    ending.clear()
    announce_safely(sender.hostname, queues)
    threading.Thread(
        target=announce_until_end, args=(sender.hostname, queues), name="announcing", daemon=True
    ).start()


@worker_shutdown.connect
def end(sender: Any, **kwargs: Any) -> None:
    """A worker that leaves in order is gone at once; what it offered stays known."""
    ending.set()
    with writing:
        Worker.objects.filter(name=sender.hostname).update(left_at=Now())
