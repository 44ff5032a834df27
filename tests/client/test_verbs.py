"""The client's verbs and records fit what the API answers: in this process, without a server's start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from pytest_django import Settings

from labeling.models import Delivery, Instance, Project, Task, User
from labeling.services.tokens import token_create
from labeling.services.users import user_create
from labelyard import Client, Conflict, LabelyardError
from labelyard.specifications import fixed, track_specification
from tests import factories
from tests.buckets import NAME, StrangeBucket, strange_bucket


@pytest.fixture(autouse=True)
def shared_connection(db: None) -> Iterator[None]:
    """Requests share the test's connection: their begin and end must not close it."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def client_of(user: User) -> Client:
    transport = httpx2.WSGITransport(app=get_wsgi_application())
    return Client("http://127.0.0.1", token_create(user=user, name="verbs").secret, transport=transport)


@pytest.fixture
def client(alice: User) -> Client:
    """The manager's."""
    return client_of(alice)


@pytest.fixture
def instance(task: Task) -> Instance:
    """An object with a label on frame 10."""
    made = factories.make_instance(task=task)
    factories.make_label(instance=made, frame=10)
    return made


def test_a_batch_is_tried_ordered_steered_and_run_again(client: Client, instance: Instance) -> None:
    project = instance.task.project_id
    what = track_specification(span=fixed(0, 39), object_classes=[instance.object_class_id])
    plan = client.batches.dry_run(project, what, tasks={"stage": "annotate"})
    assert (plan.tasks, plan.runs, plan.skipped) == (1, 1, [])
    batch = client.batches.order(project, what, name="Night", sample=1, key="night")
    assert client.batches.order(project, what, name="Night", sample=1, key="night").id == batch.id
    assert (batch.items_total, batch.counts["waiting"], batch.ended, batch.done) == (1, 1, False, 0)
    assert [item.task for item in client.batches.items(batch.id, state="waiting")] == [instance.task_id]
    paused = client.batches.pause(batch.id)
    assert (paused.paused, paused.verb) == (True, "pause")
    # Until a worker has been through its jobs, nothing else is done to them.
    with pytest.raises(LabelyardError) as refusal:
        client.batches.resume(batch.id, budget_seconds=60)
    assert refusal.value.status == 409
    assert [one.name for one in client.batches.list(project)] == ["Night"]


def test_a_job_is_ordered_once_more_with_changes(client: Client, instance: Instance) -> None:
    job = client.jobs.track(instance.task_id, instances=[instance.pk], first_frame=10, last_frame=39)
    client.jobs.cancel(job.id, keep=False)
    again = client.jobs.again(job.id, key="again", last_frame=20)
    assert client.jobs.again(job.id, key="again", last_frame=20).id == again.id
    assert (again.kind, again.first_frame, again.last_frame) == ("track", 10, 20)
    with pytest.raises(LabelyardError, match="no step"):
        client.jobs.again(job.id, step=2)


def test_a_thread_of_comments_is_begun_answered_and_settled(client: Client, instance: Instance) -> None:
    task = instance.task_id
    begun = client.comments.create(task, "One car or two?", frame=10, point=(120.5, 130))
    answer = client.comments.reply(begun, "Two.")
    client.comments.create(task, "Look at these.", frame=4, last_frame=9)
    about = client.comments.create(task, "Blurred.", instance=instance.pk)
    assert (begun.kind, answer.parent, about.instance) == ("point", begun.id, instance.pk)
    assert client.comments.edit(about.id, "Blurred, but there.").text == "Blurred, but there."
    assert client.comments.resolve(begun.id).resolved_at is not None
    kinds = [one.kind for one in client.comments.list(task, resolved=False)]
    assert kinds == ["range", "instance"]
    client.comments.delete(about.id)
    with pytest.raises(LabelyardError):
        client.comments.get(about.id)


def test_an_endpoint_is_made_turned_and_its_log_read(client: Client, project: Project) -> None:
    made = client.webhooks.create(
        project.pk, name="Pipeline", url="https://pipeline.example.org/", kinds=["job.failed"]
    )
    assert made.secret.startswith("whsec_")
    assert client.webhooks.update(made.id, kinds=["*"]).kinds == ["*"]
    assert client.webhooks.rotate(made.id, overlap_hours=1).secret not in ("", made.secret)
    assert client.webhooks.pause(made.id).state == "paused"
    assert client.webhooks.resume(made.id).state == "active"
    sent = client.webhooks.test(made.id)
    assert [one.id for one in client.webhooks.deliveries(made.id, state="waiting")] == [sent.id]
    assert "webhook.test" in client.webhooks.delivery(made.id, sent.id).body
    Delivery.objects.filter(pk=sent.id).update(state="failed", finished_at=datetime.now(UTC))
    since = datetime.now(UTC) - timedelta(hours=1)
    assert client.webhooks.redeliver(made.id, since=since) in (0, 1)
    assert "job.failed" in {kind.name for kind in client.webhooks.kinds()}
    client.webhooks.delete(made.id)
    assert list(client.webhooks.list(project.pk)) == []


def test_who_changes_what_somebody_else_has_changed_meanwhile_is_told(
    client: Client, project: Project, bob: User
) -> None:
    seen = client.projects.get(project.pk)
    theirs = client.projects.update(project.pk, guide="Theirs")
    with pytest.raises(Conflict, match="Somebody changed this project") as refusal:
        client.projects.update(seen, guide="Mine")
    assert (refusal.value.status, refusal.value.current["guide"]) == (412, "Theirs")
    mine = client.projects.update(theirs, guide="Mine")
    assert (mine.guide, mine.etag != theirs.etag) == ("Mine", True)
    listed = next(one for one in client.projects.members(project.pk) if one.user.username == "bob")
    member = client.projects.member(listed.id)
    client.projects.change_role(listed, role="reviewer")
    with pytest.raises(Conflict):
        client.projects.change_role(member, role="viewer")
    with pytest.raises(Conflict):
        client.projects.remove_member(member)
    client.projects.remove_member(listed.id)


def test_a_bucket_is_connected_tried_and_registered(
    client: Client, project: Project, settings: Settings
) -> None:
    settings.PRIVATE_ENDPOINTS = True
    with strange_bucket(StrangeBucket(objects={"in/a.mp4": b"a", "in/b.txt": b"b"})) as bucket:
        made = client.connections.create(
            project.pk, name="Films", bucket=NAME, prefix="in/", endpoint=bucket.url, path_style=True,
            access_key="AKIAEXAMPLE1234", secret_key="a-secret",
        )  # fmt: skip
        assert client.connections.test(made.id).code == "ok"
        preview = client.listings.dry_run(made.id, kinds=["video"])
    assert (preview.new, preview.sample, preview.whole) == (1, ["in/a.mp4"], True)
    assert client.connections.update(made.id, name="Old films").name == "Old films"
    listing = client.listings.create(made.id, kinds=["video"])
    assert client.listings.cancel(listing.id).ended
    assert client.listings.retry(listing.id).state == "queued"
    assert [one.id for one in client.listings.list(made.id)] == [listing.id]
    export = client.exports.to_bucket(project.pk, connection=made.id, format="coco")
    assert [one.state for one in client.exports.list(project.pk)] == ["queued"]
    assert client.exports.get(export.id).key.startswith("in/")


def test_an_agent_is_made_and_works_through_its_queue(client: Client, task: Task) -> None:
    robot = user_create(username="robot", is_service=True)
    client.projects.add_member(task.project_id, username="robot", role="annotator")
    assert "robot" in {one.user.username for one in client.projects.members(task.project_id)}
    agent = client.agents.create(task.project_id, name="Look", pathways={"good": "review"})
    assert client.agents.send(task.pk, agent=agent.id).stage == "agent"
    assert client.agents.get(agent.id).waiting == 1
    worker = client_of(robot)
    (first,) = worker.agents.take(agent.id)
    assert worker.agents.release(first, note="Too dark").state == "waiting"
    (visit,) = worker.agents.take(agent.id, lease_seconds=60)
    assert worker.agents.renew(worker.agents.visit(visit.id)).token == visit.token
    assert worker.agents.hand_back(visit, outcome="good").outcome == "good"
    assert [one.state for one in client.agents.visits(agent.id)] == ["done"]
    assert client.tasks.get(task.pk).stage == "review"


def test_a_rule_and_a_watch_are_made_tried_and_switched(
    client: Client, instance: Instance, settings: Settings
) -> None:
    settings.ENVIRONMENT_BUCKETS = ["nowhere"]
    project = instance.task.project_id
    what = track_specification(object_classes=[instance.object_class_id])
    rule = client.rules.create(project, what, name="Track", kinds=["video"], budget_seconds=60)
    assert (rule.state, rule.specification["kind"], rule.noticed) == ("off", "track", 0)
    preview = client.rules.preview(rule.id)
    assert (preview.tasks, preview.sample[0].task) == (1, instance.task_id)
    assert client.rules.update(rule.id, prefix="north/").prefix == "north/"
    assert client.rules.on(rule.id, budget_seconds=120).budget_seconds == 120
    assert [one.state for one in client.rules.list(project)] == ["on"]
    assert client.rules.off(rule.id).counts["pending"] == 0
    assert list(client.rules.tasks(rule.id)) == []
    read = client.rules.get(rule.id)
    client.rules.update(rule.id, name="Track north")
    with pytest.raises(Conflict):
        client.rules.delete(read)
    client.rules.delete(client.rules.get(rule.id))
    connection = client.connections.create(project, name="Films", bucket="nowhere")
    watch = client.watches.create(connection.id, at="02:30", kinds=["video"])
    assert (watch.state, str(watch.at), watch.listing) == ("off", "02:30:00", None)
    assert client.watches.update(client.watches.get(watch.id), every_minutes=60).at is None
    with pytest.raises(Conflict):
        client.watches.update(replace(watch, etag='"older"'), every_minutes=30)
    assert client.watches.on(watch.id).next_at is not None
    assert client.watches.off(watch.id).state == "off"
    assert [one.every_minutes for one in client.watches.list(connection.id)] == [60]
    client.watches.delete(watch.id)
