"""The tables of who may do what.

``PERMISSIONS`` gives each permission its roles, ``ROUTES`` each route and method its permission.
A route without a rule is closed, and so is a method without one. ``labeling.access`` goes by them.
"""

from __future__ import annotations

from enum import StrEnum

from labeling.models import Role


class Permission(StrEnum):
    """What a route needs."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    # Signed in with a password, in this session: a token does not do.
    IN_PERSON = "in_person"
    ONTOLOGY_READ = "ontology_read"
    ONTOLOGY_MANAGE = "ontology_manage"
    PROJECT_READ = "project_read"
    LABEL_WRITE = "label_write"
    COMMENT = "comment"
    JOB_RUN = "job_run"
    TASK_SUBMIT = "task_submit"
    REVIEW = "review"
    PROJECT_MANAGE = "project_manage"
    # Who manages the webhook's project; of one of the installation, its operators.
    WEBHOOK_MANAGE = "webhook_manage"
    # Operators of the installation: superusers.
    OPERATE = "operate"


EVERYONE = frozenset(Role)
WRITERS = frozenset({Role.ANNOTATOR, Role.REVIEWER, Role.MANAGER})
PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.PROJECT_READ: EVERYONE,
    Permission.LABEL_WRITE: WRITERS,
    Permission.COMMENT: WRITERS,
    Permission.JOB_RUN: WRITERS,
    Permission.TASK_SUBMIT: WRITERS,
    Permission.REVIEW: frozenset({Role.REVIEWER, Role.MANAGER}),
    Permission.PROJECT_MANAGE: frozenset({Role.MANAGER}),
}
# What is asked of the person alone, whatever the address is about.
BEYOND_PROJECTS = frozenset({Permission.SIGNED_IN, Permission.IN_PERSON})
# What an ontology's own rule decides.
ONTOLOGY = frozenset({Permission.ONTOLOGY_READ, Permission.ONTOLOGY_MANAGE})

Rules = dict[str, Permission]
"""Method to what it needs. HEAD goes by the rule of GET."""

READ: Rules = {"GET": Permission.PROJECT_READ}
READ_OR_MANAGE: Rules = {"GET": Permission.PROJECT_READ, "POST": Permission.PROJECT_MANAGE}
READ_OR_LABEL: Rules = {"GET": Permission.PROJECT_READ, "POST": Permission.LABEL_WRITE}
MANAGE: Rules = {"POST": Permission.PROJECT_MANAGE}
SETTINGS: Rules = dict.fromkeys(("GET", "PATCH", "DELETE"), Permission.PROJECT_MANAGE)
SEE_AND_MANAGE: Rules = {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE}
STEER_JOB: Rules = {"POST": Permission.JOB_RUN}
READ_WEBHOOK: Rules = {"GET": Permission.WEBHOOK_MANAGE}
STEER_WEBHOOK: Rules = {"POST": Permission.WEBHOOK_MANAGE}

ROUTES: dict[str, Rules] = {
    "healthz": {"GET": Permission.PUBLIC},
    "api:schema": {"GET": Permission.PUBLIC},
    "api:me": {"GET": Permission.SIGNED_IN},
    "api:my-preferences": {"GET": Permission.SIGNED_IN, "PATCH": Permission.SIGNED_IN},
    "api:my-notifications": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:tokens": {"GET": Permission.SIGNED_IN, "POST": Permission.IN_PERSON},
    "api:token": {"DELETE": Permission.SIGNED_IN},
    "api:ontologies": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:ontology": {"GET": Permission.ONTOLOGY_READ, "PATCH": Permission.ONTOLOGY_MANAGE},
    "api:projects": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:project": {"GET": Permission.PROJECT_READ, "PATCH": Permission.PROJECT_MANAGE},
    "api:project-members": READ_OR_MANAGE,
    "api:member": {
        "GET": Permission.PROJECT_READ,
        "PATCH": Permission.PROJECT_MANAGE,
        "DELETE": Permission.PROJECT_MANAGE,
    },
    "api:project-media": READ_OR_MANAGE,
    # Beyond the role, an upload is gone on with by who began it.
    "api:project-uploads": SEE_AND_MANAGE,
    "api:upload": {"GET": Permission.PROJECT_MANAGE, "DELETE": Permission.PROJECT_MANAGE},
    "api:upload-parts": MANAGE,
    "api:upload-complete": MANAGE,
    "api:media": READ,
    "api:media-read": MANAGE,
    "api:project-connections": SEE_AND_MANAGE,
    "api:connection": {
        "GET": Permission.PROJECT_MANAGE,
        "PATCH": Permission.PROJECT_MANAGE,
        "DELETE": Permission.PROJECT_MANAGE,
    },
    "api:connection-test": MANAGE,
    "api:connection-listings": SEE_AND_MANAGE,
    "api:project-exports": SEE_AND_MANAGE,
    "api:bucket-export": {"GET": Permission.PROJECT_MANAGE},
    "api:listing": {"GET": Permission.PROJECT_MANAGE},
    "api:listing-cancel": MANAGE,
    "api:listing-retry": MANAGE,
    "api:connection-watches": SEE_AND_MANAGE,
    "api:watch": SETTINGS,
    "api:watch-on": MANAGE,
    "api:watch-off": MANAGE,
    "api:project-rules": SEE_AND_MANAGE,
    "api:rule": SETTINGS,
    "api:rule-on": MANAGE,
    "api:rule-off": MANAGE,
    "api:rule-preview": {"GET": Permission.PROJECT_MANAGE},
    "api:rule-tasks": {"GET": Permission.PROJECT_MANAGE},
    "api:media-frame": READ,
    "api:project-tasks": READ_OR_MANAGE,
    # Annotators may take a task and release it; the service sees to it that they do no more.
    "api:task": {"GET": Permission.PROJECT_READ, "PATCH": Permission.LABEL_WRITE},
    "api:task-submit": {"POST": Permission.TASK_SUBMIT},
    "api:task-accept": {"POST": Permission.REVIEW},
    "api:task-reject": {"POST": Permission.REVIEW},
    "api:task-reopen": {"POST": Permission.PROJECT_MANAGE},
    "api:task-send": {"POST": Permission.PROJECT_MANAGE},
    "api:project-agents": READ_OR_MANAGE,
    "api:agent": {
        "GET": Permission.PROJECT_READ,
        "PATCH": Permission.PROJECT_MANAGE,
        "DELETE": Permission.PROJECT_MANAGE,
    },
    "api:agent-visits": READ,
    # Beyond the role: service accounts and managers, and of a visit who holds it.
    "api:agent-take": {"POST": Permission.LABEL_WRITE},
    "api:visit": READ,
    "api:visit-renew": {"POST": Permission.LABEL_WRITE},
    "api:visit-release": {"POST": Permission.LABEL_WRITE},
    "api:visit-hand-back": {"POST": Permission.LABEL_WRITE},
    "api:task-instances": READ_OR_LABEL,
    "api:instance": {
        "GET": Permission.PROJECT_READ,
        "PATCH": Permission.LABEL_WRITE,
        "DELETE": Permission.LABEL_WRITE,
    },
    "api:task-labels": READ_OR_LABEL,
    "api:task-edits": READ_OR_LABEL,
    "api:task-edits-together": {"POST": Permission.LABEL_WRITE},
    # Beyond the role, an edit is undone by who made it, reviewers and managers.
    "api:edit-undo": {"POST": Permission.LABEL_WRITE},
    "api:edit-redo": {"POST": Permission.LABEL_WRITE},
    "api:instance-label": {"PUT": Permission.LABEL_WRITE, "DELETE": Permission.LABEL_WRITE},
    "api:label-history": READ,
    "api:instance-differences": READ,
    "api:instance-answers": {"GET": Permission.PROJECT_READ, "PUT": Permission.LABEL_WRITE},
    "api:task-answers": READ,
    "api:task-classifications": {"GET": Permission.PROJECT_READ, "PUT": Permission.LABEL_WRITE},
    "api:task-changes": READ,
    "api:task-timeline": READ,
    "api:task-comments": {"GET": Permission.PROJECT_READ, "POST": Permission.COMMENT},
    # Beyond the role: one edits and deletes one's own comments, managers anybody's.
    "api:comment": {
        "GET": Permission.PROJECT_READ,
        "PATCH": Permission.COMMENT,
        "DELETE": Permission.COMMENT,
    },
    # Who only looks is seen too; the service lets nobody hold the lease who may not edit.
    "api:task-presence": {"PUT": Permission.PROJECT_READ, "DELETE": Permission.PROJECT_READ},
    "api:task-reviews": {"GET": Permission.PROJECT_READ, "POST": Permission.REVIEW},
    "api:task-jobs": {"GET": Permission.PROJECT_READ, "POST": Permission.JOB_RUN},
    # Who may change labels may click; the task's stage and assignee decide as they do for labels.
    "api:task-prompts": {"POST": Permission.LABEL_WRITE},
    "api:task-prompts-warm": {"POST": Permission.LABEL_WRITE},
    "api:task-prompt": {"GET": Permission.LABEL_WRITE},
    "api:project-jobs": READ,
    # Beyond the rule: jobs of one's own projects only, each steered by who may steer it.
    "api:jobs": {"GET": Permission.SIGNED_IN},
    "api:bulk-actions": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:bulk-action": {"GET": Permission.SIGNED_IN},
    "api:my-filters": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:my-filter": {"DELETE": Permission.SIGNED_IN},
    "api:job": READ,
    # Beyond the role, a job is steered by who ordered it, reviewers and managers.
    "api:job-pause": STEER_JOB,
    "api:job-resume": STEER_JOB,
    "api:job-cancel": STEER_JOB,
    "api:job-retry": STEER_JOB,
    "api:job-revert": STEER_JOB,
    "api:job-redo": STEER_JOB,
    "api:project-batches": READ_OR_MANAGE,
    "api:batch": READ,
    "api:batch-items": READ,
    "api:batch-items-csv": READ,
    "api:batch-scores": READ,
    "api:batch-again": MANAGE,
    "api:batch-go-on": MANAGE,
    "api:batch-pause": MANAGE,
    "api:batch-resume": MANAGE,
    "api:batch-cancel": MANAGE,
    "api:batch-retry": MANAGE,
    "api:batch-revert": MANAGE,
    "api:job-original": READ,
    "api:job-events": READ,
    "api:project-export": READ,
    "api:task-export": READ,
    "api:webhook-kinds": {"GET": Permission.SIGNED_IN},
    "api:project-webhooks": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "api:webhooks": {"GET": Permission.OPERATE, "POST": Permission.OPERATE},
    "api:webhook": {
        "GET": Permission.WEBHOOK_MANAGE,
        "PATCH": Permission.WEBHOOK_MANAGE,
        "DELETE": Permission.WEBHOOK_MANAGE,
    },
    "api:webhook-secret": STEER_WEBHOOK,
    "api:webhook-test": STEER_WEBHOOK,
    "api:webhook-pause": STEER_WEBHOOK,
    "api:webhook-resume": STEER_WEBHOOK,
    "api:webhook-redeliver": STEER_WEBHOOK,
    "api:webhook-deliveries": READ_WEBHOOK,
    "api:webhook-delivery": READ_WEBHOOK,
    "api:webhook-delivery-redeliver": STEER_WEBHOOK,
    "api:events": {"GET": Permission.SIGNED_IN},
    "api:event-stream": {"GET": Permission.SIGNED_IN},
    "api:workers": {"GET": Permission.SIGNED_IN},
    "api:worker-hold": {"POST": Permission.OPERATE},
    # Beyond the rule of projects: how they share the workers is the operator's.
    "api:project-weight": {"PUT": Permission.OPERATE},
    # The pages.
    "sign-in": {"GET": Permission.PUBLIC, "POST": Permission.PUBLIC},
    "sign-out": {"POST": Permission.PUBLIC},
    "projects": {"GET": Permission.SIGNED_IN},
    "project-new": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "project": READ,
    "project-media": READ,
    "project-jobs": READ,
    "project-export": READ,
    "project-agents": READ_OR_MANAGE,
    "agent": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "project-ontology": READ,
    "project-members": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "member-change": {"POST": Permission.PROJECT_MANAGE},
    "project-settings": MANAGE,
    "project-rules": SEE_AND_MANAGE,
    "rule": SEE_AND_MANAGE,
    "watch-act": MANAGE,
    "project-connections": SEE_AND_MANAGE,
    "connection": SEE_AND_MANAGE,
    "connection-act": MANAGE,
    "export-write": MANAGE,
    "connection-register": MANAGE,
    "media-row": READ,
    "media-thumb": READ,
    "run-new": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "project-batches": READ,
    "batch": READ,
    "run-again": SEE_AND_MANAGE,
    "batch-act": MANAGE,
    "batch-scores": READ,
    # Beyond the rule: jobs of one's own projects only, each steered by who may steer it.
    "queue": {"GET": Permission.SIGNED_IN},
    "queue-act": {"POST": Permission.SIGNED_IN},
    "jobs-reach": {"GET": Permission.SIGNED_IN},
    "bulk-action": {"GET": Permission.SIGNED_IN},
    "filter-keep": {"POST": Permission.SIGNED_IN},
    "filter-forget": {"POST": Permission.SIGNED_IN},
    "job": READ,
    "job-row": READ,
    "job-act": STEER_JOB,
    "jobs-act": STEER_JOB,
    "task": READ,
    "task-assign": {"POST": Permission.LABEL_WRITE},
    "reference": {"GET": Permission.SIGNED_IN},
    "reference-section": {"GET": Permission.SIGNED_IN},
    "tokens": {"GET": Permission.IN_PERSON, "POST": Permission.IN_PERSON},
    "token-revoke": {"POST": Permission.IN_PERSON},
    "workers": {"GET": Permission.SIGNED_IN},
    "worker-hold": {"POST": Permission.OPERATE},
    "project-webhooks": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "webhooks": {"GET": Permission.OPERATE, "POST": Permission.OPERATE},
    "webhook": {"GET": Permission.WEBHOOK_MANAGE, "POST": Permission.WEBHOOK_MANAGE},
    "webhook-act": STEER_WEBHOOK,
    "webhook-log": READ_WEBHOOK,
    "webhook-delivery": {"GET": Permission.WEBHOOK_MANAGE, "POST": Permission.WEBHOOK_MANAGE},
    "notifications": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
}
