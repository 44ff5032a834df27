"""Every route, every method, everybody: who is let in, and how the others are turned away.

The routes are read from the resolver, so that a new one without a rule fails here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.access_rules import ROUTES, Permission
from labeling.models import (
    Agent,
    AgentVisit,
    Batch,
    BucketExport,
    BulkAction,
    Connection,
    Delivery,
    DirectUpload,
    Edit,
    Instance,
    Job,
    Listing,
    Member,
    Project,
    Rule,
    SavedFilter,
    User,
    Watch,
    Webhook,
    Worker,
)
from labeling.sealing import secret_seal
from labeling.services.tokens import token_create
from labeling.webhooks.signing import secret_make
from tests import factories
from tests.api.conftest import As
from tests.engine.batching import tracking

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MANAGER, ANNOTATOR, REVIEWER, VIEWER = "alice", "bob", "rita", "victor"
MEMBERS = {MANAGER, ANNOTATOR, REVIEWER, VIEWER}
OUTSIDER, OPERATOR, ANONYMOUS = "charlie", "olga", "nobody"

# Whom each permission lets in: written out here, so that a slip in access.py shows.
LET_IN: dict[Permission, set[str]] = {
    Permission.PUBLIC: {*MEMBERS, OUTSIDER, OPERATOR, ANONYMOUS},
    Permission.SIGNED_IN: {*MEMBERS, OUTSIDER, OPERATOR},
    Permission.IN_PERSON: {*MEMBERS, OUTSIDER, OPERATOR},
    Permission.ONTOLOGY_READ: MEMBERS,
    Permission.ONTOLOGY_MANAGE: {MANAGER},
    Permission.PROJECT_READ: MEMBERS,
    Permission.LABEL_WRITE: {MANAGER, REVIEWER, ANNOTATOR},
    Permission.COMMENT: {MANAGER, REVIEWER, ANNOTATOR},
    Permission.JOB_RUN: {MANAGER, REVIEWER, ANNOTATOR},
    Permission.TASK_SUBMIT: {MANAGER, REVIEWER, ANNOTATOR},
    Permission.REVIEW: {MANAGER, REVIEWER},
    Permission.PROJECT_MANAGE: {MANAGER},
    Permission.WEBHOOK_MANAGE: {MANAGER},
    Permission.OPERATE: {OPERATOR},
}


@dataclass(frozen=True)
class Route:
    """A named route, and the methods that its view has."""

    name: str
    methods: tuple[str, ...]
    kwargs: tuple[str, ...]


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    """Walk the resolver."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from routes(entry, inner)
        elif isinstance(entry, URLPattern):
            name = f"{prefix}{entry.name}"
            yield Route(name, methods_of(name, entry.callback), tuple(entry.pattern.converters))


def methods_of(name: str, callback: Callable[..., object]) -> tuple[str, ...]:
    """The methods that a view of the API has; of a page those that it has a rule for, one at least."""
    view = getattr(callback, "cls", None)
    if view is None:
        return tuple(ROUTES.get(name, {})) or ("GET",)
    return tuple(method for method in METHODS if hasattr(view, method.lower()))


def status_for(who: str, permission: Permission) -> set[int] | None:
    """The statuses that turn ``who`` away; None when they are let in."""
    if who in LET_IN[permission]:
        return None
    if who == ANONYMOUS:
        # Pages send people to sign in.
        return {401, 302}
    if permission is Permission.OPERATE:
        return {403}
    return {403} if who in MEMBERS else {404}


CASES = [(route, method) for route in routes() for method in route.methods]
API_CASES = [(route, method) for route, method in CASES if route.name.startswith("api:")]


def case_name(case: tuple[Route, str]) -> str:
    return f"{case[1]} {case[0].name}"


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_every_method_of_every_route_has_a_rule(case: tuple[Route, str]) -> None:
    route, method = case
    assert method in ROUTES.get(route.name, {})


def test_every_rule_of_the_api_has_its_route() -> None:
    assert {name for name in ROUTES if name.startswith("api:")} == {route.name for route, _ in API_CASES}


def test_every_permission_has_its_people_written_out() -> None:
    assert set(LET_IN) == set(Permission)


@pytest.fixture
def everybody(alice: User, bob: User, rita: User, victor: User, charlie: User) -> dict[str, User | None]:
    olga = factories.make_user(username=OPERATOR)
    User.objects.filter(pk=olga.pk).update(is_superuser=True)
    olga.refresh_from_db()
    people = (alice, bob, rita, victor, charlie, olga)
    return {**{person.username: person for person in people}, ANONYMOUS: None}


@pytest.fixture
def numbers(project: Project, job: Job, instance: Instance, victor: User) -> dict[str, int]:
    """What addresses are about, by the names of their numbers."""
    webhook = Webhook.objects.create(
        project=project,
        name="Ours",
        url="https://example.org",
        kinds=["*"],
        secret=secret_seal(secret_make()),
    )
    delivery = Delivery.objects.create(webhook=webhook, kind="webhook.test", due_at=timezone.now())
    return {
        "webhook_id": webhook.pk,
        "delivery_id": delivery.pk,
        "project_id": project.pk,
        "ontology_id": project.ontology_id,
        "media_id": job.task.media_id,
        "task_id": job.task_id,
        "instance_id": instance.pk,
        "job_id": job.pk,
        "batch_id": Batch.objects.create(
            project=project, kind="track", specification=tracking().to_json()
        ).pk,
        "agent_id": (agent := Agent.objects.create(project=project, name="Look")).pk,
        "visit_id": AgentVisit.objects.create(agent=agent, task=instance.task).pk,
        "member_id": Member.objects.get(project=project, user=victor).pk,
        "worker_id": Worker.objects.create(name="w", started_at=timezone.now(), seen_at=timezone.now()).pk,
        "connection_id": factories.make_connection(project=project).pk,
        "listing_id": Listing.objects.create(project=project, connection=Connection.objects.get()).pk,
        "rule_id": Rule.objects.create(project=project, name="Find", specification=tracking().to_json()).pk,
        "watch_id": Watch.objects.create(
            project=project, connection=Connection.objects.get(), every_minutes=30
        ).pk,
        "export_id": BucketExport.objects.create(
            project=project, connection=Connection.objects.get(), form="coco"
        ).pk,
        "frame": 3,
    }


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_only_those_are_let_in_whom_the_rule_names(
    case: tuple[Route, str],
    client_of: As,
    everybody: dict[str, User | None],
    numbers: dict[str, int],
) -> None:
    route, method = case
    permission = ROUTES[route.name][method]
    for who, user in everybody.items():
        # Everybody asks for a token, an edit and a comment of their own.
        own = own_things(user, numbers["task_id"])
        kwargs = {name: {**numbers, **own, "tag": "jobs"}[name] for name in route.kwargs}
        address = reverse(route.name, kwargs=kwargs)
        status = ask(client_of(user), method, address, body_for(route, user))
        turned_away = status_for(who, permission)
        if turned_away is None:
            assert status not in (401, 403, 404, 405), f"{who} is kept out of {method} {address}: {status}"
        else:
            assert status in turned_away, f"{who} gets {status} from {method} {address}"


def own_things(user: User | None, task_id: int) -> dict[str, object]:
    """What addresses name that is one person's."""
    key, prompt = uuid4(), uuid4()
    comment = factories.make_comment(task_id=task_id, author=user).pk
    if user is None:
        nothing = {"token_id": 0, "action_id": 0, "filter_id": 0, "upload_id": 0}
        return {**nothing, "key": key, "comment_id": comment, "prompt_id": prompt}
    Edit.objects.create(task_id=task_id, key=key, title="Own", seq=Edit.objects.count() + 1000, author=user)
    token = token_create(user=user, name="own").token.pk
    action = BulkAction.objects.create(user=user, verb="pause", until=0).pk
    kept = SavedFilter.objects.create(user=user, name="own").pk
    project = Project.objects.get(tasks=task_id)
    upload = DirectUpload.objects.create(
        project=project, created_by=user, title="own.mp4", size_bytes=9, part_bytes=9
    ).pk
    return {
        "token_id": token, "key": key, "comment_id": comment, "prompt_id": prompt, "action_id": action,
        "filter_id": kept, "upload_id": upload,
    }  # fmt: skip


def body_for(route: Route, user: User | None) -> dict[str, object]:
    """Annotators change a task only by taking it; and only service accounts take for agents."""
    if route.name == "api:agent-take":
        return {"count": 0}
    return {"assignee": user.pk} if route.name == "api:task" and user else {}


def ask(client: APIClient, method: str, address: str, body: dict[str, object]) -> int:
    """Return the status, and leave everything as it was."""
    with transaction.atomic():
        answer = client.generic(
            method,
            address,
            data="" if method == "GET" else json.dumps(body),
            content_type="application/json",
        )
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("case", API_CASES, ids=case_name)
def test_nobody_is_let_in_by_a_read_token_to_write(
    case: tuple[Route, str], project: Project, alice: User
) -> None:
    route, method = case
    if method == "GET":
        return
    secret = token_create(user=alice, name="reader", scope="read").secret
    client = APIClient(headers={"authorization": f"Bearer {secret}"})
    kwargs = {name: uuid4() if name in ("key", "prompt_id") else project.pk for name in route.kwargs}
    address = reverse(route.name, kwargs=kwargs)
    assert ask(client, method, address, {}) == 403
