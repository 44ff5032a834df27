"""Any request that the schema allows, and any that it forbids, gets an answer that the schema describes.

Requests are made up by schemathesis from the schema itself, for every route and every role. Each is
undone afterwards. ``--examples`` says how many for each route; ``make fuzz`` asks for more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from labeling.models import AgentVisit, Edit, Instance, Job, Listing, Member, Project, User, Watch
from labeling.selectors.tasks import TaskFilter
from labeling.services.agents import agent_create
from labeling.services.batches.orders import BatchOrder, batch_submit
from labeling.services.batches.specification import Specification
from labeling.services.orders import TrackOrder
from labeling.services.rules.changes import rule_create
from labeling.services.tokens import token_create
from labeling.services.webhooks import webhook_create, webhook_test
from tests import factories
from tests.servers import ValkeyServer

# The manager, who gets furthest, more often than others.
ROLES = ("alice", "alice", "alice", "bob", "rita", "victor", "charlie", "olga", "reader", "nobody")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# Streams do not end by themselves.
ENDLESS = "/api/v1/events/stream/"

pytestmark = pytest.mark.timeout(1800)


class Undone(Exception):
    """Takes back what a request did."""


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> int:
    """How many requests a route gets."""
    return int(request.config.getoption("--examples"))


@pytest.fixture
def schema(db: None) -> Iterator[Any]:
    """The served schema. Requests share the test's connection: their begin and end must not close it."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def tokens(alice: User, bob: User, rita: User, victor: User, charlie: User) -> dict[str, str]:
    """The token of each role; nobody has none."""
    olga = User.objects.create_superuser(username="olga")
    people = {"alice": alice, "bob": bob, "rita": rita, "victor": victor, "charlie": charlie, "olga": olga}
    made = {name: token_create(user=user, name="fuzz").secret for name, user in people.items()}
    return {**made, "reader": token_create(user=alice, name="reading", scope="read").secret}


@pytest.fixture
def there(project: Project, instance: Instance, job: Job, alice: User) -> dict[str, Any]:
    """What parameters of addresses may name, so that requests get further than 404."""
    comment = factories.make_comment(task_id=instance.task_id, author=alice)
    edit = Edit.objects.filter(task=instance.task).first()
    return {
        "project_id": project.pk, "task_id": instance.task_id, "media_id": instance.task.media_id,
        "instance_id": instance.pk, "job_id": job.pk, "comment_id": comment.pk, "frame": 10,
        "ontology_id": project.ontology_id, "member_id": Member.objects.get(user=alice).pk,
        **({"key": str(edit.key)} if edit else {}), **beside(project, instance, alice),
    }  # fmt: skip


def beside(project: Project, instance: Instance, alice: User) -> dict[str, Any]:
    """What else a project may have: an endpoint with a delivery, a batch, an agent with a task, a bucket."""
    webhook = webhook_create(
        user=alice, project=project, name="Hook", url="https://hooks.example.org/", kinds=["*"]
    ).webhook
    specification = Specification(template=TrackOrder(instances=(), first_frame=0, last_frame=0))
    order = BatchOrder(chosen=TaskFilter(), specification=specification)
    batch = batch_submit(user=alice, project=project, order=order, idempotency_key=None).batch
    agent = agent_create(project=project, name="Look", pathways=[{"name": "good", "to": "review"}])
    visit = AgentVisit.objects.create(agent=agent, task=factories.make_task(media=instance.task.media))
    connection = factories.make_connection(project=project)
    listing = Listing.objects.create(project=project, connection=connection, prefix="")
    rule = rule_create(user=alice, project=project, name="Track", specification=specification)
    watch = Watch.objects.create(project=project, connection=connection, every_minutes=30)
    return {
        "rule_id": rule.pk, "watch_id": watch.pk,
        "webhook_id": webhook.pk, "delivery_id": webhook_test(webhook=webhook).pk, "batch_id": batch.pk,
        "agent_id": agent.pk, "visit_id": visit.pk, "connection_id": connection.pk, "listing_id": listing.pk,
    }  # fmt: skip


def test_any_request_of_any_role(
    *, schema: Any, tokens: dict[str, str], there: dict[str, Any], valkey: ValkeyServer, examples: int
) -> None:
    failures = []
    for operation in operations(schema):
        try:
            probe(operation, there=there, tokens=tokens, examples=examples)
        except FlakyStrategyDefinition:
            # The generator's own: it stumbled over its inputs, and no answer was wrong.
            continue
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  (the other routes are looked at, too)
            failures.append(f"{operation.method.upper()} {operation.path}: {told(error)}")
    assert not failures, "\n\n".join(failures)


def operations(schema: Any) -> Iterator[Any]:
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path != ENDLESS:
            yield operation


def probe(operation: Any, *, there: dict[str, Any], tokens: dict[str, str], examples: int) -> None:
    """As everybody, send made-up requests of one operation: some fit the schema, some do not."""
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @seed(20)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases, role=st.sampled_from(ROLES), real=st.integers(0, 3))
    def sent(case: Any, role: str, real: int) -> None:
        headers = {"Accept-Encoding": "identity"}
        if role in tokens:
            headers["Authorization"] = f"Bearer {tokens[role]}"
        if real:
            known = {name: there[name] for name in case.path_parameters or {} if name in there}
            case.path_parameters = {**(case.path_parameters or {}), **known}
        try:
            with transaction.atomic():
                answer = case.call(headers=headers)
                case.validate_response(answer, checks=CHECKS if stored(answer) else CHECKS[1:])
                raise Undone
        except Undone:
            pass

    sent()


def stored(answer: Any) -> bool:
    """Whether the answer is about more than that the test's media has no bytes, which is a 503 in earnest."""
    return not (answer.status_code == 503 and answer.json()["error"]["code"] == "storage_missing")


def told(error: BaseException) -> str:
    """Everything that an error, or a group of them, says."""
    inner = getattr(error, "exceptions", None)
    return "\n".join(told(one) for one in inner) if inner else f"{type(error).__name__}: {error}"
