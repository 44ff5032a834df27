"""The receiver of the docs, run as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from labeling.models import Project
from labeling.services.events import event_write
from labeling.stack.ports import free_port, port_answers
from tests.waiting import until
from tests.webhooks.conftest import Make, deliver, make_due

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "docs" / "webhooks.md"


def test_the_receiver_of_the_docs_takes_what_is_sent_once(
    project: Project, make: Make, tmp_path: Path
) -> None:
    example = re.search(r"## A receiver\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    port = free_port()
    new = make(url=f"http://127.0.0.1:{port}/", kinds=["task.created"])
    event_write(kind="task.created", project_id=project.pk, payload={"by": "alice"})
    output = tmp_path / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", example[1]],
            env={**os.environ, "PORT": str(port), "WEBHOOK_SECRET": new.secret},
            stdout=file,
            stderr=subprocess.DEVNULL,
        )
    try:
        until(lambda: port_answers(port), seconds=60, what="the receiver")
        deliver()
        new.webhook.deliveries.update(state="waiting")
        make_due(new.webhook)
        deliver()
    finally:
        process.kill()
        process.wait()
    assert list(new.webhook.deliveries.values_list("state", "status", "attempts")) == [("delivered", 204, 2)]
    (line,) = output.read_text().splitlines()
    kind, data = json.loads(line)
    assert (kind, data["by"], data["project"]) == ("task.created", "alice", project.pk)
