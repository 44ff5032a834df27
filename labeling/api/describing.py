"""What the schema says of every route: the errors that it answers, in their one shape; and examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from labeling.access import route_permission
from labeling.access_rules import BEYOND_PROJECTS, PERMISSIONS, Permission
from labeling.api.examples import EXAMPLES
from labeling.api.examples.refusals import REFUSALS
from labeling.api.preconditions import CHANGES, IF_MATCH, SettingsView
from labeling.api.views import Input
from labeling.models import Role


class ToldSerializer(serializers.Serializer[object]):
    """``code`` is for programs and stays; ``sentence`` is for people."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    details = serializers.DictField(help_text="Facts that go with the code.")


class ErrorSerializer(serializers.Serializer[object]):
    """Every error, whatever went wrong."""

    error = ToldSerializer()


MEANINGS = {
    "400": "The request cannot be read: malformed, or a field is wrong or not known.",
    "401": "Nobody is signed in, or the token is unknown, expired or revoked.",
    "403": "The role, or the scope of the token, does not allow it.",
    "404": "There is no such thing, or you may not see it.",
    "409": "At odds with what is stored now.",
    "412": "Somebody changed it after you had read what If-Match says.",
    "422": "Read, and refused for what it says.",
    "4XX": "Any other refusal.",
    "5XX": "The media store or the queue does not answer, the disk is full, or a fault of ours.",
}


# The name of each answer among the schema's components. It is one answer, however many routes give it.
NAMES = {
    "400": "Unreadable", "401": "NotSignedIn", "403": "Forbidden", "404": "NotFound", "409": "AtOdds",
    "412": "ChangedMeanwhile", "422": "Refused", "4XX": "OtherRefusal", "5XX": "Fault",
}  # fmt: skip


class Describing(AutoSchema):
    """Adds to each operation the errors that it answers, and examples."""

    def get_examples(self) -> list[OpenApiExample]:
        shown = EXAMPLES.get(self.get_operation_id(), ())
        return [told for example in shown for told in example.told()]

    def get_override_parameters(self) -> list[Any]:
        guarded = isinstance(self.view, SettingsView) and self.method in CHANGES
        return [*super().get_override_parameters(), *([IF_MATCH] if guarded else [])]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        self.resolve_serializer(ErrorSerializer, direction)
        refusals = {status: {"$ref": f"#/components/responses/{NAMES[status]}"} for status in self.refusals()}
        return {**bodies, **refusals}

    def get_extensions(self) -> dict[str, Any]:
        """Say who may, beside what the method does."""
        permission = route_permission(route=route_of(type(self.view)), method=self.method)
        return {**super().get_extensions(), **({"x-who": who_may(permission)} if permission else {})}

    def refusals(self) -> list[str]:
        """The statuses of errors that this operation may answer."""
        route = route_of(type(self.view))
        permission = route_permission(route=route, method=self.method)
        writes = self.method != "GET"
        return [
            *(["400"] if writes or self.get_override_parameters() else []),
            *(["401"] if permission is not Permission.PUBLIC else []),
            *(["403", "404"] if permission not in {Permission.PUBLIC, *BEYOND_PROJECTS} else []),
            *(["409", "422"] if writes else []),
            *(["412"] if isinstance(self.view, SettingsView) and self.method in CHANGES else []),
            "4XX",
            "5XX",
        ]


# Of permissions that are no matter of a role in one project.
WHO = {
    Permission.PUBLIC: "Anybody.",
    Permission.SIGNED_IN: "Whoever is signed in.",
    Permission.IN_PERSON: "Whoever is signed in in the browser; no token.",
    Permission.ONTOLOGY_READ: "Who made the ontology, and members of projects that use it.",
    Permission.ONTOLOGY_MANAGE: "Who manages all projects that use the ontology.",
    Permission.WEBHOOK_MANAGE: "Managers of its project; operators, where it is of the installation.",
    Permission.OPERATE: "Operators of the installation.",
}


def who_may(permission: Permission) -> str:
    """Say in words whom a permission is given."""
    if permission in WHO:
        return WHO[permission]
    roles = PERMISSIONS[permission]
    if roles == frozenset(Role):
        return "Every member of the project."
    names = [role.label.lower() + "s" for role in Role if role in roles]
    return f"Of the project: {', '.join(names)}."


def doc_excludes() -> list[type]:
    """Return the classes whose docstrings say nothing of what is derived from them. The generator asks."""
    return [*get_lib_doc_excludes(), Input]  # type: ignore[no-untyped-call]


def refusals_add(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Put the answers of errors among the components of a schema that is made. A hook of its generator."""
    error = {"$ref": "#/components/schemas/Error"}
    result["components"]["responses"] = {
        NAMES[status]: {
            "description": meaning,
            "content": {"application/json": {"schema": error, "examples": values(REFUSALS[status])}},
        }
        for status, meaning in MEANINGS.items()
    }
    return result


def values(examples: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {"value": body} for name, body in examples.items()}


def route_of(view: type) -> str:
    """Return the name of the address that a view of the API is at."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace == "api":
            for entry in resolver.url_patterns:
                if isinstance(entry, URLPattern) and getattr(entry.callback, "cls", None) is view:
                    return f"api:{entry.name}"
    raise LookupError(f"{view.__name__} has no address.")
