"""``tasks/``: the unit of human work, and its stages."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.access import task_barrier
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.preconditions import SettingsView
from labeling.api.views import ApiView, FrameField, Input, ReferenceField
from labeling.errors import refused
from labeling.models import Media, Role, Stage, Task, User
from labeling.selectors.media import media_list
from labeling.selectors.tasks import member_user, task_get, task_list
from labeling.services.tasks import (
    task_accept,
    task_create,
    task_reject,
    task_reopen,
    task_submit,
    task_update,
)


class TaskMediaSerializer(serializers.ModelSerializer[Media]):
    """What a page needs to show the frames."""

    class Meta:
        model = Media
        fields = (
            "id", "title", "kind", "state", "width", "height", "frame_count", "fps", "duration_seconds",
            "damaged",
        )  # fmt: skip


class TaskSerializer(serializers.ModelSerializer[Task]):
    """A task. ``first_frame`` and ``last_frame`` are inclusive ordinals of the media."""

    media = TaskMediaSerializer()
    assignee = PersonSerializer(allow_null=True)

    class Meta:
        model = Task
        fields = (
            "id", "uid", "project", "media", "title", "first_frame", "last_frame", "stage", "assignee",
            "priority", "seq", "instance_count", "created_at",
        )  # fmt: skip


class TaskDetailSerializer(TaskSerializer):
    """A task, and what the person who asks may do with it: ``reason`` says why not."""

    ontology = serializers.IntegerField(source="project.ontology_id")
    role = serializers.ChoiceField(choices=Role.choices)
    may_edit = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)

    class Meta(TaskSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *TaskSerializer.Meta.fields, "ontology", "role", "may_edit", "reason",
        )  # fmt: skip


class TaskQuery(PageQuery):
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    assignee = serializers.RegexField(
        r"^(me|none|[0-9]{1,18})$", required=False, help_text="A user's id, “me” or “none”."
    )
    search = serializers.CharField(max_length=200, required=False, help_text="Part of the title.")


class TaskInput(Input):
    media = ReferenceField()
    first_frame = FrameField(required=False)
    last_frame = FrameField(required=False)
    title = serializers.CharField(max_length=400, required=False)
    assignee = ReferenceField(required=False, allow_null=True)
    priority = serializers.FloatField(min_value=0, max_value=1, default=0.5)


class TaskChanges(Input):
    title = serializers.CharField(max_length=400, required=False)
    assignee = ReferenceField(required=False, allow_null=True)
    priority = serializers.FloatField(min_value=0, max_value=1, required=False)


class RejectInput(Input):
    comment = serializers.CharField(max_length=2000, default="", allow_blank=True)


def assignee_ids(assignee: str | None, *, user: User) -> tuple[int | None, bool]:
    """Return whose tasks a filter means, and whether it means those of nobody. “me” is ``user``."""
    own = user.pk if assignee == "me" else None
    return int(assignee) if assignee and assignee.isdigit() else own, assignee == "none"


def assignee_found(body: dict[str, Any], *, project_id: int) -> dict[str, Any]:
    """Put the user in the place of the ``assignee``'s id."""
    if body.get("assignee") is None:
        return body
    user = member_user(project_id=project_id, user_id=body["assignee"])
    if user is None:
        raise refused("assignee_no_member", f"User {body['assignee']} is no member of this project.")
    return {**body, "assignee": user}


def shown(task: Task, *, user: User, role: Role) -> Any:
    """The task as this person sees it."""
    barrier = task_barrier(task=task, user=user, role=role)
    facts = {"role": role, "may_edit": barrier is None, "reason": barrier.sentence if barrier else None}
    for name, value in facts.items():
        setattr(task, name, value)
    return TaskDetailSerializer(task).data


class ProjectTasksView(ApiView):
    """The tasks of a project."""

    @extend_schema(
        parameters=[TaskQuery],
        operation_id="projects_tasks_list",
        responses=page_of(TaskSerializer),
        tags=["tasks"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the tasks, narrowed by stage, assignee and title."""
        query = self.query(TaskQuery)
        assignee_id, unassigned = assignee_ids(query.get("assignee"), user=self.person)
        rows = task_list(
            project_id=project_id,
            stage=query.get("stage"),
            assignee_id=assignee_id,
            unassigned=unassigned,
            search=query.get("search", ""),
        )
        return page(rows, query=query, serializer=TaskSerializer)

    @extend_schema(request=TaskInput, responses={201: TaskDetailSerializer}, tags=["tasks"])
    def post(self, request: Request, project_id: int) -> Response:
        """Make a task of a media, or of a segment of its frames."""
        body = assignee_found(self.body(TaskInput), project_id=project_id)
        media = media_list(project_id=project_id).filter(pk=body["media"]).first()
        if media is None:
            raise refused("unknown_media", f"This project has no media {body['media']}.")
        task = task_create(user=self.person, **{**body, "media": media})
        answer = shown(task_get(task_id=task.pk), user=self.person, role=self.known_role)
        return Response(answer, status=status.HTTP_201_CREATED)


class OneTaskView(ApiView):
    """What the views of one task share."""

    def told(self, task_id: int) -> Any:
        """The task as it is now, as its reader sees it."""
        return shown(task_get(task_id=task_id), user=self.person, role=self.known_role)

    def answer(self, task_id: int) -> Response:
        """The task as it is now."""
        return Response(self.told(task_id))


class TaskView(OneTaskView, SettingsView):
    """One task."""

    noun = "task"
    changeable = ("title", "assignee", "priority")

    @extend_schema(responses=TaskDetailSerializer, tags=["tasks"])
    def get(self, request: Request, task_id: int) -> Response:
        """The task, its media, and whether one may edit it."""
        return self.answer(task_id)

    @extend_schema(request=TaskChanges, responses=TaskDetailSerializer, tags=["tasks"])
    def patch(self, request: Request, task_id: int) -> Response:
        """Assign, prioritise, rename (managers); take or release (annotators and reviewers)."""
        task = task_get(task_id=task_id)
        changes = assignee_found(self.body(TaskChanges), project_id=task.project_id)
        with self.as_seen(task, told=lambda: self.told(task_id)):
            if changes:
                task_update(user=self.person, task=task, **changes)
        return self.answer(task_id)


class TaskSubmitView(OneTaskView):
    @extend_schema(request=None, responses=TaskDetailSerializer, tags=["tasks"])
    def post(self, request: Request, task_id: int) -> Response:
        """Hand the work in: to review, or for the share that is not reviewed to complete."""
        task_submit(user=self.person, task=task_get(task_id=task_id))
        return self.answer(task_id)


class TaskAcceptView(OneTaskView):
    @extend_schema(request=None, responses=TaskDetailSerializer, tags=["tasks"])
    def post(self, request: Request, task_id: int) -> Response:
        """Complete a task in review."""
        task_accept(user=self.person, task=task_get(task_id=task_id))
        return self.answer(task_id)


class TaskRejectView(OneTaskView):
    @extend_schema(request=RejectInput, responses=TaskDetailSerializer, tags=["tasks"])
    def post(self, request: Request, task_id: int) -> Response:
        """Send a task in review back to its annotator."""
        task_reject(user=self.person, task=task_get(task_id=task_id), **self.body(RejectInput))
        return self.answer(task_id)


class TaskReopenView(OneTaskView):
    @extend_schema(request=None, responses=TaskDetailSerializer, tags=["tasks"])
    def post(self, request: Request, task_id: int) -> Response:
        """Open a complete task again."""
        task_reopen(user=self.person, task=task_get(task_id=task_id))
        return self.answer(task_id)
