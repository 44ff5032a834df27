"""``agents/``: stages at which tasks wait for a worker from outside."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.preconditions import SettingsView
from labeling.api.tasks import OneTaskView, TaskDetailSerializer
from labeling.api.views import ApiView, Input, ReferenceField
from labeling.models import Agent, Entry, Stage
from labeling.selectors.agents import agent_get, agent_list
from labeling.selectors.projects import project_get
from labeling.selectors.tasks import task_get
from labeling.services.agents import (
    LEASE_MAX,
    LEASE_MIN,
    RETURNS_MAX,
    agent_create,
    agent_delete,
    agent_update,
)
from labeling.services.visits import task_send

PATHWAYS_MAX = 20


class PathwaySerializer(serializers.Serializer[object]):
    """An outcome that an agent hands a task back with, and where the task goes then."""

    name = serializers.CharField()
    to = serializers.ChoiceField(choices=Stage.choices)
    agent = serializers.IntegerField(allow_null=True)


class AgentSerializer(serializers.ModelSerializer[Agent]):
    """An agent; ``waiting`` and ``held`` count tasks. Those whose lease ran out wait."""

    pathways = PathwaySerializer(many=True)
    waiting = serializers.IntegerField()
    held = serializers.IntegerField()

    class Meta:
        model = Agent
        fields = (
            "id", "project", "name", "entry", "pathways", "lease_seconds", "returns_max", "waiting", "held",
            "created_at",
        )  # fmt: skip


class PathwayInput(Input):
    name = serializers.CharField(max_length=100)
    to = serializers.ChoiceField(choices=Stage.choices)
    agent = ReferenceField(
        required=False, allow_null=True, help_text="The next one, where it leads to an agent."
    )


class AgentInput(Input):
    name = serializers.CharField(max_length=100)
    entry = serializers.ChoiceField(choices=Entry.choices, default=Entry.SENT)
    pathways = serializers.ListField(child=PathwayInput(), min_length=1, max_length=PATHWAYS_MAX)
    lease_seconds = serializers.IntegerField(
        min_value=LEASE_MIN,
        max_value=LEASE_MAX,
        default=300,
        help_text="How long a task is held, unless told.",
    )
    returns_max = serializers.IntegerField(
        min_value=1,
        max_value=RETURNS_MAX,
        default=5,
        help_text="After so many times undone a task goes on to people.",
    )


class AgentChanges(Input):
    name = serializers.CharField(max_length=100, required=False)
    entry = serializers.ChoiceField(choices=Entry.choices, required=False)
    pathways = serializers.ListField(
        child=PathwayInput(), min_length=1, max_length=PATHWAYS_MAX, required=False
    )
    lease_seconds = serializers.IntegerField(min_value=LEASE_MIN, max_value=LEASE_MAX, required=False)
    returns_max = serializers.IntegerField(min_value=1, max_value=RETURNS_MAX, required=False)


class SendInput(Input):
    agent = ReferenceField(required=False, allow_null=True, help_text="The agent that it goes to.")
    stage = serializers.ChoiceField(
        choices=Stage.choices, default=Stage.AGENT, help_text="Without an agent: the stage that it goes to."
    )


AGENTS = inline_serializer(name="AgentList", fields={"results": AgentSerializer(many=True)})


class ProjectAgentsView(ApiView):
    """The agents of a project."""

    @extend_schema(responses=AGENTS, tags=["agents"], operation_id="projects_agents_list")
    def get(self, request: Request, project_id: int) -> Response:
        """All agents, with how many tasks wait for each."""
        rows = agent_list(project_id=project_id).order_by("pk")
        return Response({"results": AgentSerializer(rows, many=True).data})

    @extend_schema(request=AgentInput, responses={201: AgentSerializer}, tags=["agents"])
    def post(self, request: Request, project_id: int) -> Response:
        """Make an agent: which tasks go to it by themselves, and where each outcome leads."""
        project = project_get(user=self.person, project_id=project_id)
        agent = agent_create(project=project, **self.body(AgentInput))
        return Response(shown(agent.pk), status=status.HTTP_201_CREATED)


class AgentView(SettingsView):
    """One agent."""

    noun = "agent"
    changeable = ("name", "entry", "pathways", "lease_seconds")

    @extend_schema(responses=AgentSerializer, tags=["agents"])
    def get(self, request: Request, agent_id: int) -> Response:
        """The agent, with how many tasks wait for it."""
        return Response(shown(agent_id))

    @extend_schema(request=AgentChanges, responses=AgentSerializer, tags=["agents"])
    def patch(self, request: Request, agent_id: int) -> Response:
        """Change it. Tasks that are with it stay."""
        changes, agent = self.body(AgentChanges), agent_get(agent_id=agent_id)
        # Agents are changed with their project's row held, so that is the one to hold.
        with self.as_seen(agent.project, told=lambda: shown(agent_id)):
            agent_update(agent=agent_get(agent_id=agent_id), **changes)
        return Response(shown(agent_id))

    @extend_schema(responses={204: None}, tags=["agents"])
    def delete(self, request: Request, agent_id: int) -> Response:
        """Take it away. Not while tasks are with it, or a pathway leads to it."""
        agent = agent_get(agent_id=agent_id)
        with self.as_seen(agent.project, told=lambda: shown(agent_id)):
            agent_delete(agent=agent)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TaskSendView(OneTaskView):
    @extend_schema(request=SendInput, responses=TaskDetailSerializer, tags=["agents"])
    def post(self, request: Request, task_id: int) -> Response:
        """Send the task to an agent, or away from one to a stage."""
        body = self.body(SendInput)
        agent = Agent.objects.filter(pk=body["agent"]).first() if body.get("agent") else None
        task_send(user=self.person, task=task_get(task_id=task_id), agent=agent, stage=body["stage"])
        return self.answer(task_id)


def shown(agent_id: int) -> Any:
    return AgentSerializer(agent_get(agent_id=agent_id)).data
