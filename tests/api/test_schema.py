"""``schema/``: complete, valid, without a warning."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from rest_framework.test import APIClient

from labeling.access_rules import ROUTES


def test_the_schema_is_valid_and_made_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    schema = yaml.safe_load(file.read_text())
    assert schema["openapi"].startswith("3.1")
    described = {
        (path, method.upper())
        for path, operations in schema["paths"].items()
        for method in operations
        if method in ("get", "post", "put", "patch", "delete")
    }
    rules = sum(len(methods) for name, methods in ROUTES.items() if name.startswith("api:"))
    # All but the schema's own address.
    assert len(described) == rules - 1


def test_the_schema_says_how_to_sign_in(tmp_path: Path) -> None:
    file = tmp_path / "schema.yaml"
    call_command("spectacular", "--file", str(file))
    schemes = yaml.safe_load(file.read_text())["components"]["securitySchemes"]
    assert schemes["token"]["scheme"] == "bearer"
    assert schemes["cookieAuth"]["in"] == "cookie"


@pytest.mark.django_db
def test_the_schema_is_served_to_anybody() -> None:
    answer = APIClient().get("/api/v1/schema/", {"format": "json"})
    assert answer.status_code == 200
    assert "/api/v1/projects/{project_id}/" in answer.json()["paths"]
