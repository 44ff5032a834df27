"""A job as people see it: its colour, what can be done to it, why it waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from labeling.access import job_require_steerable
from labeling.errors import LabelyardError
from labeling.models import Job, JobKind, JobState, Part, PartState, Role, User
from labeling.selectors.forecast import Forecast, forecasts
from labeling.selectors.workers import Fleet, jobs_without_worker
from labeling.services.job_notes import job_warnings

TONES = {
    JobState.QUEUED: "",
    JobState.RUNNING: "info",
    JobState.PAUSED: "warn",
    JobState.CANCELLING: "warn",
    JobState.SUCCEEDED: "good",
    JobState.PARTIAL: "warn",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "",
}
RUNS_ON = (JobState.QUEUED, JobState.RUNNING)
PARAMETERS = {
    "interval": "Interval",
    "max_frames_after_key": "Frames after the last key frame",
    "instances_per_part": "Instances in a part",
    "from_editor": "From the editor",
    "step": "Step",
    "overlap": "Skipped above an overlap of",
    "link": "Linked over frames",
    "fill": "Frames between filled by",
    "exclude_bitmasks": "Leaves out other bitmasks",
    "backend": "Backend's own",
}


# A part that failed so may do with less memory.
OUT_OF_MEMORY = "gpu_out_of_memory"


UNKNOWN = Forecast()


@dataclass(frozen=True)
class JobFace:
    """``steerable``: this person may pause, cancel, retry and revert it. ``waiting``: no worker has it."""

    job: Job
    steerable: bool
    waiting: bool
    forecast: Forecast = UNKNOWN

    @property
    def tone(self) -> str:
        return TONES[JobState(self.job.state)]

    @property
    def state(self) -> str:
        """The state in a word or three."""
        if self.job.reverted_at:
            return "Cancelled, discarded" if self.job.state == JobState.CANCELLED else "Reverted"
        return "Waiting for a worker" if self.waiting else JobState(self.job.state).label

    @property
    def active(self) -> bool:
        return self.job.finished_at is None

    @property
    def bar(self) -> str:
        """The class of the progress bar."""
        if self.job.state == JobState.FAILED:
            return "bad"
        return "idle" if self.job.state in (JobState.CANCELLED, JobState.PAUSED) else ""

    @property
    def can(self) -> dict[str, bool]:
        """What the job's state allows, for who may steer it."""
        state, reverted = self.job.state, self.job.reverted_at is not None
        failed = state in (JobState.FAILED, JobState.PARTIAL) and self.failed_parts > 0
        allowed = {
            "pause": state in RUNS_ON,
            "resume": state == JobState.PAUSED,
            "cancel": state in (*RUNS_ON, JobState.PAUSED),
            "retry": failed and not reverted,
            "offload": failed and not reverted and self.may_offload,
            "revert": not self.active and not reverted and self.job.labels_written > 0,
            "redo": reverted and self.job.labels_written > 0,
            "again": not self.active,
        }
        return {verb: self.steerable and possible for verb, possible in allowed.items()}

    @property
    def may_offload(self) -> bool:
        """The GPU had no memory left, and what saves some is not on yet."""
        offloaded = (self.job.parameters.get("backend") or {}).get("offload")
        return self.job.error_code == OUT_OF_MEMORY and not offloaded

    @property
    def failed_parts(self) -> int:
        return int(getattr(self.job, "failed_parts", 0))

    @property
    def seconds(self) -> float | None:
        """How long it has been running."""
        if self.job.started_at is None:
            return None
        return ((self.job.finished_at or timezone.now()) - self.job.started_at).total_seconds()

    @property
    def direction(self) -> str:
        """Where tracking goes; nothing for what has no direction."""
        return str(self.job.direction) if self.job.kind == JobKind.TRACK else ""

    @property
    def algorithm_title(self) -> str:
        return "Detector" if self.job.kind == JobKind.DETECT_ALL else "Algorithm"

    @property
    def wanted(self) -> list[str]:
        """What a detecting job looks for, a line a class."""
        return [wanted_line(one) for one in self.job.parameters.get("classes", ())]

    @property
    def warnings(self) -> list[str]:
        return job_warnings(self.job)

    def parameters(self) -> list[tuple[str, Any]]:
        """The order beyond range, direction and algorithm, as label and value."""
        told = {name: self.job.parameters.get(name) for name in PARAMETERS}
        return [(PARAMETERS[name], shown(value)) for name, value in told.items() if value not in (None, {})]


def wanted_line(told: Mapping[str, Any]) -> str:
    """A class as people read it: what it is known by, how sure, how many."""
    words, examples = told["words"], len(told["examples"])
    known_by = [f"“{words}”"] if words and words != told["name"] else []
    known_by += [f"{examples} example{'' if examples == 1 else 's'}"] if examples else []
    threshold = "usual threshold" if told["threshold"] is None else f"threshold {told['threshold']:g}"
    return ", ".join([told["name"], *known_by, threshold, f"at most {told['most']} a frame"])


def job_rows() -> QuerySet[Job]:
    """Jobs with all that a face needs. Parts are counted of those that are shown, not of all there are."""
    failed = Part.objects.filter(job=OuterRef("pk"), state=PartState.FAILED).order_by().values("job")
    return Job.objects.select_related("task__media", "project", "created_by", "reverted_by").annotate(
        failed_parts=Coalesce(Subquery(failed.annotate(count=Count("pk")).values("count")), 0)
    )


def shown(value: Any) -> Any:
    """A setting as people read it."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def job_faces(
    jobs: Sequence[Job], *, user: User, roles: Mapping[int, Role | str | None], fleet: Fleet | None = None
) -> list[JobFace]:
    """Return the faces of ``jobs`` for this person, who has these ``roles`` in projects.

    ``fleet``: the workers, if they are known.
    """
    fleet = fleet or Fleet()
    waiting = jobs_without_worker([job.pk for job in jobs], fleet=fleet)
    ahead = forecasts([job.pk for job in jobs if job.state in RUNS_ON], fleet=fleet)
    return [
        JobFace(
            job,
            steerable=may_steer(job, user=user, role=roles.get(job.project_id)),
            waiting=job.pk in waiting,
            forecast=ahead.get(job.pk, UNKNOWN),
        )
        for job in jobs
    ]


def job_face(job: Job, *, user: User, role: Role | None) -> JobFace:
    """Return the face of one job."""
    return job_faces([job], user=user, roles={job.project_id: role})[0]


def may_steer(job: Job, *, user: User, role: Role | str | None) -> bool:
    if role is None:
        return False
    try:
        job_require_steerable(job=job, user=user, role=Role(role))
    except LabelyardError:
        return False
    return True
