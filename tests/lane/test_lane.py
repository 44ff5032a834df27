"""Prompts through the lane: which are answered, by whom, and what becomes of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labeling.errors import LabelyardError
from labeling.lane.choosing import Offers
from labeling.lane.lane import frames_warm, prompt_follow, prompt_submit
from labeling.lane.live import live_workers, worker_beat, worker_leave
from labeling.lane.prompts import Picture, Prompt, PromptState, Reply
from labeling.lane.store import store
from labeling.lane.taking import prompt_take
from labeling.models import Task
from tests.lane.desks import Place, place_make, prompt_make
from workers.lane.answering import answer_next, answer_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def stands(prompt: Prompt) -> Reply:
    return prompt_follow(prompt_id=prompt.id, task_id=prompt.task_id, user_id=prompt.user_id, seconds=0)


def place_of(places: list[Place], prompt: Prompt) -> Place:
    """The one before whom the prompt was put."""
    worker = store().hget(f"lane:prompt:{prompt.id}", "worker")
    return next(place for place in places if place.desk.worker.id == worker)


def leave(place: Place) -> None:
    worker_leave(store(), place.desk.worker)


def test_only_the_newest_prompt_of_a_draft_is_segmented(clip: Task) -> None:
    place = place_make()
    prompts = [prompt_make(clip, seq=seq, point=(seq, seq)) for seq in (1, 2, 3)]
    for prompt in prompts:
        prompt_submit(prompt, seconds=0)
    answer_waiting(place.desk)
    assert [stands(prompt).state for prompt in prompts] == ["superseded", "superseded", "done"]
    assert place.clicker.points == [[[3, 3]]]


def test_a_prompt_that_comes_after_a_newer_one_is_superseded_at_once(clip: Task) -> None:
    place = place_make()
    prompt_submit(prompt_make(clip, seq=5), seconds=0)
    assert prompt_submit(prompt_make(clip, seq=4), seconds=0).state is PromptState.SUPERSEDED
    answer_waiting(place.desk)
    assert len(place.clicker.points) == 1


def test_drafts_of_two_people_do_not_supersede_each_other(clip: Task) -> None:
    place = place_make()
    prompts = [prompt_make(clip, seq=seq, user_id=seq) for seq in (1, 2)]
    for prompt in prompts:
        prompt_submit(prompt, seconds=0)
    answer_waiting(place.desk)
    assert [stands(prompt).state for prompt in prompts] == ["done", "done"]


def test_who_waits_is_told_the_place_in_the_queue(clip: Task) -> None:
    place = place_make()
    prompts = [prompt_make(clip, draft=name) for name in ("a", "b", "c")]
    assert [prompt_submit(prompt, seconds=0).position for prompt in prompts] == [1, 2, 3]
    answer_next(place.desk)
    assert [stands(prompt).position for prompt in prompts[1:]] == [1, 2]


def test_the_answer_wakes_who_waits_for_it_and_can_be_read_again(clip: Task) -> None:
    place = place_make()
    prompt = prompt_make(clip)
    prompt_submit(prompt, seconds=0)
    answer_waiting(place.desk)
    assert stands(prompt) == stands(prompt)
    assert stands(prompt).made_by == {"name": "counting", "version": "counting 1", "device": "cpu"}


def test_without_a_worker_a_prompt_waits_and_the_first_one_that_comes_answers_it(clip: Task) -> None:
    prompt = prompt_make(clip)
    reply = prompt_submit(prompt, seconds=0)
    assert (reply.state, reply.code) == (PromptState.NO_WORKER, "no_worker")
    assert "online" in reply.sentence
    place = place_make()
    assert stands(prompt).state is PromptState.WAITING
    answer_waiting(place.desk)
    assert stands(prompt).state is PromptState.DONE


def test_a_segmenter_that_nobody_offers_is_named(clip: Task) -> None:
    place_make()
    reply = prompt_submit(prompt_make(clip, clicker="sam9"), seconds=0)
    assert reply.state is PromptState.NO_WORKER
    assert "“sam9”" in reply.sentence


def shared_name(places: list[Place]) -> None:
    """Let all places offer the segmenters of all, so that each can take the other's work."""
    names = tuple(name for place in places for name in place.desk.worker.clickers)
    for place in places:
        place.desk.worker = replace(place.desk.worker, clickers=names)
        worker_beat(store(), place.desk.worker)


def test_prompts_on_one_frame_go_to_one_worker_and_frames_spread_over_all(clip: Task) -> None:
    places = [place_make(), place_make()]
    shared_name(places)
    takers = []
    for frame in range(20):
        prompts = [prompt_make(clip, draft=f"{frame}-{n}", frame=frame) for n in range(2)]
        for prompt in prompts:
            prompt_submit(prompt, seconds=0)
        first, second = (place_of(places, prompt) for prompt in prompts)
        assert first is second
        takers.append(first.desk.worker.id)
    assert len(set(takers)) == 2


def test_what_waits_for_a_worker_that_leaves_goes_to_another(clip: Task) -> None:
    places = [place_make(), place_make()]
    shared_name(places)
    prompt = prompt_make(clip)
    prompt_submit(prompt, seconds=0)
    gone = place_of(places, prompt)
    leave(gone)
    assert stands(prompt).state is PromptState.WAITING
    other = next(place for place in places if place is not gone)
    answer_waiting(other.desk)
    assert stands(prompt).state is PromptState.DONE


def begin(prompt: Prompt, place: Place) -> None:
    """Take the prompt as a worker does that dies with it."""
    taken = prompt_take(store(), place.desk.worker)
    assert taken is not None
    assert taken.prompt.id == prompt.id


def test_a_prompt_whose_worker_died_is_given_to_another_once_and_fails_after(clip: Task) -> None:
    places = [place_make(), place_make(), place_make()]
    shared_name(places)
    prompt = prompt_make(clip)
    prompt_submit(prompt, seconds=0)
    for state in (PromptState.WAITING, PromptState.FAILED):
        dead = place_of(places, prompt)
        begin(prompt, dead)
        leave(dead)
        assert stands(prompt).state is state
    assert stands(prompt).code == "worker_lost"


def test_an_answer_that_comes_too_late_changes_nothing(clip: Task) -> None:
    place = place_make()
    first, second = prompt_make(clip, seq=1), prompt_make(clip, seq=2)
    prompt_submit(first, seconds=0)
    begin(first, place)
    prompt_submit(second, seconds=0)
    assert stands(first).state is PromptState.SUPERSEDED
    answer_waiting(place.desk)
    assert [stands(prompt).state for prompt in (first, second)] == ["superseded", "done"]


def test_a_frame_is_encoded_once_for_all_clicks_on_it(clip: Task) -> None:
    place = place_make()
    for draft in ("a", "b"):
        prompt_submit(prompt_make(clip, draft=draft), seconds=0)
    answer_waiting(place.desk)
    assert place.clicker.opened == 1
    assert len(place.clicker.points) == 2


def pictures(task: Task, *frames: int) -> list[Picture]:
    return [Picture(task.media_id, task.media.pictures_key, frame) for frame in frames]


def test_a_warmed_frame_is_not_encoded_again_for_its_click(clip: Task) -> None:
    place = place_make()
    assert frames_warm(pictures(clip, 3, 4), viewer="bob").clicker == place.desk.worker.clickers[0]
    answer_waiting(place.desk)
    prompt = prompt_make(clip, frame=4)
    prompt_submit(prompt, seconds=0)
    answer_waiting(place.desk)
    assert place.clicker.opened == 2
    assert stands(prompt).state is PromptState.DONE


def test_frames_that_the_viewer_has_left_are_not_encoded(clip: Task) -> None:
    place = place_make()
    for frame in range(5):
        frames_warm(pictures(clip, frame), viewer="bob")
    answer_waiting(place.desk)
    assert [frame for _, frame, _ in place.desk.embeddings.kept] == [4]


def test_a_click_comes_before_frames_that_are_to_be_encoded(clip: Task) -> None:
    place = place_make()
    frames_warm(pictures(clip, 3), viewer="bob")
    prompt_submit(prompt_make(clip, frame=0), seconds=0)
    answer_next(place.desk)
    assert [frame for _, frame, _ in place.desk.embeddings.kept] == [0]


def test_nobody_is_asked_to_encode_when_nobody_answers_clicks(clip: Task) -> None:
    assert frames_warm(pictures(clip, 3), viewer="bob") == Offers()


def test_a_frame_that_cannot_be_read_is_said(clip: Task) -> None:
    place = place_make()
    prompt = prompt_make(clip, frame=10_000)
    prompt_submit(prompt, seconds=0)
    answer_waiting(place.desk)
    assert (stands(prompt).state, stands(prompt).code) == (PromptState.FAILED, "frame_unreadable")
    assert "10000" in stands(prompt).sentence


def test_a_bug_of_a_segmenter_is_an_answer_and_the_next_click_is_answered_too(
    clip: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_make()
    prompts = [prompt_make(clip, draft=name) for name in ("a", "b")]
    prompt_submit(prompts[0], seconds=0)
    with monkeypatch.context() as patch:
        patch.setattr(place.clicker, "segment", lambda *args, **prompt: 1 / 0)
        answer_waiting(place.desk)
    prompt_submit(prompts[1], seconds=0)
    answer_waiting(place.desk)
    assert stands(prompts[0]).code == "unexpected"
    assert stands(prompts[1]).state is PromptState.DONE


def test_nobody_follows_another_persons_prompt(clip: Task) -> None:
    prompt = prompt_make(clip, user_id=7)
    prompt_submit(prompt, seconds=0)
    with pytest.raises(LabelyardError) as refusal:
        prompt_follow(prompt_id=prompt.id, task_id=clip.pk, user_id=8, seconds=0)
    assert (refusal.value.code, refusal.value.status) == ("prompt_gone", 410)


def test_a_worker_that_is_not_heard_of_is_forgotten(clip: Task) -> None:
    place = place_make()
    assert [worker.id for worker in live_workers(store())] == [place.desk.worker.id]
    store().delete(f"lane:alive:{place.desk.worker.id}")
    assert live_workers(store()) == []
    assert store().smembers("lane:workers") == set()


def test_everything_of_the_lane_ends_by_itself(clip: Task) -> None:
    place = place_make()
    frames_warm(pictures(clip, 1), viewer="bob")
    prompt_submit(prompt_make(clip), seconds=0)
    answer_waiting(place.desk)
    prompt_submit(prompt_make(clip, draft="other"), seconds=0)
    keys = set(store().keys("lane:*")) - {"lane:workers"}
    assert {key for key in keys if store().ttl(key) < 0} == set()
    assert len(keys) >= 6
