"""The embedded stack under one supervisor: it answers, mends itself, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis

from labeling.errors import LabelyardError
from labeling.stack.ports import LOOPBACK, free_port
from labeling.stack.processes import session_members
from labeling.stack.programs import Program
from labeling.stack.stack import Stack
from tests.servers import stranger_at
from tests.waiting import until

pytestmark = pytest.mark.stack

PROGRAMS = {"web", "interactive", "media", "webhooks", "bulk", "tend", "valkey"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that the tests of this file share, in a folder whose name needs quoting."""
    with Stack(tmp_path_factory.mktemp("my stack's 100 % data"), free_port()) as stack:
        stack.wait_ready()
        yield stack


def test_every_program_runs_and_the_pages_answer(stack: Stack) -> None:
    assert set(stack.processes()) == PROGRAMS
    assert stack.answers()


def test_the_queue_is_kept_on_disk_and_closed_to_strangers(stack: Stack) -> None:
    assert stack.valkey is not None
    with redis.Redis.from_url(stack.environment["REDIS_URL"], decode_responses=True) as client:
        kept = client.config_get("append*")
        assert (kept["appendonly"], kept["appendfsync"]) == ("yes", "everysec")
    with stranger_at(stack.valkey.port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_only_the_owner_reads_the_data_folder(stack: Stack) -> None:
    for path in (stack.data_dir / "run", stack.data_dir / "logs"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (stack.data_dir / "run" / "supervisor.conf", stack.data_dir / "valkey" / "valkey.conf"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_a_program_that_is_killed_is_started_again_and_its_children_end(stack: Stack, name: str) -> None:
    until(lambda: name in stack.processes(), seconds=20, what=name)
    killed = psutil.Process(stack.processes()[name])
    family = [killed, *killed.children(recursive=True)]
    killed.kill()
    until(lambda: stack.processes().get(name, killed.pid) != killed.pid, seconds=20, what=f"a new {name}")
    until(lambda: not any(alive(one) for one in family), seconds=10, what="the end of its children")
    stack.wait_ready(timeout_seconds=20)


def test_a_second_stack_on_the_same_folder_is_refused(stack: Stack) -> None:
    with pytest.raises(LabelyardError, match="runs on this data folder already") as refusal:
        Stack(stack.data_dir).start()
    assert refusal.value.code == "stack_running"
    assert stack.url in refusal.value.sentence
    assert stack.answers()


def test_a_port_that_is_taken_is_refused_by_name(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LabelyardError, match=f"Port {port} is taken"):
            Stack(tmp_path, port).start()
    # The folder is free again for a stack on another port.
    stack = Stack(tmp_path)
    stack.lock.take(note="")
    stack.lock.release()


def test_a_database_that_cannot_be_prepared_is_said_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "labelyard.sqlite3").write_text("This is no database.")
    with pytest.raises(LabelyardError, match="file is not a database") as refusal:
        Stack(tmp_path).start()
    assert refusal.value.code == "stack_not_prepared"


def test_a_program_that_does_not_come_up_is_named_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.stack.stack.FAILING_SECONDS", 0.0)
    broken = Program("tend", [sys.executable, "-c", "raise SystemExit('out of order')"])
    monkeypatch.setattr("labeling.stack.programs.tend", lambda: broken)
    with Stack(tmp_path) as stack, pytest.raises(LabelyardError, match=r"program tend (.|\n)*out of order"):
        stack.wait_ready()


def test_a_supervisor_that_is_killed_takes_its_programs_with_it(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack:
        stack.wait_ready()
        assert stack.supervisor is not None
        session = stack.supervisor.pid
        os.kill(session, signal.SIGKILL)
        with pytest.raises(LabelyardError, match="supervisor ended"):
            stack.wait()
    assert session_members(session) == []


def alive(process: psutil.Process) -> bool:
    """Say whether this very process lives: not a zombie, not another one of the same id."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
