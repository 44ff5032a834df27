"""The side that asks: prompts are sent, followed and moved, and frames are warmed."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import Any

from labeling.errors import LabelyardError
from labeling.lane.choosing import Offers, answerer_of, offers_now, offers_of
from labeling.lane.live import Answerer, LiveWorker, is_alive, live_workers, worker_of
from labeling.lane.prompts import ENDED, Picture, Prompt, PromptMode, PromptState, Reply
from labeling.lane.store import DRAFT_SECONDS, PROMPT_SECONDS, WARM_SECONDS, lane_open
from labeling.lane.taking import Warmth, answer_put, newest_seq, superseded, warm_put
from labeling.queue import ring_worker

SLICE_SECONDS = 0.25
"""Who waits looks this often whether the worker still lives and the prompt is still the newest."""

NO_WORKER = "No worker that {does} is online. Your clicks are kept, and answered as soon as one is there."
LOST = "The worker ended while it was at your clicks. They are kept: click again, or send them again."


def prompt_submit(prompt: Prompt, *, seconds: float) -> Reply:
    """Send a prompt and wait for its answer, at most ``seconds``.

    Older prompts of the same draft are superseded from now on; so is this one when a newer one was
    here first. Raises ``lane_closed`` (503).
    """
    with lane_open() as store:
        key = f"lane:draft:{prompt.draft}"
        with store.pipeline() as told:
            told.zadd(key, {"seq": prompt.seq}, gt=True)
            told.expire(key, DRAFT_SECONDS)
            told.zscore(key, "seq")
            told.time()
            *_, newest, (whole, micro) = told.execute()
        if newest > prompt.seq:
            return superseded()
        sent = f"{whole}.{micro:06d}"
        store.hset(f"lane:prompt:{prompt.id}", mapping={"prompt": prompt.packed(), "sent": sent})
        place(store, prompt)
        return follow(store, prompt, seconds=seconds)


def prompt_follow(*, prompt_id: str, task_id: int, user_id: int, seconds: float) -> Reply:
    """Wait for the answer to a prompt that was sent, at most ``seconds``. A worker that is gone is replaced.

    Raises ``prompt_gone`` (410) for one that expired, or is of somebody else; ``lane_closed`` (503).
    """
    with lane_open() as store:
        packed = store.hget(f"lane:prompt:{prompt_id}", "prompt")
        prompt = Prompt.unpacked(packed) if packed else None
        if prompt is None or (prompt.task_id, prompt.user_id) != (task_id, user_id):
            raise LabelyardError(
                "prompt_gone", "These clicks have expired. Click again, or send them again.", status=410
            )
        nudge(store, prompt)
        return follow(store, prompt, seconds=seconds)


def follow(store: Any, prompt: Prompt, *, seconds: float) -> Reply:
    deadline = time.monotonic() + seconds
    store.expire(f"lane:prompt:{prompt.id}", PROMPT_SECONDS)
    while True:
        answer = store.get(f"lane:answer:{prompt.id}")
        if answer is not None:
            return Reply.unpacked(answer)
        stands = standing(store, prompt)
        left = deadline - time.monotonic()
        if stands.state in ENDED or left <= 0:
            return stands
        store.blpop(f"lane:bell:{prompt.id}", timeout=max(0.01, min(SLICE_SECONDS, left)))


def standing(store: Any, prompt: Prompt) -> Reply:
    """Say where an unanswered prompt stands; move it when its worker is gone, drop it when it is old."""
    if newest_seq(store, prompt) > prompt.seq:
        return answer_put(store, prompt.id, superseded())
    worker_id, lost = store.hmget(f"lane:prompt:{prompt.id}", "worker", "lost")
    before = store.lpos(f"lane:queue:{worker_id}", prompt.id) if worker_id else None
    if worker_id and is_alive(store, worker_id):
        store.expire(f"lane:queue:{worker_id}", PROMPT_SECONDS)
        return Reply(PromptState.WAITING, position=0 if before is None else before + 1)
    begun = bool(worker_id) and before is None
    if begun and int(lost) > 0:
        return answer_put(store, prompt.id, failed_lost())
    if place(store, prompt, lost=int(lost or 0) + begun):
        return Reply(PromptState.WAITING, position=1)
    return answer_put(store, prompt.id, failed_lost()) if begun else no_worker(prompt)


def nudge(store: Any, prompt: Prompt) -> None:
    """Ring once more for a prompt that waits, should its bell have been lost."""
    worker_id = store.hget(f"lane:prompt:{prompt.id}", "worker")
    waits = worker_id and store.lpos(f"lane:queue:{worker_id}", prompt.id) is not None
    alive = store.get(f"lane:alive:{worker_id}") if waits else None
    if alive:
        ring_worker(LiveWorker.unpacked(alive).queue)


def no_worker(prompt: Prompt) -> Reply:
    does = "answers clicks" if prompt.mode is PromptMode.OBJECT else "finds several objects"
    named = prompt.clicker if prompt.mode is PromptMode.OBJECT else prompt.sought.detector
    does += f" with “{named}”" if named else ""
    return Reply(PromptState.NO_WORKER, code="no_worker", sentence=NO_WORKER.format(does=does))


def failed_lost() -> Reply:
    return Reply(PromptState.FAILED, code="worker_lost", sentence=LOST)


def place(store: Any, prompt: Prompt, *, lost: int = 0) -> bool:
    """Put the prompt before the worker that its frame belongs to; False where there is none."""
    workers = live_workers(store)
    answerer = answerer_of(workers, prompt)
    worker = worker_of(workers, picture=prompt.picture, answerer=answerer) if answerer else None
    if answerer is None or worker is None:
        return False
    queue = f"lane:queue:{worker.id}"
    with store.pipeline() as told:
        told.hset(
            f"lane:prompt:{prompt.id}",
            mapping={"worker": worker.id, "answerer": answerer.packed(), "lost": lost},
        )
        told.expire(f"lane:prompt:{prompt.id}", PROMPT_SECONDS)
        told.rpush(queue, prompt.id)
        told.expire(queue, PROMPT_SECONDS)
        told.execute()
    ring_worker(worker.queue)
    return True


def frames_warm(pictures: Sequence[Picture], *, viewer: str, clicker: str = "") -> Offers:
    """Have frames encoded where their clicks will go, in this order; older wishes of the viewer are dropped.

    Returns who answers what now. Raises ``lane_closed``.
    """
    with lane_open() as store:
        workers = live_workers(store)
        offers = offers_of(workers, clicker=clicker)
        if not offers.clicker:
            return offers
        wish = uuid.uuid4().hex
        rung = set()
        with store.pipeline() as told:
            told.set(f"lane:viewing:{viewer}", wish, ex=WARM_SECONDS)
            for picture in reversed(pictures):
                worker = worker_of(workers, picture=picture, answerer=Answerer(offers.clicker))
                assert worker is not None  # noqa: S101  (one of them offers it)
                warm_put(told, worker.id, Warmth(picture, offers.clicker, viewer, wish))
                rung.add(worker.queue)
            told.execute()
        for queue in rung:
            ring_worker(queue)
        return offers


def lane_offers() -> Offers:
    """Return who answers what now. Raises ``lane_closed``."""
    with lane_open() as store:
        return offers_now(store)
