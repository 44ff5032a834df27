"""The operations of an edit: the name of each, and the step that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from labeling.services.answers import answer_put_in, classification_put_in
from labeling.services.edits.casting import Cast
from labeling.services.edits.opened import OpenEdit
from labeling.services.instance_moves import instance_convert_in, instance_merge_in, instance_split_in
from labeling.services.instances import instance_change_in, instance_create_in, instance_delete_in
from labeling.services.labels import label_absent_in, label_put_in, label_remove_in, labels_remove_in
from labeling.services.reviews import review_decide_in

Operation = Mapping[str, Any]
Step = Callable[[OpenEdit, Cast, Operation], None]


def create(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    object_class = cast.object_class(told["object_class"])
    cast.add(instance_create_in(edit, object_class=object_class, object_hash=told["instance"]))


def change(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    instance_change_in(
        edit,
        instance=cast.instance(told["instance"]),
        object_class=cast.object_class(told["object_class"]),
        expected_version=told.get("version"),
    )


def delete(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    instance = cast.instance(told["instance"])
    instance_delete_in(edit, instance=instance)
    cast.drop(instance)


def convert(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    object_class = cast.object_class(told["object_class"])
    instance_convert_in(edit, instance=cast.instance(told["instance"]), object_class=object_class)


def merge(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    others = [cast.instance(other) for other in told["others"]]
    instance_merge_in(edit, instance=cast.instance(told["instance"]), others=others)
    for other in others:
        cast.drop(other)


def split(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    instance = cast.instance(told["instance"])
    cast.add(instance_split_in(edit, instance=instance, frame=told["frame"], object_hash=told["into"]))


def put(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    label_put_in(
        edit,
        instance=cast.instance(told["instance"]),
        frame=told["frame"],
        shape_json=told["shape"],
        provenance=told.get("provenance", "manual"),
        z_order=told.get("z_order"),
        occluded=told.get("occluded"),
        exclude_bitmasks=told.get("exclude_bitmasks", False),
        expected_version=told.get("version"),
    )


def absent(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    instance = cast.instance(told["instance"])
    label_absent_in(edit, instance=instance, frame=told["frame"], expected_version=told.get("version"))


def remove(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    instance = cast.instance(told["instance"])
    label_remove_in(edit, instance=instance, frame=told["frame"], expected_version=told.get("version"))


def remove_range(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    labels_remove_in(
        edit,
        instance=cast.instance(told["instance"]),
        first=told["first"],
        last=told["last"],
        mark=told["mark"],
    )


def answer(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    answer_put_in(
        edit,
        instance=cast.instance(told["instance"]),
        definition=cast.definition(told["definition"]),
        value=told["value"],
        first_frame=told.get("first"),
        last_frame=told.get("last"),
    )


def classification(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    classification_put_in(
        edit,
        definition=cast.definition(told["definition"]),
        value=told["value"],
        first_frame=told["first"],
        last_frame=told["last"],
    )


def review(edit: OpenEdit, cast: Cast, told: Operation) -> None:
    review_decide_in(
        edit,
        instance=cast.instance(told["instance"]),
        first_frame=told["first"],
        last_frame=told["last"],
        decision=told["decision"],
        reason=told.get("reason", ""),
    )


STEPS: dict[str, Step] = {
    "instance.create": create,
    "instance.change": change,
    "instance.convert": convert,
    "instance.delete": delete,
    "instance.merge": merge,
    "instance.split": split,
    "label.put": put,
    "label.absent": absent,
    "label.remove": remove,
    "labels.remove": remove_range,
    "answer.put": answer,
    "classification.put": classification,
    "review.decide": review,
}
