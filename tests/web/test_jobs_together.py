"""The table of jobs: what waits above it, its filters, and one thing done to many."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from labeling.models import Job, JobState, Project, User, Worker
from tests.engine.batching import queued, seeded_tasks
from tests.web.conftest import SignedIn

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def quiet(valkey: object, settings: object) -> None:
    """Bells ring in a real queue; the scripted tracker may be ordered."""
    settings.SCRIPTED_BACKEND = True  # type: ignore[attr-defined]


def test_what_waits_stands_above_the_table(signed_in: SignedIn, alice: User, project: Project) -> None:
    seeded_tasks(project, 3)
    queued(project, user=alice)
    address = f"/projects/{project.pk}/jobs/"
    page = signed_in(alice).get(address).content.decode()
    assert "<dt>Queued</dt><dd>3</dd>" in page
    assert "No worker that is online takes “scripted” (cpu)" in page
    now = timezone.now()
    offers = {"scripted": {"capability": "cpu", "shapes": []}}
    Worker.objects.create(name="w", capabilities=["cpu"], algorithms=offers, started_at=now, seen_at=now)
    page = signed_in(alice).get(address).content.decode()
    assert "No worker that is online" not in page
    assert "1 take what is queued" in page


def test_one_thing_is_done_to_all_that_match_or_to_the_chosen(
    signed_in: SignedIn, alice: User, bob: User, project: Project
) -> None:
    seeded_tasks(project, 4)
    queued(project, user=alice)
    first, second, *_ = Job.objects.order_by("pk")
    act = reverse("jobs-act", args=[project.pk])
    reach = f"{reverse('jobs-reach')}?project={project.pk}&state=queued&verb=pause"
    assert "Pause all 4 that match" in signed_in(alice).get(reach).content.decode()
    assert "nothing to pause among all 4" in signed_in(bob).get(reach).content.decode()
    chosen = {"verb": "pause", "which": "chosen", "job": [first.pk, second.pk]}
    assert "Paused 2 jobs." in signed_in(alice).post(act, chosen).content.decode()
    said = signed_in(alice).post(f"{act}?state=queued", {"verb": "cancel-keep", "which": "matching"})
    assert "Cancelled, keeping labels, 2 jobs." in said.content.decode()
    states = list(Job.objects.order_by("pk").values_list("state", flat=True))
    assert states == [JobState.PAUSED, JobState.PAUSED, JobState.CANCELLED, JobState.CANCELLED]
    said = signed_in(alice).post(act, {"verb": "resume", "which": "matching"})
    assert "Resumed 2 jobs. 2 left as they are" in said.content.decode()
    said = signed_in(bob).post(act, {"verb": "pause", "which": "matching"})
    assert "Only who ordered the job" in said.content.decode()
    said = signed_in(alice).post(act, {"verb": "pause", "which": "chosen"})
    assert "No job was chosen" in said.content.decode()


def test_filters_are_the_address(signed_in: SignedIn, alice: User, bob: User, project: Project) -> None:
    seeded_tasks(project, 1)
    queued(project, user=alice)
    mine = signed_in(bob).get(f"/projects/{project.pk}/jobs/?by=me").content.decode()
    assert "No such jobs" in mine
    kind = signed_in(bob).get(f"/projects/{project.pk}/jobs/?kind=detect_all").content.decode()
    assert "No such jobs" in kind
    assert (
        "Track "
        in signed_in(bob).get(f"/projects/{project.pk}/jobs/?kind=track&state=active").content.decode()
    )
