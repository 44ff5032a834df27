"""A client a person, and the things that routes are about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from labeling.models import Instance, Job, Task, User
from tests import factories
from tests.api.things import make_job

As = Callable[[User | None], APIClient]


@pytest.fixture
def client_of() -> As:
    """Return a client that is signed in as somebody, or as nobody."""

    def signed_in(user: User | None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def alice_client(client_of: As, alice: User) -> APIClient:
    """The manager's."""
    return client_of(alice)


@pytest.fixture
def bob_client(client_of: As, bob: User) -> APIClient:
    """The annotator's."""
    return client_of(bob)


@pytest.fixture
def rita_client(client_of: As, rita: User) -> APIClient:
    """The reviewer's."""
    return client_of(rita)


@pytest.fixture
def victor_client(client_of: As, victor: User) -> APIClient:
    """The viewer's."""
    return client_of(victor)


@pytest.fixture
def charlie_client(client_of: As, charlie: User) -> APIClient:
    """The outsider's."""
    return client_of(charlie)


@pytest.fixture
def instance(task: Task) -> Instance:
    """An instance of the box's class, with a label by hand on frame 10."""
    made = factories.make_instance(task=task)
    factories.make_label(instance=made, frame=10)
    return made


@pytest.fixture
def job(instance: Instance, bob: User) -> Job:
    """A job of the annotator's on the instance, queued."""
    return make_job(instance=instance, user=bob)
