"""The command ``labelyard``: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.client.conftest import Installation

pytestmark = pytest.mark.stack
Run = Callable[..., Any]


@pytest.fixture
def run(installation: Installation, tmp_path: Path) -> Run:
    """Run the command as a shell would; ``without`` names variables that are not set."""

    def labelyard(*arguments: str, without: tuple[str, ...] = (), **more: str) -> Any:
        environment = {
            **installation.environment,
            "LABELYARD_CONFIG": str(tmp_path / "in" / "account.json"),
            **more,
        }
        environment = {name: value for name, value in environment.items() if name not in without}
        return subprocess.run(
            ["labelyard", *arguments],
            env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return labelyard


def test_how_it_ends_is_told_by_exit_codes_and_on_standard_error(run: Run) -> None:
    refused = run("projects", "show", "9999999", "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "labelyard: There is no such project, or you may not see it. (not_found)\n"
    misused = run("jobs", "cancel", "1")
    assert misused.returncode == 2
    assert "--keep or --discard" in misused.stderr
    away = run("me", LABELYARD_URL="http://127.0.0.1:1")
    assert (away.returncode, away.stdout) == (3, "")
    assert "cannot be reached" in away.stderr
    unknown = run("me", LABELYARD_TOKEN="lyd_unknown")
    assert (unknown.returncode, "(invalid_token)" in unknown.stderr) == (1, True)


def test_a_file_that_cannot_be_read_is_told_from_a_refusal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "no.mp4").write_bytes(b"not a video at all")
    made = run("projects", "create", "Files", "--class", "Car:bounding_box", "--json")
    project = json.loads(made.stdout)["id"]
    failed = run("media", "upload", str(project), str(tmp_path / "no.mp4"))
    assert failed.returncode == 4, failed.stderr
    assert "no.mp4" in failed.stderr


def test_signing_in_keeps_the_token_in_a_file_for_oneself_and_for_that_address(
    run: Run, installation: Installation, tmp_path: Path
) -> None:
    bare = ("LABELYARD_URL", "LABELYARD_TOKEN")
    assert run("me", without=bare).returncode == 2
    done = run("login", installation.url, without=("LABELYARD_URL",))
    assert done.returncode == 0, done.stderr
    assert "as mara" in done.stdout
    assert installation.token not in done.stdout + done.stderr
    kept = tmp_path / "in" / "account.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(run("me", "--json", without=bare).stdout)["username"] == "mara"
    # The token is not sent elsewhere.
    elsewhere = run("--url", "http://127.0.0.1:1", "me", without=bare)
    assert elsewhere.returncode == 2
    assert run("logout", without=bare).returncode == 0
    assert not kept.exists()


def test_a_wrong_token_is_not_kept(run: Run, installation: Installation, tmp_path: Path) -> None:
    done = run("login", installation.url, LABELYARD_TOKEN="lyd_wrong")
    assert done.returncode == 1
    assert not (tmp_path / "in").exists()


def test_shells_get_their_completion(run: Run) -> None:
    assert "_LABELYARD_COMPLETE=bash_complete" in run("completion", "bash").stdout
    words = run(_LABELYARD_COMPLETE="bash_complete", COMP_WORDS="labelyard jobs re", COMP_CWORD="2").stdout
    assert {line.partition(",")[2] for line in words.split()} == {"redo", "resume", "retry", "revert"}
