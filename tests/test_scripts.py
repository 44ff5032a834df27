"""The pure parts of the pages' scripts, tested by Node.js: ``tests/js/*.test.js``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.needs import missing

FOLDER = Path(__file__).parent / "js"


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.test.js")))
def test_scripts(name: str) -> None:
    node = shutil.which("node")
    if node is None:
        missing("Node.js is not installed.")
    run = subprocess.run(
        [node, "--test", str(FOLDER / name)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
