"""What is stored."""

from labeling.models.agent import Agent, AgentVisit, Entry, VisitState
from labeling.models.batch import COUNTS, ENDED, Batch, BatchItem, BatchState, BatchVerb
from labeling.models.bucket_export import BucketExport, ExportState
from labeling.models.bucket_folder import BucketFolder, FolderPicture
from labeling.models.bulk_action import BulkAction, BulkVerb
from labeling.models.comment import Comment, CommentKind
from labeling.models.connection import Connection, Credentials
from labeling.models.direct_upload import DirectUpload, UploadState
from labeling.models.edit import Edit, EditChunk, EditTurn
from labeling.models.event import Event, EventCursor
from labeling.models.hint import HintKind, ReviewHint
from labeling.models.job import (
    ACTIVE_STATES,
    FINAL_STATES,
    Capability,
    Direction,
    Job,
    JobClass,
    JobInstance,
    JobKind,
    JobState,
    Part,
    PartState,
)
from labeling.models.label import (
    AttributeAnswer,
    ClassificationAnswer,
    Decision,
    Instance,
    Label,
    Provenance,
    ReviewDecision,
)
from labeling.models.listing import BucketObject, Listing, ListingState, WhenChanged
from labeling.models.media import Media, MediaFrames, MediaKind, MediaSource, MediaState
from labeling.models.notification import Notification, NotificationKind
from labeling.models.ontology import (
    AttributeDefinition,
    AttributeKind,
    FrameClassification,
    ObjectClass,
    Ontology,
)
from labeling.models.preferences import Preferences
from labeling.models.presence import Presence
from labeling.models.project import FairShare, Member, Project, Role
from labeling.models.rule import WATCHFUL, Rule, RuleState, RuleTask
from labeling.models.run import CHUNK_FRAMES, RunChunk, RunInstance
from labeling.models.saved_filter import SavedFilter
from labeling.models.task import ChangeKind, Stage, Task, TaskChange
from labeling.models.token import ApiToken, TokenScope
from labeling.models.user import User
from labeling.models.watch import Watch, WatchState
from labeling.models.webhook import (
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    Webhook,
    WebhookCursor,
    WebhookFormat,
    WebhookState,
)
from labeling.models.worker import Worker, WorkerHold

__all__ = [
    "ACTIVE_STATES",
    "CHUNK_FRAMES",
    "COUNTS",
    "ENDED",
    "FINAL_STATES",
    "WATCHFUL",
    "Agent",
    "AgentVisit",
    "ApiToken",
    "AttributeAnswer",
    "AttributeDefinition",
    "AttributeKind",
    "Batch",
    "BatchItem",
    "BatchState",
    "BatchVerb",
    "BucketExport",
    "BucketFolder",
    "BucketObject",
    "BulkAction",
    "BulkVerb",
    "Capability",
    "ChangeKind",
    "ClassificationAnswer",
    "Comment",
    "CommentKind",
    "Connection",
    "Credentials",
    "Decision",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryState",
    "DirectUpload",
    "Direction",
    "Edit",
    "EditChunk",
    "EditTurn",
    "Entry",
    "Event",
    "EventCursor",
    "ExportState",
    "FairShare",
    "FolderPicture",
    "FrameClassification",
    "HintKind",
    "Instance",
    "Job",
    "JobClass",
    "JobInstance",
    "JobKind",
    "JobState",
    "Label",
    "Listing",
    "ListingState",
    "Media",
    "MediaFrames",
    "MediaKind",
    "MediaSource",
    "MediaState",
    "Member",
    "Notification",
    "NotificationKind",
    "ObjectClass",
    "Ontology",
    "Part",
    "PartState",
    "Preferences",
    "Presence",
    "Project",
    "Provenance",
    "ReviewDecision",
    "ReviewHint",
    "Role",
    "Rule",
    "RuleState",
    "RuleTask",
    "RunChunk",
    "RunInstance",
    "SavedFilter",
    "Stage",
    "Task",
    "TaskChange",
    "TokenScope",
    "UploadState",
    "User",
    "VisitState",
    "Watch",
    "WatchState",
    "Webhook",
    "WebhookCursor",
    "WebhookFormat",
    "WebhookState",
    "WhenChanged",
    "Worker",
    "WorkerHold",
]
