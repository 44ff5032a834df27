"""The addresses of the pages. Each has its rule in ``labeling.access_rules.ROUTES``."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from labeling.web import (
    agents,
    batches,
    bucket_exporting,
    bucket_registering,
    jobs_together,
    notifications,
    project_connections,
    project_jobs,
    project_media,
    project_rest,
    project_tasks,
    projects,
    run_new,
    task,
    tokens,
    webhook,
    webhooks,
    workers,
)
from labeling.web.reference import pages as reference
from labeling.web.signing import SignIn

urlpatterns: list[URLPattern] = [
    path("", projects.projects, name="projects"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("projects/new/", projects.project_new, name="project-new"),
    path("projects/<int:project_id>/", project_tasks.project, name="project"),
    path("projects/<int:project_id>/media/", project_media.project_media, name="project-media"),
    path("projects/<int:project_id>/jobs/act/", jobs_together.jobs_act, name="jobs-act"),
    path("projects/<int:project_id>/jobs/", project_jobs.project_jobs, name="project-jobs"),
    path("projects/<int:project_id>/runs/new/", run_new.run_new, name="run-new"),
    path("projects/<int:project_id>/batches/", batches.project_batches, name="project-batches"),
    path("batches/<int:batch_id>/", batches.batch, name="batch"),
    path("batches/<int:batch_id>/act/", batches.batch_act, name="batch-act"),
    path("batches/<int:batch_id>/scores/", batches.batch_scores, name="batch-scores"),
    path("projects/<int:project_id>/agents/", agents.project_agents, name="project-agents"),
    path("agents/<int:agent_id>/", agents.agent, name="agent"),
    path("projects/<int:project_id>/export/", project_rest.project_export, name="project-export"),
    path("projects/<int:project_id>/members/", project_rest.project_members, name="project-members"),
    path("projects/<int:project_id>/rules/", project_rest.project_rules, name="project-rules"),
    path("projects/<int:project_id>/ontology/", project_rest.project_ontology, name="project-ontology"),
    path("members/<int:member_id>/", project_rest.member_change, name="member-change"),
    path(
        "projects/<int:project_id>/connections/",
        project_connections.project_connections,
        name="project-connections",
    ),
    path(
        "projects/<int:project_id>/export/write/",
        bucket_exporting.export_write,
        name="export-write",
    ),
    path("connections/<int:connection_id>/", project_connections.connection, name="connection"),
    path("connections/<int:connection_id>/act/", project_connections.connection_act, name="connection-act"),
    path(
        "connections/<int:connection_id>/register/",
        bucket_registering.connection_register,
        name="connection-register",
    ),
    path("media/<int:media_id>/row/", project_media.media_row, name="media-row"),
    path("media/<int:media_id>/thumb/", project_media.media_thumb, name="media-thumb"),
    path("jobs/<int:job_id>/", project_jobs.job, name="job"),
    path("jobs/<int:job_id>/row/", project_jobs.job_row, name="job-row"),
    path("jobs/<int:job_id>/act/", project_jobs.job_act, name="job-act"),
    path("tasks/<int:task_id>/", task.task, name="task"),
    path("tasks/<int:task_id>/assign/", project_tasks.task_assign, name="task-assign"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("api/docs/", reference.reference, name="reference"),
    path("api/docs/<slug:tag>/", reference.reference_section, name="reference-section"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.token_end, name="token-revoke"),
    path("workers/", workers.workers, name="workers"),
    path("workers/<int:worker_id>/hold/", workers.worker_hold_page, name="worker-hold"),
    path("projects/<int:project_id>/webhooks/", webhooks.project_webhooks, name="project-webhooks"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:webhook_id>/", webhook.webhook, name="webhook"),
    path("webhooks/<int:webhook_id>/act/", webhook.webhook_act, name="webhook-act"),
    path("webhooks/<int:webhook_id>/log/", webhook.webhook_log, name="webhook-log"),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/",
        webhook.webhook_delivery,
        name="webhook-delivery",
    ),
]
