"""What Celery calls: a bell rang, so take what is next."""

from __future__ import annotations

from typing import Any

from workers import announcing, niceness  # noqa: F401  (they connect to the signals of a worker)
from workers.app import app
from workers.exporting import export_next
from workers.lane.offering import answer_bell
from workers.listing import list_next
from workers.probing import probe_next
from workers.runner import run_waiting
from workers.webhooks.delivering import deliver_waiting


@app.task(name="workers.take_part", bind=True)
def take_part(self: Any, capability: str) -> None:
    run_waiting(capability=capability, worker=str(self.request.hostname or ""))


@app.task(name="workers.take_media")
def take_media(capability: str) -> None:
    list_next()
    export_next()
    probe_next()


@app.task(name="workers.take_webhooks")
def take_webhooks(capability: str) -> None:
    deliver_waiting()


@app.task(name="workers.take_prompts")
def take_prompts(capability: str) -> None:
    answer_bell()
