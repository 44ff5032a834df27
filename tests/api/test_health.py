"""``/healthz``."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import forget_broker
from tests.servers import ValkeyServer


@pytest.mark.django_db
def test_a_process_with_database_and_queue_is_well(valkey: ValkeyServer) -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": True, "queue": True})


@pytest.mark.django_db
def test_a_process_without_its_queue_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    forget_broker()
    try:
        answer = Client().get("/healthz")
    finally:
        forget_broker()
    assert answer.status_code == 503
    assert answer.json() == {"status": "degraded", "database": True, "queue": False}
