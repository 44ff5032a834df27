"""``visits/``: the work of agents. They take tasks that wait, and hand them back with an outcome."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.tasks import TaskSerializer
from labeling.api.views import ORDINAL_MAX, ApiView, Input
from labeling.models import AgentVisit, VisitState
from labeling.selectors.agents import agent_get, visit_get, visit_list
from labeling.services.agents import LEASE_MAX, LEASE_MIN
from labeling.services.visits import TAKE_MAX, visit_hand_back, visit_release, visit_renew, visits_take


class VisitSerializer(serializers.ModelSerializer[AgentVisit]):
    """A task's stay with an agent. ``token`` is what who holds it sends along; ``losses`` counts leases
    that ran out and releases.
    """

    task = TaskSerializer()
    taker = PersonSerializer(allow_null=True)

    class Meta:
        model = AgentVisit
        fields = (
            "id", "agent", "task", "state", "token", "taker", "lease_expires_at", "losses", "outcome", "note",
            "arrived_at", "finished_at",
        )  # fmt: skip


class VisitQuery(PageQuery):
    state = serializers.ChoiceField(choices=VisitState.choices, required=False)


def lease_field() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=LEASE_MIN,
        max_value=LEASE_MAX,
        required=False,
        help_text="From now; the agent's own unless told.",
    )


class TakeInput(Input):
    count = serializers.IntegerField(min_value=1, max_value=TAKE_MAX, default=1)
    lease_seconds = lease_field()


class HoldingInput(Input):
    """What who holds a task says with everything: the token that it was given under."""

    token = serializers.IntegerField(min_value=1, max_value=ORDINAL_MAX)


class RenewInput(HoldingInput):
    lease_seconds = lease_field()


class ReleaseInput(HoldingInput):
    note = serializers.CharField(max_length=2000, default="", allow_blank=True, help_text="Why, for people.")


class HandBackInput(HoldingInput):
    outcome = serializers.CharField(max_length=100, help_text="The name of one of the agent's pathways.")
    note = serializers.CharField(max_length=2000, default="", allow_blank=True, help_text="For people.")


TAKEN = inline_serializer(name="TakenVisits", fields={"results": VisitSerializer(many=True)})


class AgentVisitsView(ApiView):
    """What is, and was, with an agent."""

    @extend_schema(
        parameters=[VisitQuery],
        operation_id="agents_visits_list",
        responses=page_of(VisitSerializer),
        tags=["agents"],
    )
    def get(self, request: Request, agent_id: int) -> Response:
        """List the stays, newest first."""
        query = self.query(VisitQuery)
        rows = visit_list(agent_id=agent_id, state=query.get("state"))
        return page(rows, query=query, serializer=VisitSerializer, newest_first=True)


class AgentTakeView(ApiView):
    @extend_schema(request=TakeInput, responses=TAKEN, tags=["agents"])
    def post(self, request: Request, agent_id: int) -> Response:
        """Take tasks that wait, by priority and age, for as long as the lease. None waits: an empty list."""
        taken = visits_take(user=self.person, agent=agent_get(agent_id=agent_id), **self.body(TakeInput))
        return Response({"results": VisitSerializer(taken, many=True).data})


class VisitView(ApiView):
    """One stay."""

    @extend_schema(responses=VisitSerializer, tags=["agents"])
    def get(self, request: Request, visit_id: int) -> Response:
        """Who holds the task, and until when; or what came of it."""
        return Response(shown(visit_id))


class VisitRenewView(ApiView):
    @extend_schema(request=RenewInput, responses=VisitSerializer, tags=["agents"])
    def post(self, request: Request, visit_id: int) -> Response:
        """Keep the task for longer, from now."""
        visit_renew(user=self.person, visit=visit_get(visit_id=visit_id), **self.body(RenewInput))
        return Response(shown(visit_id))


class VisitReleaseView(ApiView):
    @extend_schema(request=ReleaseInput, responses=VisitSerializer, tags=["agents"])
    def post(self, request: Request, visit_id: int) -> Response:
        """Give the task back to the queue, undone."""
        visit_release(user=self.person, visit=visit_get(visit_id=visit_id), **self.body(ReleaseInput))
        return Response(shown(visit_id))


class VisitHandBackView(ApiView):
    @extend_schema(request=HandBackInput, responses=VisitSerializer, tags=["agents"])
    def post(self, request: Request, visit_id: int) -> Response:
        """Hand the task back: it goes where the outcome leads. Who comes too late is refused."""
        visit_hand_back(user=self.person, visit=visit_get(visit_id=visit_id), **self.body(HandBackInput))
        return Response(shown(visit_id))


def shown(visit_id: int) -> Any:
    return VisitSerializer(visit_get(visit_id=visit_id)).data
