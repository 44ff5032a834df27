"""The side that answers: what a worker takes next, and where its answer goes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from labeling.lane.live import Answerer, LiveWorker
from labeling.lane.prompts import Picture, Prompt, PromptState, Reply
from labeling.lane.store import PROMPT_SECONDS, WARM_SECONDS, clock

WARM_MOST = 16
"""Frames that may wait to be encoded at one worker."""


@dataclass(frozen=True)
class TakenPrompt:
    """A prompt that this worker is at: it is in no queue any more. ``waited``: seconds since it was sent."""

    prompt: Prompt
    answerer: Answerer
    waited: float


@dataclass(frozen=True)
class Warmth:
    """A frame to encode before anybody clicks on it; ``wish`` is what its viewer wanted last."""

    picture: Picture
    clicker: str
    viewer: str
    wish: str


def prompt_take(store: Any, worker: LiveWorker) -> TakenPrompt | None:
    """Take the prompt that waits longest; None when there is none. Superseded ones are answered as such."""
    while (prompt_id := store.lpop(f"lane:queue:{worker.id}")) is not None:
        packed, answerer, sent = store.hmget(f"lane:prompt:{prompt_id}", "prompt", "answerer", "sent")
        if packed is None:
            continue
        prompt = Prompt.unpacked(packed)
        if newest_seq(store, prompt) > prompt.seq:
            answer_put(store, prompt_id, superseded())
            continue
        waited = clock(store.time()) - float(sent)
        return TakenPrompt(prompt, Answerer.unpacked(answerer), waited)
    return None


def answer_put(store: Any, prompt_id: str, reply: Reply) -> Reply:
    """Give the answer and wake who waits. The first one holds: it is returned."""
    key, bell = f"lane:answer:{prompt_id}", f"lane:bell:{prompt_id}"
    with store.pipeline() as told:
        told.set(key, reply.packed(), nx=True, ex=PROMPT_SECONDS)
        told.get(key)
        told.rpush(bell, "")
        told.expire(bell, PROMPT_SECONDS)
        answer = told.execute()[1]
    return Reply.unpacked(answer)


def newest_seq(store: Any, prompt: Prompt) -> float:
    """The greatest ``seq`` of the prompt's draft."""
    newest = store.zscore(f"lane:draft:{prompt.draft}", "seq")
    return prompt.seq if newest is None else float(newest)


def superseded() -> Reply:
    return Reply(PromptState.SUPERSEDED, sentence="Newer clicks of the same draft took their place.")


def warm_put(store: Any, worker_id: str, warmth: Warmth) -> None:
    """Put a frame first among those to encode; the oldest of too many are dropped."""
    key = f"lane:warm:{worker_id}"
    store.lpush(key, json.dumps(asdict(warmth)))
    store.ltrim(key, 0, WARM_MOST - 1)
    store.expire(key, WARM_SECONDS)


def warm_take(store: Any, worker: LiveWorker) -> Warmth | None:
    """Take the frame that was wanted last and still is; None when there is none."""
    while (packed := store.lpop(f"lane:warm:{worker.id}")) is not None:
        told = json.loads(packed)
        warmth = Warmth(**{**told, "picture": Picture(**told["picture"])})
        if store.get(f"lane:viewing:{warmth.viewer}") == warmth.wish:
            return warmth
    return None
