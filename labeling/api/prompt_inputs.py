"""The bodies of ``prompts/``, and what is answered."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from labeling.api.views import ORDINAL_MAX, FrameField, Input, ReferenceField
from labeling.examples import EXAMPLES_MAX, WORDS_MAX, ExampleLabel
from labeling.lane.prompts import Finish, PromptMode, PromptState
from labeling.services.prompt_checks import Click
from labeling.services.prompts import (
    FOLLOW_SECONDS_MAX,
    OBJECTS_MOST,
    OBJECTS_USUAL,
    POINTS_MAX,
    WARM_MOST,
    Asked,
)

NAME_MAX = 40
AREA_MAX = 2**31 - 1


class ClickInput(Input):
    x = serializers.FloatField()
    y = serializers.FloatField()
    include = serializers.BooleanField(default=True, help_text="False: the object is not here.")


class ExampleInput(Input):
    instance = ReferenceField()
    frame = FrameField()


class PromptInput(Input):
    """All that a draft asks for, each time; ``object_class`` or ``instance`` says its shape."""

    draft_id = serializers.RegexField(r"^[A-Za-z0-9_-]{1,64}\Z", trim_whitespace=False)
    seq = serializers.IntegerField(min_value=0, max_value=ORDINAL_MAX, help_text="Grows with each request.")
    frame = FrameField()
    object_class = ReferenceField(required=False)
    instance = ReferenceField(required=False)
    mode = serializers.ChoiceField(
        choices=[mode.value for mode in PromptMode],
        default=PromptMode.OBJECT.value,
        help_text="object: at most one. area: all that lie at least 80 % in the box. all: all of the frame.",
    )
    points = serializers.ListField(child=ClickInput(), max_length=POINTS_MAX, default=list)
    box = serializers.DictField(required=False, allow_null=True, default=None)
    clicker = serializers.CharField(
        max_length=NAME_MAX,
        default="",
        allow_blank=True,
        help_text="A segmenter by name; the best one unless told.",
    )
    words = serializers.CharField(
        max_length=WORDS_MAX,
        required=False,
        allow_blank=True,
        allow_null=True,
        default=None,
        help_text="What to look for; the class's name unless told.",
    )
    examples = serializers.ListField(child=ExampleInput(), max_length=EXAMPLES_MAX, default=list)
    threshold = serializers.FloatField(
        min_value=0, max_value=1, allow_null=True, default=None, help_text="Null: the detector's usual one."
    )
    most = serializers.IntegerField(min_value=1, max_value=OBJECTS_MOST, default=OBJECTS_USUAL)
    detector = serializers.CharField(
        max_length=NAME_MAX,
        default="",
        allow_blank=True,
        help_text="A detector by name; the best one unless told.",
    )
    exclude_bitmasks = serializers.BooleanField(
        default=False, help_text="A bitmask leaves out what other bitmasks of the frame cover."
    )
    min_area = serializers.IntegerField(
        min_value=0, max_value=AREA_MAX, default=0, help_text="Pixels: smaller pieces are left out."
    )
    fill_holes = serializers.IntegerField(
        min_value=0, max_value=AREA_MAX, default=0, help_text="Pixels: holes up to this area are filled."
    )
    tolerance = serializers.FloatField(
        min_value=0, max_value=100, default=0.0, help_text="Pixels that a polygon may stray from the mask."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("object_class" in attrs) == ("instance" in attrs):
            raise serializers.ValidationError("Name either the object_class or the instance.")
        return attrs


class FollowQuery(Input):
    wait = serializers.FloatField(
        min_value=0, max_value=FOLLOW_SECONDS_MAX, default=FOLLOW_SECONDS_MAX, help_text="Seconds."
    )


class WarmInput(Input):
    frames = serializers.ListField(child=FrameField(), min_length=1, max_length=WARM_MOST)


PROMPT = inline_serializer(
    name="Prompt",
    fields={
        "id": serializers.UUIDField(),
        "state": serializers.ChoiceField(choices=[state.value for state in PromptState]),
        "code": serializers.CharField(help_text="Why it failed or waits; empty otherwise."),
        "sentence": serializers.CharField(),
        "position": serializers.IntegerField(
            allow_null=True, help_text="While it waits: its place; 0 is being answered."
        ),
        "shapes": inline_serializer(
            name="PromptShape",
            fields={"shape": serializers.DictField(), "confidence": serializers.FloatField()},
            many=True,
        ),
        "notes": serializers.ListField(
            child=serializers.CharField(), help_text="Sentences on what is not as one might expect."
        ),
        "made_by": inline_serializer(
            name="PromptMadeBy",
            fields={
                "name": serializers.CharField(),
                "version": serializers.CharField(),
                "device": serializers.CharField(help_text="What it ran on; empty where it does not say."),
            },
            allow_null=True,
        ),
        "times": serializers.DictField(child=serializers.FloatField(), help_text="Milliseconds."),
    },
)
SENT = inline_serializer(
    name="SentPrompt",
    fields={
        **PROMPT.get_fields(),
        "draft_id": serializers.CharField(),
        "seq": serializers.IntegerField(),
    },
)
WARMED = inline_serializer(
    name="Warmed",
    fields={
        "clicker": serializers.CharField(allow_null=True, help_text="Who answers clicks now, if any."),
        "words": serializers.CharField(allow_null=True, help_text="Who understands words now, if any."),
        "examples": serializers.CharField(allow_null=True, help_text="Who finds by examples now, if any."),
    },
)


def asked_of(body: dict[str, Any], *, instance_id: int | None) -> Asked:
    """The request in the words of the service."""
    return Asked(
        frame=body["frame"],
        draft_id=body["draft_id"],
        seq=body["seq"],
        mode=PromptMode(body["mode"]),
        points=[Click(**point) for point in body["points"]],
        box_json=body["box"],
        clicker=body["clicker"],
        words=body["words"],
        examples=[ExampleLabel(**one) for one in body["examples"]],
        threshold=body["threshold"],
        most=body["most"],
        detector=body["detector"],
        finish=Finish(
            min_area=body["min_area"],
            fill_holes=body["fill_holes"],
            tolerance=body["tolerance"],
            exclude_bitmasks=body["exclude_bitmasks"],
            instance_id=instance_id,
        ),
    )
