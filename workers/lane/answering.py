"""What an interactive worker does when its bell rings: prompts first, then frames to warm.

A prompt goes take → embedding → find → shapes → answer. It writes no row.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

import redis
from django.conf import settings
from django.db import DatabaseError

from labeling.errors import LabelyardError
from labeling.lane.live import LiveWorker
from labeling.lane.prompts import Picture, PromptState, Reply
from labeling.lane.store import store
from labeling.lane.taking import TakenPrompt, Warmth, answer_put, prompt_take, warm_take
from labeling.lane.urgency import urgency_say, urgency_take_back
from labeling.media.errors import FrameUnreadable, MediaRefused, StorageError
from workers.backends.base import BackendError
from workers.backends.clickers import clicker_get
from workers.backends.clicking import Clicker, Embedding
from workers.backends.detecting import Detector
from workers.lane.embeddings import KeptEmbeddings
from workers.lane.finding import found, maker_of
from workers.lane.finishing import finished
from workers.lane.pictures import picture_read
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
    urgent: bool = False


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
        say_urgency(desk, urgent=taken is not None)
        if taken is not None:
            answer_put(store(), taken.prompt.id, reply_to(desk, taken))
            return True
        warmth = warm_take(store(), desk.worker)
        if warmth is not None:
            warm(desk, warmth)
        return warmth is not None
    finally:
        desk.busy_since = None


def say_urgency(desk: Desk, *, urgent: bool) -> None:
    """Have bulk work on this machine give way from the first prompt on until none waits."""
    if urgent:
        urgency_say(store(), desk.worker.id)
    elif desk.urgent:
        urgency_take_back(store(), desk.worker.id)
    desk.urgent = urgent


def reply_to(desk: Desk, taken: TakenPrompt) -> Reply:
    """Segment, or say why not: every prompt that was taken is answered."""
    try:
        return answered(desk, taken)
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


def answered(desk: Desk, taken: TakenPrompt) -> Reply:
    prompt, answerer = taken.prompt, taken.answerer
    begun = time.perf_counter()
    maker = maker_of(answerer)
    embedding = embedding_of(desk, maker, prompt.picture)
    opened = time.perf_counter()
    findings = found(answerer, embedding, prompt)
    shapes, left_out = finished(findings.found, prompt)
    ended = time.perf_counter()
    return Reply(
        PromptState.DONE,
        shapes=shapes,
        notes=(*findings.notes, *left_out),
        made_by=told_of(maker),
        times={
            "waited": round(taken.waited * 1000, 1),
            "opened": round((opened - begun) * 1000, 1),
            "segmented": round((ended - opened) * 1000, 1),
        },
    )


def told_of(maker: Clicker | Detector) -> dict[str, str]:
    """Who made an answer, and on what, where it says so (``device``, which the protocols do not ask for)."""
    return {"name": maker.name, "version": maker.version, "device": getattr(maker, "device", "")}


def embedding_of(desk: Desk, maker: Clicker | Detector, picture: Picture) -> Embedding:
    """The encoded frame. A segmenter and a detector of one name and version are one model, and share it."""
    key = (picture.key, picture.frame, f"{maker.name} {maker.version}")
    return desk.embeddings.get(key, lambda: maker.open(picture_read(picture)))


def warm(desk: Desk, warmth: Warmth) -> None:
    """Encode a frame ahead. What goes wrong is said when somebody clicks on it."""
    try:
        embedding_of(desk, clicker_get(warmth.clicker), warmth.picture)
    except (*TOLD, DatabaseError) as error:
        logger.info("Frame %s could not be encoded ahead: %s", warmth.picture.frame, error)
