"""``projects/`` and their members."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.ontologies import OntologyInput
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.preconditions import SettingsView
from labeling.api.views import ApiView, Input
from labeling.models import Member, Project, Role, User
from labeling.selectors.projects import member_get, member_list, project_get, project_list
from labeling.services.projects import (
    member_add,
    member_change_role,
    member_remove,
    project_create,
    project_update,
    project_weigh,
)


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """A project; ``role`` is that of who asks."""

    role = serializers.ChoiceField(choices=Role.choices)
    ontology = serializers.IntegerField(source="ontology_id")
    task_count = serializers.SerializerMethodField()
    worker_seconds = serializers.FloatField(help_text="Time that workers gave its jobs.")
    gpu_seconds = serializers.FloatField(help_text="Of it that of workers with a GPU.")

    class Meta:
        model = Project
        fields = (
            "id", "uid", "name", "ontology", "role", "task_count", "guide", "review_share",
            "comments_block", "weight", "running_parts_max", "budget_seconds", "worker_seconds",
            "gpu_seconds", "created_at",
        )  # fmt: skip

    def get_task_count(self, project: Project) -> int:
        count: int | None = project.task_count  # type: ignore[attr-defined]  # annotated by the selector
        return count or 0


class ProjectInput(Input):
    name = serializers.CharField(max_length=200)
    ontology = serializers.JSONField(help_text="An ontology's id, or a tree as `ontologies/` takes it.")

    def validate_ontology(self, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
            return value
        if isinstance(value, dict):
            tree = OntologyInput(data=value)
            tree.is_valid(raise_exception=True)
            return dict(tree.validated_data)
        raise serializers.ValidationError("Give an ontology's id, or a tree.")


class ProjectChanges(Input):
    name = serializers.CharField(max_length=200, required=False)
    guide = serializers.CharField(max_length=100_000, required=False, allow_blank=True)
    review_share = serializers.FloatField(min_value=0, max_value=1, required=False)
    comments_block = serializers.BooleanField(
        required=False, help_text="Open comments keep tasks from being submitted."
    )
    running_parts_max = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, allow_null=True
    )
    budget_seconds = serializers.FloatField(
        min_value=1,
        max_value=1e12,
        required=False,
        allow_null=True,
        help_text="Time of workers after which no part of its jobs is begun.",
    )


class WeightInput(Input):
    weight = serializers.FloatField(help_text="Above 0; 2 gets twice as much of the workers as 1.")


class MemberSerializer(serializers.ModelSerializer[Member]):
    user = PersonSerializer()

    class Meta:
        model = Member
        fields = ("id", "project", "user", "role", "created_at")


class MemberInput(Input):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)


class RoleInput(Input):
    role = serializers.ChoiceField(choices=Role.choices)


class ProjectWeightView(ApiView):
    """How much of the workers a project gets beside others. Operators only."""

    @extend_schema(
        request=WeightInput,
        responses=inline_serializer(name="ProjectWeight", fields={"weight": serializers.FloatField()}),
        tags=["projects"],
    )
    def put(self, request: Request, project_id: int) -> Response:
        """Set the project's weight."""
        project = project_weigh(project_id=project_id, weight=self.body(WeightInput)["weight"])
        return Response({"weight": project.weight})


class ProjectsView(ApiView):
    """Projects that one is a member of."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="projects_list",
        responses=page_of(ProjectSerializer),
        tags=["projects"],
    )
    def get(self, request: Request) -> Response:
        """List one's projects."""
        return page(project_list(user=self.person), query=self.query(PageQuery), serializer=ProjectSerializer)

    @extend_schema(request=ProjectInput, responses={201: ProjectSerializer}, tags=["projects"])
    def post(self, request: Request) -> Response:
        """Make a project; one is its manager."""
        project = project_create(user=self.person, **self.body(ProjectInput))
        return Response(shown(self.person, project.pk), status=status.HTTP_201_CREATED)


class ProjectView(SettingsView):
    """One project."""

    noun = "project"
    changeable = (
        "name", "guide", "review_share", "comments_block", "running_parts_max", "budget_seconds",
    )  # fmt: skip

    @extend_schema(responses=ProjectSerializer, tags=["projects"])
    def get(self, request: Request, project_id: int) -> Response:
        """The project, with one's role in it."""
        return Response(shown(self.person, project_id))

    @extend_schema(request=ProjectChanges, responses=ProjectSerializer, tags=["projects"])
    def patch(self, request: Request, project_id: int) -> Response:
        """Change its name, guide, share of reviews, cap of running parts, and whether comments block."""
        changes = self.body(ProjectChanges)
        project = project_get(user=self.person, project_id=project_id)
        with self.as_seen(project, told=lambda: shown(self.person, project_id)):
            project_update(project=project, **changes)
        return Response(shown(self.person, project_id))


def shown(user: User, project_id: int) -> Any:
    return ProjectSerializer(project_get(user=user, project_id=project_id)).data


class ProjectMembersView(ApiView):
    """The members of a project."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="projects_members_list",
        responses=page_of(MemberSerializer),
        tags=["members"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the members."""
        rows = member_list(project_id=project_id)
        return page(rows, query=self.query(PageQuery), serializer=MemberSerializer)

    @extend_schema(request=MemberInput, responses={201: MemberSerializer}, tags=["members"])
    def post(self, request: Request, project_id: int) -> Response:
        """Give somebody a role."""
        project = project_get(user=self.person, project_id=project_id)
        member = member_add(project=project, **self.body(MemberInput))
        return Response(MemberSerializer(member).data, status=status.HTTP_201_CREATED)


class MemberView(SettingsView):
    """One member."""

    noun = "member"
    changeable = ("role",)

    @extend_schema(responses=MemberSerializer, tags=["members"])
    def get(self, request: Request, member_id: int) -> Response:
        """The member and their role."""
        return Response(member_shown(member_id))

    @extend_schema(request=RoleInput, responses=MemberSerializer, tags=["members"])
    def patch(self, request: Request, member_id: int) -> Response:
        """Give the member another role. The last manager keeps theirs."""
        role, member = self.body(RoleInput), member_get(member_id=member_id)
        # Roles are changed with the project's row held, so that is the one to hold.
        with self.as_seen(member.project, told=lambda: member_shown(member_id)):
            member_change_role(member=member_get(member_id=member_id), **role)
        return Response(member_shown(member_id))

    @extend_schema(responses={204: None}, tags=["members"])
    def delete(self, request: Request, member_id: int) -> Response:
        """Take the member out; their tasks are free again. The last manager stays."""
        member = member_get(member_id=member_id)
        with self.as_seen(member.project, told=lambda: member_shown(member_id)):
            member_remove(member=member)
        return Response(status=status.HTTP_204_NO_CONTENT)


def member_shown(member_id: int) -> Any:
    return MemberSerializer(member_get(member_id=member_id)).data
