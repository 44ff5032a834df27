"""What the schema shows of the main requests and answers, a file a noun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeling.api.examples.batches import BATCHES
from labeling.api.examples.comments import COMMENTS
from labeling.api.examples.connections import CONNECTIONS
from labeling.api.examples.example import Example
from labeling.api.examples.jobs import JOBS
from labeling.api.examples.labels import LABELS
from labeling.api.examples.projects import PROJECTS
from labeling.api.examples.prompts import PROMPTS
from labeling.api.examples.rules import RULES
from labeling.api.examples.uploads import UPLOADS
from labeling.api.examples.webhooks import WEBHOOKS

EXAMPLES: Mapping[str, Sequence[Example]] = {
    **PROJECTS,
    **LABELS,
    **COMMENTS,
    **JOBS,
    **BATCHES,
    **PROMPTS,
    **CONNECTIONS,
    **UPLOADS,
    **RULES,
    **WEBHOOKS,
}
"""By the ``operationId`` of the schema."""
