"""Webhooks and agents: who is told, and who waits for tasks."""

from __future__ import annotations

from labeling.api.examples.example import MOMENT, Example

WEBHOOK = {
    "id": 4, "project": 3, "name": "Pipeline", "url": "https://pipeline.example.org/labelyard",
    "kinds": ["job.failed", "job.succeeded"], "format": "standard", "state": "active", "state_reason": "",
    "waiting": 0, "failed": 0, "failing_since": None, "resting_until": None, "delivered_at": None,
    "answers_slowly": False, "secret_before_until": None, "created_by": 1, "created_at": MOMENT,
}  # fmt: skip
DELIVERY = {
    "id": 901, "webhook": 4, "message_id": "msg_4_test_901", "kind": "webhook.test", "position": None,
    "job": None,
    "state": "waiting", "status": None, "outcome": "", "attempts": 0, "due_at": MOMENT, "created_at": MOMENT,
    "finished_at": None,
}  # fmt: skip
AGENT = {
    "id": 2, "project": 3, "name": "Blur faces", "entry": "submitted",
    "pathways": [
        {"name": "done", "to": "review", "agent": None},
        {"name": "not sure", "to": "annotate", "agent": None},
    ],
    "lease_seconds": 300, "waiting": 0, "held": 0, "created_at": MOMENT,
}  # fmt: skip

WEBHOOKS = {
    "projects_webhooks_create": [
        Example(
            "Told when jobs end",
            request={
                "name": "Pipeline", "url": "https://pipeline.example.org/labelyard",
                "kinds": ["job.succeeded", "job.failed"],
            },
            answers={201: {**WEBHOOK, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}},
        ),
    ],
    "webhooks_retrieve": [Example("In order", answers={200: WEBHOOK})],
    "webhooks_partial_update": [Example("All kinds, of later versions too", request={"kinds": ["*"]})],
    "webhooks_secret_create": [
        Example(
            "The old one signs for another day",
            request={"overlap_hours": 24},
            answers={200: {**WEBHOOK, "secret_before_until": MOMENT,
            "secret": "whsec_C2FVsBQIhrscChlQIMV-b5sSYspob7oD"}},
        ),
    ],
    "webhooks_redeliver_create": [
        Example("Since midnight", request={"since": "2026-11-29T00:00:00Z"},
        answers={200: {"redelivered": 12}}),
    ],
    "webhooks_test_create": [Example("On its way", answers={202: DELIVERY})],
    "projects_agents_create": [
        Example(
            "It gets what is submitted",
            request={
                "name": "Blur faces", "entry": "submitted", "lease_seconds": 300,
                "pathways": [{"name": "done", "to": "review"}, {"name": "not sure", "to": "annotate"}],
            },
            answers={201: AGENT},
        ),
    ],
    "agents_take_create": [Example("Two tasks for ten minutes", request={"count": 2, "lease_seconds": 600})],
    "visits_hand_back_create": [
        Example("Done", request={"token": 1, "outcome": "done", "note": "14 faces blurred."}),
    ],
}  # fmt: skip
