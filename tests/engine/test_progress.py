"""A holder that gets on keeps its part, with or without commits; one that only beats does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now

from labeling.models import Part, PartState, Task
from tests.engine.ordering import claimed, seeded_instance, track
from workers.heartbeat import Watch, beat
from workers.reaper import reap

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


@pytest.fixture
def watch(task: Task) -> Watch:
    """A part whose last commit was longer ago than any holder may go without getting on."""
    track(task, seeded_instance(task))
    lease = claimed()
    ago = timedelta(seconds=2 * settings.PROGRESS_DEADLINE_SECONDS + settings.LEASE_SECONDS)
    lease.rows().update(progress_at=Now() - ago)
    return Watch(lease)


def test_frames_run_without_a_commit_are_progress(watch: Watch) -> None:
    watch.advanced()
    beat(watch)
    assert reap() == 0
    assert Part.objects.get().state == PartState.RUNNING


def test_a_heart_that_only_beats_is_none(watch: Watch) -> None:
    beat(watch)
    assert reap() == 1
    assert Part.objects.get().state == PartState.QUEUED


def test_progress_counts_once(watch: Watch) -> None:
    watch.advanced()
    beat(watch)
    before = Part.objects.get().progress_at
    beat(watch)
    assert Part.objects.get().progress_at == before
