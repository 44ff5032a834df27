"""Checkpoints are fetched whole or not at all, and told from what is not the published file."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from labeling.errors import LabelyardError
from workers.backends.sam2.checkpoints import CHECKPOINTS, PUBLISHER, Checkpoint
from workers.checkpoints import checkpoint_fetch, checkpoint_verify

BODY = b"PK\x03\x04" + random.Random(4).randbytes(3_000_000)
SMALL = Checkpoint("small", "configs/sam2.1/sam2.1_hiera_t.yaml", len(BODY), hashlib.sha256(BODY).hexdigest())


@dataclass
class Publisher:
    """A web server that sends ``body``, at most ``most`` bytes of it a request."""

    body: bytes = BODY
    most: int | None = None
    ranges: bool = True
    kind: str = "application/octet-stream"
    url: str = ""
    asked: list[str | None] = field(default_factory=list)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wish = request.headers.get("Range")
        self.asked.append(wish)
        start = int(wish.removeprefix("bytes=").rstrip("-")) if wish and self.ranges else 0
        request.send_response(206 if start else 200)
        request.send_header("Content-Type", self.kind)
        request.send_header("Content-Length", str(len(self.body) - start))
        request.end_headers()
        end = None if self.most is None else start + self.most
        request.wfile.write(self.body[start:end])


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    publisher = Publisher()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests are quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        publisher.url = f"http://127.0.0.1:{server.server_port}/small.pt"
        yield publisher
        server.shutdown()
        thread.join()


def refusal(folder: Path, url: str) -> LabelyardError:
    with pytest.raises(LabelyardError) as refused:
        checkpoint_fetch(SMALL, folder=folder, url=url)
    return refused.value


def test_a_fetch_shows_how_far_it_is_and_leaves_the_file_alone(publisher: Publisher, tmp_path: Path) -> None:
    told: list[int] = []
    path = checkpoint_fetch(
        SMALL, folder=tmp_path, url=publisher.url, progress=lambda done, total: told.append(done)
    )
    assert path.read_bytes() == BODY
    assert [one.name for one in tmp_path.iterdir()] == ["small.pt"]
    assert told == sorted(told)
    assert len(told) > 2
    assert told[-1] == len(BODY)


def test_what_is_there_is_not_fetched_again(publisher: Publisher, tmp_path: Path) -> None:
    checkpoint_fetch(SMALL, folder=tmp_path, url=publisher.url)
    checkpoint_fetch(SMALL, folder=tmp_path, url=publisher.url)
    assert len(publisher.asked) == 1


def test_a_connection_that_breaks_leaves_no_checkpoint_and_is_gone_on_with(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.most = 1_000_000
    assert refusal(tmp_path, publisher.url).code in {"checkpoint_truncated", "checkpoint_unreachable"}
    assert not (tmp_path / "small.pt").exists()
    publisher.most = None
    assert checkpoint_fetch(SMALL, folder=tmp_path, url=publisher.url).read_bytes() == BODY
    assert publisher.asked == [None, "bytes=1000000-"]
    assert [one.name for one in tmp_path.iterdir()] == ["small.pt"]


def test_a_server_that_cannot_go_on_begins_anew(publisher: Publisher, tmp_path: Path) -> None:
    publisher.most, publisher.ranges = 1_000_000, False
    refusal(tmp_path, publisher.url)
    publisher.most = None
    assert checkpoint_fetch(SMALL, folder=tmp_path, url=publisher.url).read_bytes() == BODY


def test_another_file_of_the_same_size_is_refused_and_leaves_nothing(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.body = BODY[:-1] + b"\x00"
    refused = refusal(tmp_path, publisher.url)
    assert refused.code == "checkpoint_wrong"
    assert SMALL.sha256 in refused.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_larger_file_is_not_read_to_its_end_and_leaves_nothing(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.body = BODY * 5
    assert refusal(tmp_path, publisher.url).code == "checkpoint_truncated"
    assert list(tmp_path.iterdir()) == []


def test_a_page_instead_of_a_file_is_refused_at_once(publisher: Publisher, tmp_path: Path) -> None:
    publisher.body, publisher.kind = b"<html>Sign in to go on.</html>", "text/html"
    refused = refusal(tmp_path, publisher.url)
    assert refused.code == "checkpoint_wrong"
    assert "text/html" in refused.sentence
    assert not (tmp_path / "small.pt").exists()


def test_nobody_there(tmp_path: Path) -> None:
    refused = refusal(tmp_path, "http://127.0.0.1:9/small.pt")
    assert refused.code == "checkpoint_unreachable"
    assert "refused" in refused.sentence


def test_a_truncated_file_is_told_from_a_wrong_one(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(BODY[:1000])
    with pytest.raises(LabelyardError, match="has 1000 bytes"):
        checkpoint_verify(tmp_path / "short", SMALL)


def test_the_published_ones_come_from_their_publisher() -> None:
    assert {checkpoint.url for checkpoint in CHECKPOINTS.values()} == {
        f"{PUBLISHER}/sam2.1_hiera_{size}.pt" for size in ("tiny", "small", "base_plus", "large")
    }


class TestCommand:
    @pytest.fixture(autouse=True)
    def _small(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        monkeypatch.setitem(CHECKPOINTS, "small", SMALL)
        settings.MODELS_DIR = tmp_path
        settings.SAM2_CHECKPOINT = ""

    @staticmethod
    def said(*words: str) -> str:
        out = StringIO()
        call_command("models", *words, stdout=out)
        return out.getvalue()

    def test_fetch_then_verify_then_list(self, publisher: Publisher) -> None:
        assert "small.pt" in self.said("fetch", "small", "--from", publisher.url)
        assert "small is the published file" in self.said("verify")
        listed = self.said()
        assert "here" in next(line for line in listed.splitlines() if line.startswith("small "))
        assert "SAM 2 is not offered here. No checkpoint is named." in listed

    def test_verify_names_the_file_that_is_wrong(self, tmp_path: Path) -> None:
        (tmp_path / "small.pt").write_bytes(BODY[::-1])
        with pytest.raises(CommandError, match="is not small: its sha256 is"):
            self.said("verify", "small")

    def test_a_name_that_is_not_known(self) -> None:
        with pytest.raises(CommandError, match="There is no published checkpoint 'sam9'"):
            self.said("fetch", "sam9")
