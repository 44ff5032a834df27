"""Runs over many tasks on pages: the form with its dry run, the list, one batch, its buttons."""

from __future__ import annotations

import html
import json
import shlex
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Batch, Job, JobKind, ObjectClass, Project, Stage, Task, User, Worker
from labeling.services.batches.specification import SpanKind, specification_read
from labeling.services.orders import DetectOrder, TrackOrder
from tests.engine.batching import counts, queued, seeded_tasks, tended, tracking
from tests.web.browser import OpenPage
from tests.web.conftest import SignedIn

pytestmark = [pytest.mark.django_db]

TRACK = {"kind": "track", "span": "seed", "span_frames": "5", "priority": "0.5", "algorithm": "fast"}


@pytest.fixture(autouse=True)
def quiet(valkey: object, settings: object) -> None:
    """Bells ring in a real queue; the scripted tracker may be ordered."""
    settings.SCRIPTED_BACKEND = True  # type: ignore[attr-defined]


def test_the_tasks_lead_to_a_run_with_the_same_filter(
    signed_in: SignedIn, alice: User, bob: User, project: Project
) -> None:
    first, _ = seeded_tasks(project, 2)
    Task.objects.filter(pk=first.pk).update(stage=Stage.REVIEW)
    page = signed_in(alice).get(f"/projects/{project.pk}/?stage=review").content.decode()
    assert "New run on the 1 matching" in page
    form = signed_in(alice).get(f"/projects/{project.pk}/runs/new/?stage=review").content.decode()
    assert "New run on 1 task<" in form
    assert '<input type="hidden" name="stage" value="review">' in form
    assert "New run" not in signed_in(bob).get(f"/projects/{project.pk}/").content.decode()


def test_the_dry_run_counts_and_names_what_is_skipped(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    _, bare = seeded_tasks(project, 2)
    bare.instances.get().labels.all().delete()
    answer = signed_in(alice).post(
        reverse("run-new", args=[project.pk]), TRACK, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "Queue 1 job<" in page
    assert "there is nothing to track it from" in page
    assert bare.title in page
    assert "unknown: too few such runs so far" in page
    assert not Batch.objects.exists()


def test_a_form_that_makes_no_sense_says_so_beside_it(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    seeded_tasks(project, 1)
    wrong = {**TRACK, "kind": "detect_all"}
    answer = signed_in(alice).post(
        reverse("run-new", args=[project.pk]), wrong, headers={"HX-Request": "true"}
    )
    assert "Detection starts from no label" in answer.content.decode()
    answer = signed_in(alice).post(reverse("run-new", args=[project.pk]), wrong)
    assert (answer.status_code, Batch.objects.count()) == (422, 0)


def test_a_run_is_queued_once_however_often_it_is_clicked(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    seeded_tasks(project, 3)
    body = {**TRACK, "verb": "queue", "key": "a page's key", "name": "Night"}
    for _ in range(2):
        answer = signed_in(alice).post(reverse("run-new", args=[project.pk]), body)
        assert answer.status_code == 302
    batch = Batch.objects.get()
    assert answer.headers["Location"] == reverse("batch", args=[batch.pk])
    assert (batch.name, batch.created_by, batch.sample) == ("Night", alice, None)
    span = specification_read(batch.specification).span
    assert (span.kind, span.frames) == (SpanKind.SEED, 5)


def test_detection_of_the_checked_classes_is_tried_on_a_sample(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    seeded_tasks(project, 2)
    offered = {"cpu-words": {"capability": "cpu", "reads": ["words"]}}
    Worker.objects.create(name="w", detectors=offered, started_at=timezone.now(), seen_at=timezone.now())
    box = ObjectClass.objects.get(ontology=project.ontology, name="bounding_box")
    body = {
        "kind": "detect_all", "span": "whole", "priority": "0.7", "classes": [box.pk], "step": "5",
        "threshold": "0.4", "verb": "try",
    }  # fmt: skip
    signed_in(alice).post(reverse("run-new", args=[project.pk]), body)
    batch = Batch.objects.get()
    order = specification_read(batch.specification).template
    assert isinstance(order, DetectOrder)
    assert (batch.kind, batch.sample, order.step, order.priority) == (JobKind.DETECT_ALL, 20, 5, 0.7)
    assert [(one.object_class, one.threshold) for one in order.classes] == [(box.pk, 0.4)]


def test_a_batch_is_watched_and_steered_on_its_page(
    signed_in: SignedIn, alice: User, victor: User, project: Project
) -> None:
    _, bare = seeded_tasks(project, 2)
    bare.instances.get().labels.all().delete()
    batch = queued(project, specification=tracking(), user=alice)
    listed = signed_in(victor).get(f"/projects/{project.pk}/batches/").content.decode()
    assert "1 skipped" in listed
    page = signed_in(victor).get(f"/batches/{batch.pk}/?state=skipped").content.decode()
    assert bare.title in page
    assert "Cancel, keep" not in page
    act = reverse("batch-act", args=[batch.pk])
    said = signed_in(alice).post(act, {"verb": "pause"}).content.decode()
    assert "what runs stops at its next commit" in said
    assert counts(tended(batch)) == {"paused": 1, "skipped": 1}
    said = signed_in(alice).post(act, {"verb": "pause"}).content.decode()
    assert "so it cannot be paused" in said
    signed_in(alice).post(act, {"verb": "cancel-keep"})
    assert counts(tended(batch)) == {"cancelled": 1, "skipped": 1}


def test_a_batch_is_run_again_with_changes_that_are_shown(
    signed_in: SignedIn, alice: User, bob: User, project: Project
) -> None:
    seeded_tasks(project, 2)
    specification = tracking(interval=7, max_frames_after_key=40)
    first = queued(project, specification=specification, user=alice)
    Job.objects.filter(batch=first).update(state="failed", finished_at=timezone.now())
    address = reverse("run-again", args=[first.pk])
    assert address in signed_in(alice).get(reverse("batch", args=[first.pk])).content.decode()
    assert signed_in(bob).get(address).status_code == 403
    form = signed_in(alice).get(address).content.decode()
    assert 'name="interval" value="7"' in form
    body = {
        "kind": "track", "span": "fixed", "span_first": "0", "span_last": "9", "priority": "0.5",
        "algorithm": "scripted", "interval": "3", "states": ["failed"],
    }  # fmt: skip
    told = signed_in(alice).post(address, body, headers={"HX-Request": "true"}).content.decode()
    assert "<dt>interval</dt><dd><s>7</s> 3</dd>" in told
    assert told.count("<s>") == 1
    assert not Batch.objects.filter(parent=first).exists()
    signed_in(alice).post(address, {**body, "verb": "queue", "key": "once"})
    again = Batch.objects.get(parent=first)
    order = specification_read(again.specification).template
    assert isinstance(order, TrackOrder)
    assert (order.interval, order.max_frames_after_key, again.items_total) == (3, 40, 2)


def test_the_call_of_the_api_orders_what_the_form_does(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    seeded_tasks(project, 2)
    body = {**TRACK, "stage": "annotate", "interval": "0", "budget_hours": "2", "name": 'It\'s "night"'}
    new = reverse("run-new", args=[project.pk])
    page = signed_in(alice).post(new, body, headers={"HX-Request": "true"}).content.decode()
    call = html.unescape(page.split('aria-label="Call of the API">')[1].split("</pre>")[0])
    words = shlex.split(call.replace("\\\n", ""))
    path, told = urlsplit(words[words.index("-d") - 1]).path, json.loads(words[words.index("-d") + 1])
    answer = signed_in(alice).post(path, told, content_type="application/json")
    assert answer.status_code == 201, answer.content
    signed_in(alice).post(new, {**body, "verb": "queue"})
    by_call, by_form = Batch.objects.order_by("pk")
    assert by_call.specification == by_form.specification
    assert (by_call.filter, by_call.name, by_call.budget_seconds) == (
        by_form.filter,
        by_form.name,
        by_form.budget_seconds,
    )


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_manager_tries_a_run_dry_queues_it_cancels_it_and_runs_it_again(
    page_of: OpenPage, live_server: LiveServer, alice: User, project: Project
) -> None:
    seeded_tasks(project, 2)
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/{project.pk}/")
    page.get_by_role("link", name="New run").click()
    page.get_by_label("Tracker").select_option("scripted")
    page.get_by_text("As a call of the API").click()
    expect(page.get_by_label("Call of the API")).to_contain_text('"algorithm": "scripted"')
    page.get_by_role("button", name="Queue 2 jobs").click()
    expect(page.get_by_role("heading", name="Track batch")).to_be_visible()
    first = tended(Batch.objects.get())
    page.reload()
    page.get_by_role("button", name="Cancel, keep").click()
    expect(page.get_by_text("The labels written so far stay.")).to_be_visible()
    assert counts(tended(first)) == {"cancelled": 2}
    page.reload()
    page.get_by_role("link", name="Run again …").click()
    page.get_by_label("Tracking annotation interval").fill("3")
    expect(page.locator("#dry-run s")).to_have_text("30")
    page.get_by_role("button", name="Queue 2 jobs").click()
    expect(page.get_by_role("link", name=f"batch {first.pk}")).to_be_visible()
    assert Batch.objects.get(parent=first).items_total == 2
