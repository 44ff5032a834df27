"""``docs/examples/agent.py`` and the recipe of ``docs/agents.md``, against a real installation."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from labelyard import Box, Client
from tests.client.conftest import Installation

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]

DOCS = Path(settings.BASE_DIR) / "docs"


def test_it_does_what_waits_and_each_task_goes_where_its_outcome_leads(
    installation: Installation, film: Path, tmp_path: Path
) -> None:
    with Client(installation.url, installation.token) as client:
        classes = [{"name": "Car", "shape": "bounding_box"}]
        project = client.projects.create(name="Agents", ontology={"name": "x", "classes": classes})
        media = client.media.wait(client.media.upload(project.id, film, make_task=False))
        tasks = [
            client.tasks.create(
                project.id, media=media.id, first_frame=first, last_frame=first + 9, title=title
            )
            for first, title in ((0, "drawn"), (10, "bare"))
        ]
        ontology = client.projects.ontology(project)
        car = client.instances.create(tasks[0].id, object_class=ontology.class_named("Car").id)
        client.labels.put(car.id, 4, Box(50, 100, 48, 48))
        number = make_agent(installation, tmp_path, project=project.id)
        for task in tasks:
            assert client.tasks.submit(task.id).stage == "agent"
        said = run([str(DOCS / "examples" / "agent.py"), number, "--once"], installation)
        assert said.splitlines() == [
            "drawn: labelled. 1 labels on 1 frames.",
            "bare: empty. Nothing is labelled on any frame.",
        ]
        assert [client.tasks.get(task.id).stage for task in tasks] == ["review", "annotate"]


def make_agent(installation: Installation, folder: Path, *, project: int) -> str:
    """Run the page's recipe on this project; return the number that it prints."""
    (block,) = re.findall(r"^```python\n(.*?)^```", (DOCS / "agents.md").read_text(), flags=re.M | re.S)
    recipe = folder / "recipe.py"
    recipe.write_text(block.replace("next(client.projects.list())", f"client.projects.get({project})"))
    return run([str(recipe)], installation).split()[-1]


def run(script: list[str], installation: Installation) -> str:
    done = subprocess.run(
        [sys.executable, *script],
        env=installation.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
