"""What the client sends again, and what it does not."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from labelyard import Client, LabelyardError
from labelyard.retrying import seconds_of
from tests.client.conftest import Installation
from tests.client.weather import breaking_line, porter

Answer = tuple[int, dict[str, str], bytes]
TOO_MANY = {"error": {"code": "too_many_requests", "sentence": "Wait a moment.", "details": {}}}
BUSY: Answer = (429, {"Retry-After": "0"}, json.dumps(TOO_MANY).encode())
ME: Answer = (200, {}, b'{"id": 1, "username": "mara", "is_service": false, "memberships": [], "new": [1]}')
GATEWAY: Answer = (502, {}, b"<html>Bad gateway</html>")
ORDER = {"kind": "track", "instances": [1], "first_frame": 0, "last_frame": 1}


def test_what_only_reads_is_asked_again_until_it_is_answered() -> None:
    with porter(BUSY, GATEWAY, ME) as server, Client(server.url, "lyd_x") as client:
        assert client.me().username == "mara"
        assert [method for method, *_ in server.asked] == ["GET"] * 3


def test_a_server_that_stays_busy_is_told_with_its_own_sentence() -> None:
    with porter(*[BUSY] * 3) as server, Client(server.url, "lyd_x", attempts=3) as client:
        with pytest.raises(LabelyardError, match="Wait a moment") as caught:
            client.me()
        assert (caught.value.code, caught.value.status, server.answers) == ("too_many_requests", 429, [])


def test_an_order_keeps_its_key_when_it_is_sent_again() -> None:
    refusal: Answer = (
        409,
        {},
        b'{"error": {"code": "job_overlaps", "sentence": "No.", "details": {"job": 7}}}',
    )
    with porter(GATEWAY, refusal) as server, Client(server.url, "lyd_x") as client:
        with pytest.raises(LabelyardError) as caught:
            client.jobs.order(3, ORDER)
        assert (caught.value.code, caught.value.details) == ("job_overlaps", {"job": 7})
        first, second = server.asked
        assert first == second
        assert len(first[2]) > 20


def test_what_would_be_done_twice_is_sent_once() -> None:
    with porter(GATEWAY) as server, Client(server.url, "lyd_x") as client:
        with pytest.raises(LabelyardError) as caught:
            client.instances.create(1, object_class=1)
        assert (caught.value.code, caught.value.status, len(server.asked)) == ("unexpected_answer", 502, 1)


def test_a_write_that_was_turned_away_is_sent_again() -> None:
    made = (
        b'{"id": 5, "task": 1, "object_class": 1, "object_hash": "abcdefgh", "name": "Car 1", "version": 1,'
    )
    made += b' "labelled": {"first": null, "last": null, "count": 0}}'
    with porter(BUSY, (201, {}, made)) as server, Client(server.url, "lyd_x") as client:
        assert client.instances.create(1, object_class=1).id == 5
        assert len(server.asked) == 2


def test_where_nobody_listens_it_says_so() -> None:
    with Client("http://127.0.0.1:1", "lyd_secret", attempts=2) as client:
        with pytest.raises(LabelyardError) as caught:
            client.me()
        assert caught.value.code == "unreachable"
        assert "lyd_secret" not in caught.value.sentence


def test_the_date_of_a_retry_after_is_read() -> None:
    assert seconds_of("Thu, 01 Jan 1970 00:00:00 GMT") == 0.0
    assert seconds_of("7") == 7.0
    assert seconds_of("soon") is None


@pytest.mark.stack
def test_an_upload_that_breaks_begins_again_and_arrives_once(installation: Installation, film: Path) -> None:
    with Client(installation.url, installation.token) as straight:
        classes = [{"name": "Car", "shape": "bounding_box"}]
        project = straight.projects.create(name="Broken line", ontology={"name": "x", "classes": classes})
        sent: list[int] = []
        with (
            breaking_line(installation.url, breaks=[70_000, 100_000]) as line,
            Client(line.url, installation.token) as client,
        ):
            media = client.media.upload(project.id, film, progress=lambda done, _: sent.append(done))
        assert line.opened == 3
        assert sent[-1] == film.stat().st_size == media.size_bytes
        assert sum(1 for before, after in pairwise(sent) if after < before) == 2
        assert [one.id for one in straight.media.list(project.id)] == [media.id]
