"""Encord's envelope and signature, by the code that receivers of Encord's webhooks use."""

from __future__ import annotations

import json

import pytest
from encord_agents.core import webhooks as encord

from labeling.models import Project
from labeling.services.events import event_write
from tests.webhooks.conftest import Make, deliver, make_due
from tests.webhooks.receiver import Receiver, answers

pytestmark = pytest.mark.django_db


def test_their_code_verifies_a_delivery_and_knows_an_event_that_is_not_theirs(
    project: Project, make: Make, receiver: Receiver
) -> None:
    new = make(format="encord")
    receiver.respond = answers(500)
    event_write(kind="task.created", project_id=project.pk, payload={"by": "alice"})
    deliver()
    receiver.respond = answers(200)
    make_due(new.webhook)
    deliver()
    first, second = receiver.heard
    for heard in (first, second):
        # It verifies the signature first, and only then looks at what the event is.
        with pytest.raises(encord.UnexpectedEventType, match="task_created_event"):
            encord.verify_and_parse_notification(heard.body, heard.headers, secret=new.secret)
        with pytest.raises(encord.WebhookVerificationError):
            encord.verify_and_parse_notification(heard.body + b" ", heard.headers, secret=new.secret)
    told = json.loads(first.body)
    assert (told["version"], told["source"], told["event_type"]) == (1, "labelyard", "task_created_event")
    assert told["payload"]["by"] == "alice"
    assert first.body == second.body
    assert "webhook-signature" not in first.headers


def test_the_envelope_reads_as_their_model(project: Project, make: Make, receiver: Receiver) -> None:
    make(format="encord", kinds=["task.created"])
    event_write(kind="task.created", project_id=project.pk, payload={"by": None})
    deliver()
    told = json.loads(receiver.heard[0].body)
    work = {
        "project_hash": str(project.uid),
        "stage_uuid": str(project.uid),
        "pending_count": 1,
        "reason": "batch_size_reached",
    }
    read = encord.TaskNotification.model_validate({**told, "payload": work})
    assert str(read.uid) == told["uid"]
    assert read.event_created_timestamp.tzinfo is not None
