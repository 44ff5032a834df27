"""``me/``, and people as other nouns show them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView
from labeling.models import Role, User
from labeling.selectors.projects import membership_list


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person, as far as other members of their projects see them."""

    class Meta:
        model = User
        fields = ("id", "username")


class MembershipSerializer(serializers.Serializer[Any]):
    """What a person is in a project."""

    project = serializers.IntegerField(source="project_id")
    name = serializers.CharField(source="project.name")
    role = serializers.ChoiceField(choices=Role.choices)


class MeSerializer(serializers.Serializer[User]):
    """Who is asking."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    is_service = serializers.BooleanField()
    memberships = serializers.SerializerMethodField()

    @extend_schema_field(MembershipSerializer(many=True))
    def get_memberships(self, user: User) -> Any:
        return MembershipSerializer(membership_list(user=user), many=True).data


class MeView(ApiView):
    """The person or service account that asks."""

    @extend_schema(responses=MeSerializer, tags=["me"])
    def get(self, request: Request) -> Response:
        """Who am I, and what in which project?"""
        return Response(MeSerializer(self.person).data)
