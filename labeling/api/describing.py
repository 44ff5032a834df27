"""What the schema says of every route: the errors that it answers, in their one shape."""

from __future__ import annotations

from typing import Any, Literal

from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from labeling.access import route_permission
from labeling.access_rules import BEYOND_PROJECTS, Permission


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
    "422": "Read, and refused for what it says.",
    "4XX": "Any other refusal.",
    "5XX": "The media store or the queue does not answer, the disk is full, or a fault of ours.",
}


class Describing(AutoSchema):
    """Adds to each operation the errors that it answers."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status in self.refusals():
            bodies[status] = {
                "content": {
                    "application/json": {"schema": self.resolve_serializer(ErrorSerializer, direction).ref}
                },
                "description": MEANINGS[status],
            }
        return bodies

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
            "4XX",
            "5XX",
        ]


def route_of(view: type) -> str:
    """Return the name of the address that a view of the API is at."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace == "api":
            for entry in resolver.url_patterns:
                if isinstance(entry, URLPattern) and getattr(entry.callback, "cls", None) is view:
                    return f"api:{entry.name}"
    raise LookupError(f"{view.__name__} has no address.")
