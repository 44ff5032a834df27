"""``schema/``: complete, valid, without a warning; and its examples are what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from jsonschema_rs import Draft202012Validator
from rest_framework.test import APIClient

from labeling.access_rules import ROUTES
from labeling.api.examples import EXAMPLES

METHODS = ("get", "post", "put", "patch", "delete")
Schema = dict[str, Any]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """The schema; making it fails where it has a warning."""
    file = tmp_path_factory.mktemp("schema") / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    made: Schema = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
    return made


def operations(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def test_the_schema_is_valid_and_made_without_a_warning(schema: Schema) -> None:
    assert schema["openapi"].startswith("3.1")
    rules = sum(len(methods) for name, methods in ROUTES.items() if name.startswith("api:"))
    # All but the schema's own address.
    assert len(list(operations(schema))) == rules - 1


def test_the_schema_says_how_to_sign_in(schema: Schema) -> None:
    schemes = schema["components"]["securitySchemes"]
    assert schemes["token"]["scheme"] == "bearer"
    assert schemes["cookieAuth"]["in"] == "cookie"


def test_every_example_is_as_its_schema_says(schema: Schema) -> None:
    wrong, told = [], 0
    for path, method, operation in operations(schema):
        bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for place, body in bodies.items():
            media = resolved(schema, body).get("content", {}).get("application/json", {})
            for name, example in media.get("examples", {}).items():
                told += 1
                where = f"{method} {path} {place} “{name}”"
                wrong += [f"{where}: {fault}" for fault in faults(schema, media["schema"], example["value"])]
    assert not wrong, "\n".join(wrong)
    assert told > 100


def test_every_example_is_shown_by_an_operation(schema: Schema) -> None:
    assert set(EXAMPLES) <= {operation["operationId"] for _, _, operation in operations(schema)}


@pytest.mark.django_db
def test_the_schema_is_served_to_anybody() -> None:
    answer = APIClient().get("/api/v1/schema/", {"format": "json"})
    assert answer.status_code == 200
    assert "/api/v1/projects/{project_id}/" in answer.json()["paths"]


def faults(schema: Schema, expected: Schema, value: Any) -> Iterator[str]:
    """Yield what is wrong with a value: what the schema forbids, and members that it does not know."""
    # Not with all the components: they take long to compile, for each example anew.
    whole = {**expected, "components": needed(schema, expected)}
    for error in Draft202012Validator(whole).iter_errors(value):
        yield f"{error.instance_path}: {error.message}"
    known = members(schema, expected)
    if known and isinstance(value, dict):
        yield from (f"{name} is not known" for name in value if name not in known)


def needed(schema: Schema, part: Any) -> Schema:
    """Return the components that a part of the schema refers to, and what those refer to."""
    found: Schema = {}
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "$ref" in one:
                kind, name = one["$ref"].removeprefix("#/components/").split("/")
                if name not in found.setdefault(kind, {}):
                    found[kind][name] = schema["components"][kind][name]
                    waiting.append(found[kind][name])
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return found


def members(schema: Schema, expected: Schema) -> set[str]:
    """Return the names of the members that an object of this schema, or of one of its kinds, has."""
    here = resolved(schema, expected)
    inner = [one for word in ("allOf", "oneOf", "anyOf") for one in here.get(word, ())]
    return set(here.get("properties", ())).union(*(members(schema, one) for one in inner))


def resolved(schema: Schema, part: Schema) -> Schema:
    """Follow a ``$ref`` into the components."""
    if "$ref" not in part:
        return part
    kind, name = part["$ref"].removeprefix("#/components/").split("/")
    found: Schema = schema["components"][kind][name]
    return resolved(schema, found)
