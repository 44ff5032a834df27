"""A window of 64 frames with 50 objects each, read by the API over HTTP, with a million labels stored."""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import json
import os
import random
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from django.db import connection
from django.utils import timezone

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Box
from labeling.models import Instance, Member, Project, Role, Task, User
from labeling.services.tokens import token_create
from labeling.stack.stack import Stack
from tests.factories import make_instance, make_media, make_ontology, make_task
from tools.bench.lines import figure, median, p95

FRAMES, OBJECTS, WINDOW, REQUESTS = 20_000, 50, 64, 100

FILL = """
INSERT INTO labeling_label
    (task_id, instance_id, frame, geometry, provenance, confidence, protected, version, seq, z_order,
     occluded, job_id, author_id, updated_at)
WITH RECURSIVE frames(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM frames WHERE n + 1 < %s)
SELECT %s, %s, n, %s, 4, 0.9, %s, 1, 1, 0, %s, NULL, NULL, %s FROM frames
"""


def main(database: str) -> None:
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    user = User.objects.create_user("reader")
    Member.objects.create(project=project, user=user, role=Role.VIEWER)
    token = token_create(user=user, name="bench").secret
    task = make_task(media=make_media(project=project, frames=FRAMES))
    for number in range(OBJECTS):
        fill(task, make_instance(task=task), number)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE labeling_label")
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(
            Path(folder), database_url=os.environ["DATABASE_URL"], redis_url=os.environ["REDIS_URL"]
        )
        with stack:
            stack.wait_ready()
            times = [read_window(stack.url, token, task.pk) for _ in range(REQUESTS)]
    figure(f"label_window_p95_{database}", p95(times) * 1000, "ms")
    figure(f"label_window_p50_{database}", median(times) * 1000, "ms")


def fill(task: Task, instance: Instance, number: int) -> None:
    geometry = shape_pack(Box(10.0 + number, 20.0, 30.0, 40.0))
    now = str(connection.ops.adapt_datetimefield_value(timezone.now()))
    with connection.cursor() as cursor:
        cursor.execute(FILL, [FRAMES, task.pk, instance.pk, geometry, False, False, now])


def read_window(url: str, token: str, task: int) -> float:
    """Seconds for one window, read to its end."""
    first = random.randrange(FRAMES - WINDOW)  # noqa: S311
    request = urllib.request.Request(  # noqa: S310  (our own address)
        f"{url}/api/v1/tasks/{task}/labels/?first={first}&last={first + WINDOW - 1}",
        headers={"Authorization": f"Bearer {token}"},
    )
    start = time.monotonic()
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        body = answer.read()
    seconds = time.monotonic() - start
    if len(json.loads(body)["labels"]) != WINDOW * OBJECTS:
        raise AssertionError("The window does not hold what was stored.")
    return seconds


if __name__ == "__main__":
    main(sys.argv[1])
