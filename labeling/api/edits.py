"""``edits/``: what people do to a task, undone, redone and listed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.answers import ClassificationAnswerSerializer, TaskAnswerSerializer
from labeling.api.changes import ReviewSerializer
from labeling.api.edit_inputs import EditInput, EditsInput
from labeling.api.instances import InstanceSerializer
from labeling.api.instances import shown as instance_json
from labeling.api.labels import LabelSerializer, label_json
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView
from labeling.errors import LabelyardError
from labeling.models import Edit, Instance, Task
from labeling.selectors.edits import (
    answers_of,
    classifications_of,
    decisions_of,
    edit_get,
    edit_list,
    labels_at,
)
from labeling.selectors.labels import instance_list
from labeling.selectors.tasks import task_get
from labeling.services.edits.covered import places_skipped
from labeling.services.edits.edits import Done, edit_apply
from labeling.services.edits.steps import Operation
from labeling.services.edits.together import edits_apply
from labeling.services.edits.turning import edit_redo, edit_undo

# An edit that wrote more labels answers none of them: the page reads its windows anew.
LABELS_MAX = 1000


class EditSerializer(serializers.ModelSerializer[Edit]):
    """An edit: what was done, by whom, and whether it is undone."""

    author = PersonSerializer(allow_null=True)
    undone = serializers.SerializerMethodField()

    class Meta:
        model = Edit
        fields = ("key", "title", "seq", "author", "at", "undone")

    def get_undone(self, edit: Edit) -> bool:
        return edit.undone_seq is not None


class RemovedSerializer(serializers.Serializer[object]):
    instance = serializers.IntegerField()
    frame = serializers.IntegerField()


class SkippedSerializer(serializers.Serializer[object]):
    instance = serializers.CharField(help_text="Its hash: one that the edit would have made is not there.")
    frame = serializers.IntegerField()


class TouchedSerializer(serializers.Serializer[object]):
    """Of what the answers, classifications and reviews beside this are all there is now."""

    answers = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of instances.")
    classifications = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of definitions.")
    reviews = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of instances.")


class EditDoneSerializer(serializers.Serializer[object]):
    """What the edit did, as it stands now."""

    edit = EditSerializer()
    seq = serializers.IntegerField(help_text="The task's number of this change.")
    labels = LabelSerializer(many=True, allow_null=True, help_text="Written; null: more than 1,000.")
    removed = RemovedSerializer(many=True, allow_null=True)
    instances = InstanceSerializer(many=True, help_text="Made or changed.")
    deleted = serializers.ListField(child=serializers.IntegerField())
    answers = TaskAnswerSerializer(many=True)
    classifications = ClassificationAnswerSerializer(many=True)
    reviews = ReviewSerializer(many=True)
    touched = TouchedSerializer()
    skipped = SkippedSerializer(many=True, help_text="Bitmasks of which others left nothing.")


class EditTurnedSerializer(EditDoneSerializer):
    """The same, and how much was left alone because somebody had been there since."""

    kept = serializers.IntegerField()


class EditQuery(PageQuery):
    mine = serializers.BooleanField(default=False, help_text="Only one's own.")


class TaskEditsView(ApiView):
    """The edits of a task."""

    @extend_schema(
        parameters=[EditQuery],
        operation_id="tasks_edits_list",
        responses=page_of(EditSerializer),
        tags=["edits"],
    )
    def get(self, request: Request, task_id: int) -> Response:
        """List the edits, newest first."""
        query = self.query(EditQuery)
        rows = edit_list(task=task_get(task_id=task_id), author=self.person if query["mine"] else None)
        return page(rows, query=query, serializer=EditSerializer, newest_first=True)

    @extend_schema(
        request=EditInput, responses={200: EditDoneSerializer, 201: EditDoneSerializer}, tags=["edits"]
    )
    def post(self, request: Request, task_id: int) -> Response:
        """Do a few operations, all or none. The same key again answers 200 and does nothing."""
        body = self.body(EditInput)
        task = task_get(task_id=task_id)
        try:
            done = edit_apply(user=self.person, task=task, **body)
        except LabelyardError as error:
            raise with_current(error, task, body["operations"]) from error
        made = status.HTTP_200_OK if done.again else status.HTTP_201_CREATED
        return Response(done_json(done, task, body["operations"]), status=made)


class RefusalSerializer(serializers.Serializer[object]):
    code = serializers.CharField()
    sentence = serializers.CharField()
    details = serializers.DictField()


class EditsTogetherSerializer(serializers.Serializer[object]):
    """How many of the edits are there, from the first on; why the next one is not."""

    done = serializers.IntegerField()
    error = RefusalSerializer(allow_null=True)


class TaskEditsTogetherView(ApiView):
    """Several edits in one request."""

    @extend_schema(request=EditsInput, responses=EditsTogetherSerializer, tags=["edits"])
    def post(self, request: Request, task_id: int) -> Response:
        """Do edits in order, each all or none, up to the first that is refused."""
        task = task_get(task_id=task_id)
        together = edits_apply(user=self.person, task=task, edits=self.body(EditsInput)["edits"])
        error = together.error
        told = error and {"code": error.code, "sentence": error.sentence, "details": error.details}
        return Response({"done": together.done, "error": told})


class EditUndoView(ApiView):
    """Taking an edit back."""

    @extend_schema(request=None, responses=EditTurnedSerializer, tags=["edits"])
    def post(self, request: Request, task_id: int, key: uuid.UUID) -> Response:
        """Put back what the edit replaced, wherever nobody has been since."""
        task = task_get(task_id=task_id)
        done = edit_undo(user=self.person, edit=edit_get(task=task, key=key))
        return Response({**done_json(done, task), "kept": done.kept})


class EditRedoView(ApiView):
    """Bringing an edit again."""

    @extend_schema(request=None, responses=EditTurnedSerializer, tags=["edits"])
    def post(self, request: Request, task_id: int, key: uuid.UUID) -> Response:
        """Put again what an edit that is undone had written, wherever nobody has been since."""
        task = task_get(task_id=task_id)
        done = edit_redo(user=self.person, edit=edit_get(task=task, key=key))
        return Response({**done_json(done, task), "kept": done.kept})


def done_json(done: Done, task: Task, operations: Sequence[Operation] = ()) -> dict[str, Any]:
    """The answer as ``EditDoneSerializer`` describes it."""
    journal = done.journal
    deleted = {pk for pk, one in journal.instances.items() if one.before is not None and one.after is None}
    changed = [pk for pk, one in journal.instances.items() if one.after is not None]
    return {
        "edit": EditSerializer(done.edit).data,
        "seq": done.seq,
        **labels_json(done, task, deleted),
        "instances": instances_json(task, changed),
        "deleted": sorted(deleted),
        **said_json(done, task),
        "skipped": [
            {"instance": name, "frame": frame}
            for name, frame in places_skipped(operations, journal, task=task)
        ],
    }


def labels_json(done: Done, task: Task, deleted: set[int]) -> dict[str, Any]:
    """The labels that were written and those that went; null where they are too many."""
    labels = done.journal.labels
    written = [key for key, one in labels.items() if one.after is not None]
    removed = sorted(
        (frame, instance)
        for (instance, frame), one in labels.items()
        if one.after is None and one.before is not None and instance not in deleted
    )
    few, few_removed = len(written) <= LABELS_MAX, len(removed) <= LABELS_MAX
    return {
        "labels": [label_json(view) for view in labels_at(task=task, places=written)] if few else None,
        "removed": [{"instance": pk, "frame": frame} for frame, pk in removed] if few_removed else None,
    }


def instances_json(task: Task, pks: list[int]) -> Any:
    return InstanceSerializer(instance_list(task).filter(pk__in=pks), many=True).data if pks else []


def said_json(done: Done, task: Task) -> dict[str, Any]:
    """All answers, classifications and decisions of what was touched."""
    keys = done.journal.ranges
    answered = sorted({instance for noun, instance, _ in keys if noun == "answers"})
    asked = sorted({definition for noun, _, definition in keys if noun == "classifications"})
    decided = sorted({instance for noun, instance, _ in keys if noun == "decisions"})
    answers = list(answers_of(task=task, instances=answered)) if answered else []
    classifications = list(classifications_of(task=task, definitions=asked)) if asked else []
    reviews = list(decisions_of(task=task, instances=decided)) if decided else []
    return {
        "answers": TaskAnswerSerializer(answers, many=True).data,
        "classifications": ClassificationAnswerSerializer(classifications, many=True).data,
        "reviews": ReviewSerializer(reviews, many=True).data,
        "touched": {"answers": answered, "classifications": asked, "reviews": decided},
    }


def with_current(error: LabelyardError, task: Task, operations: list[dict[str, Any]]) -> LabelyardError:
    """Put what stands there now into the refusal of a stale version, so that both can be compared."""
    if error.code != "stale_version":
        return error
    told = operations[error.details["operation"]]
    instance = Instance.objects.filter(task=task, object_hash=told["instance"]).first()
    error.details["current"] = None
    if instance is not None and "frame" in told:
        found = labels_at(task=task, places=[(instance.pk, told["frame"])])
        error.details["current"] = label_json(found[0]) if found else None
    elif instance is not None:
        error.details["current"] = instance_json(instance)
    return error
