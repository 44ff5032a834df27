"""``events/``: polling, and the stream under the asynchronous server's rules."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import AsyncClient
from rest_framework.test import APIClient

from labeling.api import feed as feeding
from labeling.asgi import application
from labeling.models import ApiToken, Event, Member, Project, User
from labeling.services.events import event_write
from labeling.services.tokens import token_create
from tests import factories
from tests.api.things import error_of, number_events

pytestmark = pytest.mark.engine

PATIENCE = 10.0


def happen(project: Project, kind: str) -> int:
    """Write an event and give it its position, as the relay does."""
    event_write(kind=kind, project_id=project.pk, payload={"n": 1})
    return number_events()


def test_polling_tells_what_happened_after_a_position(bob_client: APIClient, project: Project) -> None:
    start = bob_client.get("/api/v1/events/").json()
    assert start == {"events": [], "position": 0}
    happen(project, "a")
    happen(project, "b")
    answer = bob_client.get("/api/v1/events/", {"after": 0}).json()
    assert [(event["position"], event["kind"]) for event in answer["events"]] == [(1, "a"), (2, "b")]
    assert answer["events"][0]["payload"] == {"n": 1}
    assert answer["position"] == 2
    assert bob_client.get("/api/v1/events/", {"after": 2}).json() == {"events": [], "position": 2}


def test_polling_tells_nothing_of_projects_of_others(
    bob_client: APIClient, charlie_client: APIClient, project: Project
) -> None:
    happen(project, "mine")
    happen(factories.make_project(ontology=project.ontology), "theirs")
    shown = bob_client.get("/api/v1/events/", {"after": 0}).json()
    assert [event["kind"] for event in shown["events"]] == ["mine"]
    assert shown["position"] == 2
    assert charlie_client.get("/api/v1/events/", {"after": 0}).json()["events"] == []
    assert charlie_client.get("/api/v1/events/", {"after": 0, "project": project.pk}).status_code == 404


def test_an_event_without_a_position_is_not_there_yet(bob_client: APIClient, project: Project) -> None:
    event_write(kind="fresh", project_id=project.pk)
    assert bob_client.get("/api/v1/events/", {"after": 0}).json()["events"] == []


def test_a_stream_wants_a_position_it_can_read(bob_client: APIClient) -> None:
    answer = bob_client.get("/api/v1/events/stream/", headers={"last-event-id": "yesterday"})
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid_last_event_id")


class Stream:
    """The events of a stream as they come."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        self.content = content

    async def text(self) -> str:
        """The next message, raw; an empty one when the stream has ended."""
        piece = await asyncio.wait_for(anext(self.content, b""), PATIENCE)
        return piece.decode()

    async def event(self) -> dict[str, Any]:
        """The next event, after comments and the opening."""
        while True:
            text = await self.text()
            assert text, "the stream has ended"
            lines = dict(
                line.split(": ", 1) for line in text.strip().splitlines() if not line.startswith(":")
            )
            if "data" in lines:
                event: dict[str, Any] = json.loads(lines["data"])
                assert lines["id"] == str(event["position"])
                return event


@asynccontextmanager
async def reading(client: AsyncClient, query: str = "", **headers: str) -> AsyncIterator[Stream]:
    answer: Any = await client.get(f"/api/v1/events/stream/{query}", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/event-stream"
    content = aiter(answer.streaming_content)
    try:
        yield Stream(content)
    finally:
        await sync_to_async(answer.close)()


async def nobody_reads(feed: feeding.Feed) -> None:
    """Return once the last reader has left."""
    async with asyncio.timeout(PATIENCE):
        while feed.readers:
            await asyncio.sleep(0)


def run(scene: Any) -> None:
    """Play an asynchronous scene, and let go of its feed."""

    async def played() -> None:
        await scene
        feed = feeding.feed()
        await nobody_reads(feed)
        await asyncio.get_running_loop().run_in_executor(None, feed.executor.shutdown)

    asyncio.run(played())


async def signed_in(user: User) -> AsyncClient:
    client = AsyncClient()
    await client.aforce_login(user)
    return client


@pytest.mark.django_db(transaction=True)
def test_a_stream_tells_what_happens_while_it_is_open(bob: User, project: Project) -> None:
    other = factories.make_project(ontology=project.ontology)

    async def scene() -> None:
        client = await signed_in(bob)
        async with reading(client) as stream:
            assert "id: 0" in await stream.text()
            await sync_to_async(happen)(other, "theirs")
            await sync_to_async(happen)(project, "mine")
            event = await stream.event()
            assert (event["kind"], event["position"], event["project"]) == ("mine", 2, project.pk)

    run(scene())


@pytest.mark.django_db(transaction=True)
def test_a_stream_goes_on_from_the_last_event_that_was_heard(bob: User, project: Project) -> None:
    for kind in ("a", "b", "c"):
        happen(project, kind)

    async def scene() -> None:
        client = await signed_in(bob)
        async with reading(client, **{"last-event-id": "1"}) as stream:
            assert [(await stream.event())["kind"] for _ in range(2)] == ["b", "c"]
            await sync_to_async(happen)(project, "d")
            assert (await stream.event())["kind"] == "d"

    run(scene())


@pytest.mark.django_db(transaction=True)
def test_many_streams_share_one_poller_which_ends_with_the_last(
    bob: User, rita: User, project: Project
) -> None:
    async def scene() -> None:
        first, second = await signed_in(bob), await signed_in(rita)
        async with reading(first) as one, reading(second) as two:
            await one.text()
            await two.text()
            poller = feeding.feed().task
            assert poller is not None
            assert len(feeding.feed().readers) == 2
            await sync_to_async(happen)(project, "both")
            assert (await one.event())["kind"] == (await two.event())["kind"] == "both"
            assert feeding.feed().task is poller
        await asyncio.wait([poller], timeout=PATIENCE)
        assert poller.done()

    run(scene())


@pytest.mark.django_db(transaction=True)
def test_a_member_who_is_taken_out_hears_no_more(
    bob: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "ACCESS_SECONDS", 0.1)

    async def scene() -> None:
        client = await signed_in(bob)
        async with reading(client, f"?project={project.pk}") as stream:
            await stream.text()
            await Member.objects.filter(user=bob).adelete()
            assert await stream.text() == ""

    run(scene())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["token revoked", "signed out"])
def test_a_stream_ends_with_what_opened_it(
    alice: User, project: Project, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(feeding, "ACCESS_SECONDS", 0.1)
    secret = token_create(user=alice, name="reader").secret

    async def scene() -> None:
        if end == "signed out":
            client = await signed_in(alice)
            headers = {}
        else:
            client, headers = AsyncClient(), {"authorization": f"Bearer {secret}"}
        async with reading(client, **headers) as stream:
            await stream.text()
            await sync_to_async(happen)(project, "heard")
            assert (await stream.event())["kind"] == "heard"
            if end == "signed out":
                await client.alogout()
            else:
                await ApiToken.objects.aupdate(revoked_at="2020-01-01T00:00:00Z")
            assert await stream.text() == ""

    run(scene())


@pytest.mark.django_db(transaction=True)
def test_a_stream_stops_when_the_client_goes(bob: User, project: Project) -> None:
    async def scene() -> None:
        client = await signed_in(bob)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        scope = {
            "type": "http", "method": "GET", "path": "/api/v1/events/stream/", "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"cookie", cookie.encode())],
        }  # fmt: skip
        connection: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
        await connection.send_input({"type": "http.request", "body": b"", "more_body": False})
        assert (await connection.receive_output(PATIENCE))["status"] == 200
        assert b"retry" in (await connection.receive_output(PATIENCE))["body"]
        assert len(feeding.feed().readers) == 1
        await connection.send_input({"type": "http.disconnect"})
        await nobody_reads(feeding.feed())
        await connection.wait(PATIENCE)

    run(scene())


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_does_not_keep_up_is_let_go(
    bob: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "BACKLOG_MAX", 2)

    async def scene() -> None:
        client = await signed_in(bob)
        async with reading(client) as stream:
            await stream.text()
            for kind in "abcd":
                await sync_to_async(event_write)(kind=kind, project_id=project.pk)
            await sync_to_async(number_events)()
            heard = [(await stream.event())["kind"] for _ in range(2)]
            assert heard == ["a", "b"]
            assert await stream.text() == ""

    run(scene())
    assert Event.objects.count() == 4
