"""The confinement of decoding children."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from labeling.media.child import Child, ChildFailed
from labeling.media.limits import MIB, MediaLimits

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A child of the tests: it does to itself what ``request["do"]`` says."""
    (tmp_path / "child_of_tests.py").write_text(
        "import os, sys, time\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from labeling.media.confine import ParentLine, allow_cpu, confine_memory\n"
        "from labeling.media.speaker import Speaker\n"
        "line = ParentLine()\n"
        "request, blob = line.receive()\n"
        "speaker = Speaker()\n"
        f"confine_memory({64 * MIB})\n"
        "allow_cpu(1)\n"
        "exec(request['do'])\n"
    )
    monkeypatch.setattr("labeling.media.child._ROOT", tmp_path)
    return "child_of_tests"


def answer(
    module: str, do: str, *, seconds: float = 20, blob: bytes = b""
) -> tuple[dict[str, object], bytes]:
    child = Child(module)
    try:
        child.send({"do": do}, blob)
        return child.receive(seconds=seconds)
    finally:
        child.close()


def test_messages_and_bytes_go_both_ways(module: str) -> None:
    blob = os.urandom(3 * MIB)
    assert answer(module, "speaker.say({'got': len(blob)}, blob[::-1])", blob=blob) == (
        {"got": len(blob)},
        blob[::-1],
    )


def test_memory_is_limited(module: str) -> None:
    with pytest.raises(ChildFailed, match="more memory than is allowed"):
        answer(module, f"x = bytearray({200 * MIB})")


def test_processor_time_is_limited(module: str) -> None:
    with pytest.raises(ChildFailed, match="processor time"):
        answer(module, "while True: pass")


def test_silence_has_an_end(module: str) -> None:
    start = time.monotonic()
    with pytest.raises(ChildFailed, match=r"longer than 0\.3 seconds"):
        answer(module, "time.sleep(600)", seconds=0.3)
    assert time.monotonic() - start < 60


def test_large_files_cannot_be_written(module: str, tmp_path: Path) -> None:
    target = tmp_path / "large"
    with pytest.raises(ChildFailed):
        answer(module, f"open({str(target)!r}, 'wb').write(bytes({8 * MIB}))")
    assert target.stat().st_size <= MIB


def test_a_crash_is_told(module: str) -> None:
    with pytest.raises(ChildFailed, match="crashed"):
        answer(module, "import ctypes; ctypes.string_at(0)")


def test_our_secrets_do_not_reach_a_child(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@host/db")
    message, _ = answer(module, "speaker.say({'names': sorted(os.environ)})")
    assert isinstance(message["names"], list)
    assert "DATABASE_URL" not in message["names"]


def test_a_child_ends_when_its_pipe_closes_even_while_it_works(module: str) -> None:
    child = Child(module)
    child.send({"do": "speaker.say({}); time.sleep(60)"})
    child.receive(seconds=20)
    process = psutil.Process(child.pid)
    child._input.close()
    process.wait(timeout=10)


def test_a_child_ends_with_its_parent_even_when_a_sibling_holds_the_pipe() -> None:
    code = (
        "import os, sys, time\n"
        "from labeling.media.child import Child\n"
        "child = Child('labeling.media.probe_child')\n"
        "sibling = os.fork()\n"
        "if not sibling:\n"
        "    time.sleep(30); os._exit(0)\n"
        "print(child.pid, sibling, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child, sibling = (psutil.Process(int(pid)) for pid in parent.stdout.readline().split())
        parent.kill()
        parent.wait()
        try:
            _, alive = psutil.wait_procs([child], timeout=10)
            assert not alive
        finally:
            sibling.kill()


def test_limits_travel_as_plain_numbers() -> None:
    limits = MediaLimits(max_pixels=5, still_seconds=1.5)
    assert MediaLimits(**limits.to_json()) == limits  # type: ignore[arg-type]
