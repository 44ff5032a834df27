"""What an interactive worker does when its bell rings: prompts first, then frames to warm.

A prompt goes take → embedding → segment → shape → answer. It writes no row.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import redis
from django.conf import settings
from django.db import DatabaseError

from labeling.errors import LabelyardError
from labeling.geometry.masks import mask_to_shape
from labeling.geometry.shapes import Box, ShapeKind
from labeling.geometry.wire import shape_to_json
from labeling.lane.live import LiveWorker
from labeling.lane.prompts import Picture, Prompt, PromptState, Reply
from labeling.lane.store import store
from labeling.lane.taking import TakenPrompt, Warmth, answer_put, prompt_take, warm_take
from labeling.media.errors import FrameUnreadable, MediaRefused, StorageError
from labeling.models import Media
from workers.backends.base import BackendError
from workers.backends.clickers import clicker_get
from workers.backends.clicking import Clicker, Embedding, Segmented
from workers.frames import frames_of_media
from workers.lane.embeddings import KeptEmbeddings
from workers.leaving import leaving

logger = logging.getLogger(__name__)

TOLD = (LabelyardError, BackendError, FrameUnreadable, MediaRefused, StorageError)
"""What has a sentence for people."""


@dataclass
class Desk:
    """A worker at the lane: who it is to others, what it keeps, and since when it is at a prompt."""

    worker: LiveWorker
    embeddings: KeptEmbeddings = field(
        default_factory=lambda: KeptEmbeddings(settings.EMBEDDINGS_CACHE_BYTES)
    )
    busy_since: float | None = None


def answer_waiting(desk: Desk) -> None:
    """Answer prompts while there are any; between two of them nothing else is begun."""
    while not leaving():
        try:
            if not answer_next(desk):
                return
        except redis.RedisError as error:
            logger.warning("The queue does not answer (%s); who waits sends the clicks again.", error)
            return


def answer_next(desk: Desk) -> bool:
    """Answer the next prompt, else encode the next frame; False when there is neither."""
    desk.busy_since = time.monotonic()
    try:
        taken = prompt_take(store(), desk.worker)
        if taken is not None:
            answer_put(store(), taken.prompt.id, reply_to(desk, taken))
            return True
        warmth = warm_take(store(), desk.worker)
        if warmth is not None:
            warm(desk, warmth)
        return warmth is not None
    finally:
        desk.busy_since = None


def reply_to(desk: Desk, taken: TakenPrompt) -> Reply:
    """Segment, or say why not: every prompt that was taken is answered."""
    try:
        return segmented(desk, taken)
    except TOLD as error:
        logger.warning("Prompt %s failed: %s", taken.prompt.id, error)
        return failed(getattr(error, "code", code_of(error)), str(error))
    except DatabaseError:
        logger.exception("The database did not answer.")
        return failed("database_away", "The database does not answer. Your clicks are kept; send them again.")
    except Exception as error:  # the rest is a bug: kept with its traceback
        logger.exception("Prompt %s failed unexpectedly", taken.prompt.id)
        name = type(error).__name__
        return failed(
            "unexpected", f"The worker failed unexpectedly ({name}). Your clicks are kept; its log has more."
        )


def code_of(error: Exception) -> str:
    return "frame_unreadable" if isinstance(error, FrameUnreadable) else "backend_failed"


def failed(code: str, sentence: str) -> Reply:
    return Reply(PromptState.FAILED, code=code, sentence=sentence)


def segmented(desk: Desk, taken: TakenPrompt) -> Reply:
    clicker = clicker_get(taken.clicker)
    begun = time.perf_counter()
    embedding = embedding_of(desk, clicker, taken.prompt.picture)
    opened = time.perf_counter()
    found = segment(clicker, embedding, taken.prompt)
    shapes = shapes_of(found, ShapeKind(taken.prompt.kind))
    ended = time.perf_counter()
    return Reply(
        PromptState.DONE,
        shapes=shapes,
        made_by={"name": clicker.name, "version": clicker.version},
        times={
            "waited": round(taken.waited * 1000, 1),
            "opened": round((opened - begun) * 1000, 1),
            "segmented": round((ended - opened) * 1000, 1),
        },
    )


def segment(clicker: Clicker, embedding: Embedding, prompt: Prompt) -> Segmented:
    points = np.array([[x, y] for x, y, _ in prompt.points], np.float64).reshape(-1, 2)
    include = np.array([there for _, _, there in prompt.points], np.bool_)
    box = None if prompt.box is None else Box(*prompt.box)
    return clicker.segment(embedding, points=points, include=include, box=box)


def shapes_of(found: Segmented, kind: ShapeKind) -> tuple[Mapping[str, Any], ...]:
    """The mask as a shape of ``kind``; none where it is empty or too thin for one."""
    shape = mask_to_shape(found.mask, kind)
    if shape is None:
        return ()
    return ({"shape": shape_to_json(shape), "confidence": round(found.confidence, 4)},)


def embedding_of(desk: Desk, clicker: Clicker, picture: Picture) -> Embedding:
    key = (picture.key, picture.frame, f"{clicker.name} {clicker.version}")
    return desk.embeddings.get(key, lambda: encoded(clicker, picture))


def encoded(clicker: Clicker, picture: Picture) -> Embedding:
    """Read and encode a frame."""
    media = Media.objects.filter(pk=picture.media_id).first()
    if media is None:
        raise MediaRefused("media_gone", "The media was deleted meanwhile.")
    with frames_of_media(media) as frames:
        return clicker.open(frames.read_rgb(picture.frame))


def warm(desk: Desk, warmth: Warmth) -> None:
    """Encode a frame ahead. What goes wrong is said when somebody clicks on it."""
    try:
        embedding_of(desk, clicker_get(warmth.clicker), warmth.picture)
    except (*TOLD, DatabaseError) as error:
        logger.info("Frame %s could not be encoded ahead: %s", warmth.picture.frame, error)
