"""``manage.py up`` as a person runs it: it says where the pages are, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from labeling.stack.environment import ADDRESSES
from tests.stack.test_stack import alive
from tests.waiting import until

pytestmark = pytest.mark.stack


def command(folder: Path) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "up", "--data", str(folder)]


def own_environment() -> dict[str, str]:
    """The environment without the servers of the tests: the stack brings its own."""
    return {name: value for name, value in os.environ.items() if name not in ADDRESSES}


@contextmanager
def up(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command until it has printed its address; yield it with the address."""
    process = subprocess.Popen(
        command(folder), stdout=subprocess.PIPE, text=True, env=own_environment(), start_new_session=True
    )
    assert process.stdout is not None
    try:
        address = next(line.split()[-1] for line in process.stdout if "runs at" in line)
        yield process, address
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_no_process_stays_behind_however_it_ends(tmp_path: Path, end: signal.Signals) -> None:
    with up(tmp_path) as (process, _):
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) >= 6  # the supervisor and five programs
        os.killpg(process.pid, end)
        process.wait(40)
        until(lambda: not any(alive(one) for one in family), seconds=30, what="the end of all processes")
        assert process.returncode == (-signal.SIGKILL if end == signal.SIGKILL else 0)


def test_a_second_one_on_the_same_folder_is_refused_and_the_first_ends_when_told(
    tmp_path: Path,
) -> None:
    with up(tmp_path) as (process, address):
        second = subprocess.run(
            command(tmp_path), capture_output=True, text=True, env=own_environment(), timeout=60, check=False
        )
        assert second.returncode == 1
        assert f"runs on this data folder already (process {process.pid}, {address})." in second.stderr
        assert "Traceback" not in second.stderr
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
        until(lambda: not any(alive(one) for one in family), seconds=30, what="the end of all processes")
