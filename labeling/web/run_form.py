"""The form of a run over many tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from labeling.models import JobKind, ObjectClass, Project
from labeling.services.algorithms import ADVANCED, FAST, SCRIPTED, advanced_barrier
from labeling.services.batches.specification import BatchSpan, SpanKind, Specification
from labeling.services.orders import (
    INTERVAL_DEFAULT,
    MOST_DEFAULT,
    MOST_MAX,
    OVERLAP_DEFAULT,
    DetectOrder,
    InterpolateOrder,
    Order,
    TrackOrder,
    WantedClass,
)

KINDS = [
    (JobKind.TRACK.value, "Track objects"),
    (JobKind.INTERPOLATE.value, "Interpolate between labels"),
    (JobKind.DETECT_ALL.value, "Find all objects"),
]
SPANS = [
    (SpanKind.WHOLE.value, "Whole task"),
    (SpanKind.SEED.value, "So many frames from the first label on"),
    (SpanKind.FIXED.value, "A range of frames"),
]
NOT_FOUR = "Detection starts from no label: choose the whole task or a range."


def tracker_choices() -> list[tuple[str, str]]:
    """The trackers that can be ordered here."""
    choices = [] if advanced_barrier() else [(ADVANCED, "SAM 2 (advanced)")]
    choices.append((FAST.name, "Fast (CPU)"))
    if settings.SCRIPTED_BACKEND:
        choices.append((SCRIPTED.name, "Scripted (demonstration)"))
    return choices


class RunForm(forms.Form):
    """What is done to each task. Fields of the other kinds are not looked at."""

    name = forms.CharField(max_length=200, required=False, label="Name")
    kind = forms.ChoiceField(choices=KINDS, widget=forms.RadioSelect, initial=JobKind.TRACK.value)
    classes = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Classes")
    span = forms.ChoiceField(choices=SPANS, initial=SpanKind.WHOLE.value, label="Frames of each task")
    span_frames = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, initial=30, required=False, label="Frames"
    )
    span_first = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, initial=0, required=False, label="From frame"
    )
    span_last = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, initial=29, required=False, label="To frame"
    )
    budget_hours = forms.FloatField(
        min_value=0.001,
        max_value=1e8,
        required=False,
        label="Budget, in hours of workers",
        help_text="Once it is spent the batch is paused. Empty: no limit.",
    )
    priority = forms.FloatField(min_value=0, max_value=1, initial=0.5, label="Priority, 0 to 1")
    algorithm = forms.ChoiceField(required=False, label="Tracker")
    interval = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        initial=INTERVAL_DEFAULT,
        required=False,
        label="Tracking annotation interval",
        help_text="So many frames without the object are tolerated before its tracking ends.",
    )
    step = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, initial=1, required=False, label="Every n-th frame"
    )
    threshold = forms.FloatField(
        min_value=0, max_value=1, required=False, label="Threshold, 0 to 1", help_text="Empty: the usual one."
    )
    most = forms.IntegerField(
        min_value=1, max_value=MOST_MAX, initial=MOST_DEFAULT, required=False, label="Most objects of a frame"
    )
    overlap = forms.FloatField(
        min_value=0, max_value=1, initial=OVERLAP_DEFAULT, required=False, label="Skip above an overlap of"
    )
    link = forms.BooleanField(initial=True, required=False, label="Link detections over frames")
    fill = forms.BooleanField(required=False, label="Track through the frames between")

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        classes = ObjectClass.objects.filter(ontology_id=project.ontology_id, archived=False)
        self.class_list = list(classes.order_by("position"))
        self.fields["classes"].choices = [(str(one.pk), one.name) for one in self.class_list]  # type: ignore[attr-defined]
        self.fields["algorithm"].choices = tracker_choices()  # type: ignore[attr-defined]

    def specification(self) -> Specification:
        """What a valid form says. What it leaves out is as in an order by the API."""
        told = self.cleaned_data
        classes = tuple(int(pk) for pk in told["classes"])
        if told["kind"] == JobKind.DETECT_ALL:
            return Specification(self.detection(classes), self.spanned())
        return Specification(self.instances(), self.spanned(), classes)

    def spanned(self) -> BatchSpan:
        told = self.cleaned_data
        kind = SpanKind(told["span"])
        if kind is SpanKind.SEED:
            return BatchSpan(kind, frames=told["span_frames"])
        if kind is SpanKind.FIXED:
            return BatchSpan(kind, first=told["span_first"], last=told["span_last"])
        return BatchSpan()

    def instances(self) -> Order:
        told = self.cleaned_data
        same: dict[str, Any] = {
            "instances": (), "first_frame": 0, "last_frame": 0, "priority": told["priority"],
        }  # fmt: skip
        if told["kind"] == JobKind.INTERPOLATE:
            return InterpolateOrder(**same)
        interval = INTERVAL_DEFAULT if told["interval"] is None else told["interval"]
        return TrackOrder(**same, algorithm=told["algorithm"] or FAST.name, interval=interval)

    def detection(self, classes: tuple[int, ...]) -> DetectOrder:
        told = self.cleaned_data
        most = told["most"] or MOST_DEFAULT
        overlap = OVERLAP_DEFAULT if told["overlap"] is None else told["overlap"]
        return DetectOrder(
            first_frame=0,
            last_frame=0,
            priority=told["priority"],
            classes=tuple(
                WantedClass(object_class=pk, threshold=told["threshold"], most=most) for pk in classes
            ),
            step=told["step"] or 1,
            overlap=overlap,
            link=told["link"],
            fill=(told["algorithm"] or FAST.name) if told["fill"] else None,
        )
