"""The routes of API v1. Each name has its rules in ``labeling.access_rules.ROUTES``."""

from __future__ import annotations

from django.urls import path

from labeling.api.agents import AgentView, ProjectAgentsView, TaskSendView
from labeling.api.answers import InstanceAnswersView, TaskAnswersView, TaskClassificationsView
from labeling.api.batch_csv import BatchItemsCsvView
from labeling.api.batch_orders import BatchAgainView, ProjectBatchesView
from labeling.api.batch_steering import (
    BatchCancelView,
    BatchGoOnView,
    BatchPauseView,
    BatchResumeView,
    BatchRetryView,
    BatchRevertView,
)
from labeling.api.batches import BatchItemsView, BatchScoresView, BatchView
from labeling.api.bucket_exports import BucketExportView, ProjectExportsView
from labeling.api.changes import TaskChangesView, TaskReviewsView
from labeling.api.comments import CommentView, TaskCommentsView
from labeling.api.connections import ConnectionTestView, ConnectionView, ProjectConnectionsView
from labeling.api.deliveries import DeliveriesView, DeliveryRedeliverView, DeliveryView
from labeling.api.edits import EditRedoView, EditUndoView, TaskEditsTogetherView, TaskEditsView
from labeling.api.events import EventStreamView, EventsView
from labeling.api.exports import ProjectExportView, TaskExportView
from labeling.api.history import InstanceDifferencesView, JobOriginalView, LabelHistoryView
from labeling.api.instances import InstanceView, TaskInstancesView
from labeling.api.jobs import JobEventsView, JobView, ProjectJobsView
from labeling.api.labels import InstanceLabelView, TaskLabelsView
from labeling.api.listings import (
    ConnectionListingsView,
    ListingCancelView,
    ListingRetryView,
    ListingView,
)
from labeling.api.media import MediaFrameView, MediaReadView, MediaView, ProjectMediaView
from labeling.api.notifications import MyNotificationsView
from labeling.api.ontologies import OntologiesView, OntologyView
from labeling.api.orders import TaskJobsView
from labeling.api.people import MeView
from labeling.api.preferences import MyPreferencesView
from labeling.api.presence import TaskPresenceView
from labeling.api.projects import MemberView, ProjectMembersView, ProjectsView, ProjectView, ProjectWeightView
from labeling.api.prompts import TaskPromptsView, TaskPromptsWarmView, TaskPromptView
from labeling.api.queue import BulkActionsView, BulkActionView, JobsView, MyFiltersView, MyFilterView
from labeling.api.rule_verbs import RuleOffView, RuleOnView, RulePreviewView, RuleTasksView
from labeling.api.rules import ProjectRulesView, RuleView
from labeling.api.schema import SchemaView
from labeling.api.steering import (
    JobCancelView,
    JobPauseView,
    JobRedoView,
    JobResumeView,
    JobRetryView,
    JobRevertView,
)
from labeling.api.tasks import (
    ProjectTasksView,
    TaskAcceptView,
    TaskRejectView,
    TaskReopenView,
    TaskSubmitView,
    TaskView,
)
from labeling.api.timeline import TaskTimelineView
from labeling.api.tokens import TokensView, TokenView
from labeling.api.uploads import ProjectUploadsView, UploadCompleteView, UploadPartsView, UploadView
from labeling.api.visits import (
    AgentTakeView,
    AgentVisitsView,
    VisitHandBackView,
    VisitReleaseView,
    VisitRenewView,
    VisitView,
)
from labeling.api.watches import ConnectionWatchesView, WatchOffView, WatchOnView, WatchView
from labeling.api.webhook_verbs import (
    WebhookPauseView,
    WebhookRedeliverView,
    WebhookResumeView,
    WebhookSecretView,
    WebhookTestView,
)
from labeling.api.webhooks import ProjectWebhooksView, WebhookKindsView, WebhooksView, WebhookView
from labeling.api.workers import WorkerHoldView, WorkersView

app_name = "api"

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("me/preferences/", MyPreferencesView.as_view(), name="my-preferences"),
    path("me/notifications/", MyNotificationsView.as_view(), name="my-notifications"),
    path("tokens/", TokensView.as_view(), name="tokens"),
    path("tokens/<int:token_id>/", TokenView.as_view(), name="token"),
    path("ontologies/", OntologiesView.as_view(), name="ontologies"),
    path("ontologies/<int:ontology_id>/", OntologyView.as_view(), name="ontology"),
    path("projects/", ProjectsView.as_view(), name="projects"),
    path("projects/<int:project_id>/", ProjectView.as_view(), name="project"),
    path("projects/<int:project_id>/weight/", ProjectWeightView.as_view(), name="project-weight"),
    path("projects/<int:project_id>/members/", ProjectMembersView.as_view(), name="project-members"),
    path("projects/<int:project_id>/media/", ProjectMediaView.as_view(), name="project-media"),
    path("projects/<int:project_id>/uploads/", ProjectUploadsView.as_view(), name="project-uploads"),
    path("uploads/<int:upload_id>/", UploadView.as_view(), name="upload"),
    path("uploads/<int:upload_id>/parts/", UploadPartsView.as_view(), name="upload-parts"),
    path("uploads/<int:upload_id>/complete/", UploadCompleteView.as_view(), name="upload-complete"),
    path("projects/<int:project_id>/exports/", ProjectExportsView.as_view(), name="project-exports"),
    path("exports/<int:export_id>/", BucketExportView.as_view(), name="bucket-export"),
    path(
        "projects/<int:project_id>/connections/", ProjectConnectionsView.as_view(), name="project-connections"
    ),
    path("projects/<int:project_id>/tasks/", ProjectTasksView.as_view(), name="project-tasks"),
    path("projects/<int:project_id>/jobs/", ProjectJobsView.as_view(), name="project-jobs"),
    path("projects/<int:project_id>/batches/", ProjectBatchesView.as_view(), name="project-batches"),
    path("batches/<int:batch_id>/", BatchView.as_view(), name="batch"),
    path("batches/<int:batch_id>/items/", BatchItemsView.as_view(), name="batch-items"),
    path("batches/<int:batch_id>/items.csv", BatchItemsCsvView.as_view(), name="batch-items-csv"),
    path("batches/<int:batch_id>/scores/", BatchScoresView.as_view(), name="batch-scores"),
    path("batches/<int:batch_id>/again/", BatchAgainView.as_view(), name="batch-again"),
    path("batches/<int:batch_id>/go-on/", BatchGoOnView.as_view(), name="batch-go-on"),
    path("batches/<int:batch_id>/pause/", BatchPauseView.as_view(), name="batch-pause"),
    path("batches/<int:batch_id>/resume/", BatchResumeView.as_view(), name="batch-resume"),
    path("batches/<int:batch_id>/cancel/", BatchCancelView.as_view(), name="batch-cancel"),
    path("batches/<int:batch_id>/retry/", BatchRetryView.as_view(), name="batch-retry"),
    path("batches/<int:batch_id>/revert/", BatchRevertView.as_view(), name="batch-revert"),
    path("projects/<int:project_id>/export/", ProjectExportView.as_view(), name="project-export"),
    path("members/<int:member_id>/", MemberView.as_view(), name="member"),
    path("media/<int:media_id>/", MediaView.as_view(), name="media"),
    path("media/<int:media_id>/read/", MediaReadView.as_view(), name="media-read"),
    path("media/<int:media_id>/frames/<int:frame>/", MediaFrameView.as_view(), name="media-frame"),
    path("tasks/<int:task_id>/", TaskView.as_view(), name="task"),
    path("tasks/<int:task_id>/submit/", TaskSubmitView.as_view(), name="task-submit"),
    path("tasks/<int:task_id>/accept/", TaskAcceptView.as_view(), name="task-accept"),
    path("tasks/<int:task_id>/reject/", TaskRejectView.as_view(), name="task-reject"),
    path("tasks/<int:task_id>/reopen/", TaskReopenView.as_view(), name="task-reopen"),
    path("tasks/<int:task_id>/instances/", TaskInstancesView.as_view(), name="task-instances"),
    path("tasks/<int:task_id>/labels/", TaskLabelsView.as_view(), name="task-labels"),
    path("tasks/<int:task_id>/edits/", TaskEditsView.as_view(), name="task-edits"),
    path("tasks/<int:task_id>/edits/together/", TaskEditsTogetherView.as_view(), name="task-edits-together"),
    path("tasks/<int:task_id>/edits/<uuid:key>/undo/", EditUndoView.as_view(), name="edit-undo"),
    path("tasks/<int:task_id>/edits/<uuid:key>/redo/", EditRedoView.as_view(), name="edit-redo"),
    path("tasks/<int:task_id>/answers/", TaskAnswersView.as_view(), name="task-answers"),
    path(
        "tasks/<int:task_id>/classifications/",
        TaskClassificationsView.as_view(),
        name="task-classifications",
    ),
    path("tasks/<int:task_id>/timeline/", TaskTimelineView.as_view(), name="task-timeline"),
    path("tasks/<int:task_id>/changes/", TaskChangesView.as_view(), name="task-changes"),
    path("tasks/<int:task_id>/reviews/", TaskReviewsView.as_view(), name="task-reviews"),
    path("tasks/<int:task_id>/jobs/", TaskJobsView.as_view(), name="task-jobs"),
    path("tasks/<int:task_id>/prompts/", TaskPromptsView.as_view(), name="task-prompts"),
    path("tasks/<int:task_id>/prompts/warm/", TaskPromptsWarmView.as_view(), name="task-prompts-warm"),
    path("tasks/<int:task_id>/prompts/<uuid:prompt_id>/", TaskPromptView.as_view(), name="task-prompt"),
    path("tasks/<int:task_id>/export/", TaskExportView.as_view(), name="task-export"),
    path("tasks/<int:task_id>/comments/", TaskCommentsView.as_view(), name="task-comments"),
    path("tasks/<int:task_id>/presence/", TaskPresenceView.as_view(), name="task-presence"),
    path("comments/<int:comment_id>/", CommentView.as_view(), name="comment"),
    path("projects/<int:project_id>/agents/", ProjectAgentsView.as_view(), name="project-agents"),
    path("agents/<int:agent_id>/", AgentView.as_view(), name="agent"),
    path("agents/<int:agent_id>/visits/", AgentVisitsView.as_view(), name="agent-visits"),
    path("agents/<int:agent_id>/take/", AgentTakeView.as_view(), name="agent-take"),
    path("visits/<int:visit_id>/", VisitView.as_view(), name="visit"),
    path("visits/<int:visit_id>/renew/", VisitRenewView.as_view(), name="visit-renew"),
    path("visits/<int:visit_id>/release/", VisitReleaseView.as_view(), name="visit-release"),
    path("visits/<int:visit_id>/hand-back/", VisitHandBackView.as_view(), name="visit-hand-back"),
    path("tasks/<int:task_id>/send/", TaskSendView.as_view(), name="task-send"),
    path("instances/<int:instance_id>/", InstanceView.as_view(), name="instance"),
    path(
        "instances/<int:instance_id>/labels/<int:frame>/", InstanceLabelView.as_view(), name="instance-label"
    ),
    path(
        "instances/<int:instance_id>/labels/<int:frame>/history/",
        LabelHistoryView.as_view(),
        name="label-history",
    ),
    path("instances/<int:instance_id>/answers/", InstanceAnswersView.as_view(), name="instance-answers"),
    path("connections/<int:connection_id>/", ConnectionView.as_view(), name="connection"),
    path("connections/<int:connection_id>/test/", ConnectionTestView.as_view(), name="connection-test"),
    path(
        "connections/<int:connection_id>/listings/",
        ConnectionListingsView.as_view(),
        name="connection-listings",
    ),
    path("listings/<int:listing_id>/", ListingView.as_view(), name="listing"),
    path("listings/<int:listing_id>/cancel/", ListingCancelView.as_view(), name="listing-cancel"),
    path("listings/<int:listing_id>/retry/", ListingRetryView.as_view(), name="listing-retry"),
    path(
        "connections/<int:connection_id>/watches/", ConnectionWatchesView.as_view(), name="connection-watches"
    ),
    path("watches/<int:watch_id>/", WatchView.as_view(), name="watch"),
    path("watches/<int:watch_id>/on/", WatchOnView.as_view(), name="watch-on"),
    path("watches/<int:watch_id>/off/", WatchOffView.as_view(), name="watch-off"),
    path("projects/<int:project_id>/rules/", ProjectRulesView.as_view(), name="project-rules"),
    path("rules/<int:rule_id>/", RuleView.as_view(), name="rule"),
    path("rules/<int:rule_id>/on/", RuleOnView.as_view(), name="rule-on"),
    path("rules/<int:rule_id>/off/", RuleOffView.as_view(), name="rule-off"),
    path("rules/<int:rule_id>/preview/", RulePreviewView.as_view(), name="rule-preview"),
    path("rules/<int:rule_id>/tasks/", RuleTasksView.as_view(), name="rule-tasks"),
    path("jobs/", JobsView.as_view(), name="jobs"),
    path("jobs/actions/", BulkActionsView.as_view(), name="bulk-actions"),
    path("jobs/actions/<int:action_id>/", BulkActionView.as_view(), name="bulk-action"),
    path("me/filters/", MyFiltersView.as_view(), name="my-filters"),
    path("me/filters/<int:filter_id>/", MyFilterView.as_view(), name="my-filter"),
    path("jobs/<int:job_id>/", JobView.as_view(), name="job"),
    path("jobs/<int:job_id>/pause/", JobPauseView.as_view(), name="job-pause"),
    path("jobs/<int:job_id>/resume/", JobResumeView.as_view(), name="job-resume"),
    path("jobs/<int:job_id>/cancel/", JobCancelView.as_view(), name="job-cancel"),
    path("jobs/<int:job_id>/retry/", JobRetryView.as_view(), name="job-retry"),
    path("jobs/<int:job_id>/revert/", JobRevertView.as_view(), name="job-revert"),
    path("jobs/<int:job_id>/redo/", JobRedoView.as_view(), name="job-redo"),
    path(
        "instances/<int:instance_id>/differences/",
        InstanceDifferencesView.as_view(),
        name="instance-differences",
    ),
    path("jobs/<int:job_id>/original/", JobOriginalView.as_view(), name="job-original"),
    path("jobs/<int:job_id>/events/", JobEventsView.as_view(), name="job-events"),
    path("projects/<int:project_id>/webhooks/", ProjectWebhooksView.as_view(), name="project-webhooks"),
    path("webhooks/", WebhooksView.as_view(), name="webhooks"),
    path("webhooks/kinds/", WebhookKindsView.as_view(), name="webhook-kinds"),
    path("webhooks/<int:webhook_id>/", WebhookView.as_view(), name="webhook"),
    path("webhooks/<int:webhook_id>/secret/", WebhookSecretView.as_view(), name="webhook-secret"),
    path("webhooks/<int:webhook_id>/test/", WebhookTestView.as_view(), name="webhook-test"),
    path("webhooks/<int:webhook_id>/pause/", WebhookPauseView.as_view(), name="webhook-pause"),
    path("webhooks/<int:webhook_id>/resume/", WebhookResumeView.as_view(), name="webhook-resume"),
    path("webhooks/<int:webhook_id>/redeliver/", WebhookRedeliverView.as_view(), name="webhook-redeliver"),
    path("webhooks/<int:webhook_id>/deliveries/", DeliveriesView.as_view(), name="webhook-deliveries"),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/",
        DeliveryView.as_view(),
        name="webhook-delivery",
    ),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/redeliver/",
        DeliveryRedeliverView.as_view(),
        name="webhook-delivery-redeliver",
    ),
    path("events/", EventsView.as_view(), name="events"),
    path("events/stream/", EventStreamView.as_view(), name="event-stream"),
    path("workers/<int:worker_id>/hold/", WorkerHoldView.as_view(), name="worker-hold"),
    path("workers/", WorkersView.as_view(), name="workers"),
    path("schema/", SchemaView.as_view(), name="schema"),
]
