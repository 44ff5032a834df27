"""``connections/``: buckets that a project takes media from. Keys are written, never read."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.preconditions import SettingsView
from labeling.api.views import ApiView, Input
from labeling.models import Connection, Credentials
from labeling.selectors.connections import connection_get, connection_list
from labeling.selectors.projects import project_get
from labeling.services.connections import (
    Keys,
    connection_create,
    connection_delete,
    connection_test,
    connection_update,
)

KEY_FIELDS = ("access_key", "secret_key", "session_token")


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    """A connection without its keys: of the access key the last four characters. ``test_…`` is what the last
    trial said; ``media_count`` how many media are read by it."""

    created_by = PersonSerializer(allow_null=True)
    media_count = serializers.IntegerField()

    class Meta:
        model = Connection
        fields = (
            "id", "uid", "project", "name", "endpoint", "region", "bucket", "prefix", "path_style",
            "credentials", "access_key_end", "keys_set_at", "test_code", "test_sentence", "tested_at",
            "media_count", "created_by", "created_at",
        )  # fmt: skip


class ConnectionInput(Input):
    name = serializers.CharField(max_length=100)
    bucket = serializers.CharField(max_length=255)
    endpoint = serializers.CharField(
        max_length=300,
        allow_blank=True,
        required=False,
        help_text="Of a compatible store; blank is Amazon's.",
    )
    region = serializers.CharField(max_length=60, allow_blank=True, required=False)
    prefix = serializers.CharField(
        max_length=1024,
        allow_blank=True,
        trim_whitespace=False,
        required=False,
        help_text="Nothing outside of it is listed or written.",
    )
    path_style = serializers.BooleanField(
        required=False, help_text="The bucket stands in the path, not in the host's name."
    )
    credentials = serializers.ChoiceField(
        choices=Credentials.choices,
        required=False,
        help_text="`environment`: the installation's own, where its operator allows that. Default: `keys`.",
    )
    access_key = serializers.CharField(max_length=1024, write_only=True, required=False)
    secret_key = serializers.CharField(max_length=1024, write_only=True, required=False)
    session_token = serializers.CharField(max_length=8192, write_only=True, required=False, allow_blank=True)


TRIAL = inline_serializer(
    name="ConnectionTrial",
    fields={"code": serializers.CharField(), "sentence": serializers.CharField()},
)


def keys_of(body: dict[str, Any]) -> Keys | None:
    """Take the keys out of a body; None where it has none."""
    given = {name: body.pop(name) for name in KEY_FIELDS if name in body}
    if not given:
        return None
    return Keys(given.get("access_key", ""), given.get("secret_key", ""), given.get("session_token", ""))


class ProjectConnectionsView(ApiView):
    """The connections of a project."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="projects_connections_list",
        responses=page_of(ConnectionSerializer),
        tags=["connections"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the connections."""
        rows = connection_list(project_id=project_id)
        return page(rows, query=self.query(PageQuery), serializer=ConnectionSerializer)

    @extend_schema(request=ConnectionInput, responses={201: ConnectionSerializer}, tags=["connections"])
    def post(self, request: Request, project_id: int) -> Response:
        """Make a connection. The keys are encrypted, and shown by nothing again.

        Nothing is asked of the bucket yet: `test/` does.
        """
        body = self.body(ConnectionInput)
        body.setdefault("credentials", Credentials.KEYS)
        made = connection_create(
            user=self.person,
            project=project_get(user=self.person, project_id=project_id),
            keys=keys_of(body),
            **body,
        )
        return Response(shown(made.pk), status=status.HTTP_201_CREATED)


class ConnectionView(SettingsView):
    """One connection."""

    noun = "connection"
    changeable = (
        "name", "endpoint", "region", "bucket", "prefix", "path_style", "credentials", "keys_set_at",
    )  # fmt: skip

    @extend_schema(responses=ConnectionSerializer, tags=["connections"])
    def get(self, request: Request, connection_id: int) -> Response:
        """What is known of it."""
        return Response(shown(connection_id))

    @extend_schema(request=ConnectionInput, responses=ConnectionSerializer, tags=["connections"])
    def patch(self, request: Request, connection_id: int) -> Response:
        """Change it. New keys replace the old ones at once.

        Endpoint and bucket stay while media lie there.
        """
        body = self.body(ConnectionInput, partial=True)
        connection = connection_get(connection_id=connection_id)
        with self.as_seen(connection, told=lambda: shown(connection_id)):
            connection_update(connection=connection, keys=keys_of(body), **body)
        return Response(shown(connection_id))

    @extend_schema(responses={204: None}, tags=["connections"])
    def delete(self, request: Request, connection_id: int) -> Response:
        """Remove it; refused with 409 while media depend on it."""
        connection = connection_get(connection_id=connection_id)
        with self.as_seen(connection, told=lambda: shown(connection_id)):
            connection_delete(connection=connection)
        return Response(status=status.HTTP_204_NO_CONTENT)


def shown(connection_id: int) -> Any:
    return ConnectionSerializer(connection_get(connection_id=connection_id)).data


class ConnectionTestView(ApiView):
    """Trying a connection out."""

    @extend_schema(request=None, responses=TRIAL, tags=["connections"])
    def post(self, request: Request, connection_id: int) -> Response:
        """List one object and read its first byte.

        `code` is `ok`, or says with `sentence` what is in the way: `denied`, `missing`, `wrong_region`,
        `unreachable`, `skewed`, `throttled`, `refused`, `invalid`.
        """
        trial = connection_test(connection=connection_get(connection_id=connection_id))
        return Response({"code": trial.code, "sentence": trial.sentence})
