"""``docs/client.md`` does what it says: its blocks run, as they stand there, against a real installation."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.client.conftest import Installation

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]

PAGE = Path(settings.BASE_DIR) / "docs" / "client.md"


def blocks(language: str) -> str:
    """Return all blocks of the page in this language, one after the other."""
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert found
    return "\n".join(found)


@pytest.fixture
def folder(tmp_path: Path, film: Path) -> Path:
    """Where the recipes find their film."""
    shutil.copy(film, tmp_path / "street.mp4")
    return tmp_path


def run(command: list[str], *, folder: Path, installation: Installation) -> str:
    done = subprocess.run(
        command, cwd=folder, env=installation.environment,
        capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_recipes_in_python(folder: Path, installation: Installation) -> None:
    (folder / "recipes.py").write_text(blocks("python"))
    said = run([sys.executable, "recipes.py"], folder=folder, installation=installation)
    size = (folder / "street.mp4").stat().st_size
    assert f"{size} of {size} bytes" in said
    assert "succeeded 30 of 30" in said
    assert "29 labels" in said
    assert "10 written, 0 left as they were" in said
    assert "1 jobs over 20 frames; []" in said
    assert "1 of 1 tasks" in said
    document = json.loads((folder / "street.coco.json").read_text())
    names = {one["id"]: one["name"] for one in document["categories"]}
    drawn = [names[one["category_id"]] for one in document["annotations"]]
    assert (drawn.count("Car"), drawn.count("Road")) == (40, 10)


def test_the_recipes_in_the_shell(folder: Path, installation: Installation) -> None:
    (folder / "recipes.sh").write_text(blocks("sh"))
    said = run(["bash", "-euo", "pipefail", "recipes.sh"], folder=folder, installation=installation)
    assert re.search(r"^\d+ +street.mp4 +video +ready +40 +320 +240", said, flags=re.MULTILINE)
    assert "annotate" in said
    lines = said.splitlines()
    # No job has failed; the batch would find an object in no task; the remark stands there.
    assert {"[]", "runs: 0", "text: Seen by the script."} <= set(lines)
    assert json.loads((folder / "shell.coco.json").read_text())["categories"][0]["name"] == "Car"
