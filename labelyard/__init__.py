"""Labelyard's client: talks to the API of an installation, needs no Django.

>>> from labelyard import Client
>>> client = Client("https://labels.example.org", "lyd_…")
>>> for project in client.projects.list():
...     print(project.name)
"""

from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Points,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
    Visibility,
)
from labelyard.agents import Agent, AgentVisit
from labelyard.batches import Batch, BatchItem
from labelyard.buckets import BucketConnection, Listing
from labelyard.client import Client
from labelyard.comments import Comment
from labelyard.errors import Conflict, LabelyardError
from labelyard.jobs import Job
from labelyard.labels import ImportRow, Label
from labelyard.media import Media
from labelyard.options import WantedClass
from labelyard.projects import Project
from labelyard.rules import Rule, Watch
from labelyard.shapes import bitmask_of, polygon_of
from labelyard.table import LabelTable
from labelyard.tasks import Instance, Task
from labelyard.webhooks import Delivery, Webhook

__version__ = "0.1.0"

__all__ = [
    "Agent",
    "AgentVisit",
    "Batch",
    "BatchItem",
    "Bitmask",
    "Box",
    "BucketConnection",
    "Client",
    "Comment",
    "Conflict",
    "Delivery",
    "ImportRow",
    "Instance",
    "Job",
    "Keypoint",
    "Label",
    "LabelTable",
    "LabelyardError",
    "Listing",
    "Media",
    "Points",
    "Polygon",
    "Polyline",
    "Project",
    "RotatedBox",
    "Rule",
    "Shape",
    "Skeleton",
    "Task",
    "Visibility",
    "WantedClass",
    "Watch",
    "Webhook",
    "bitmask_of",
    "polygon_of",
]
