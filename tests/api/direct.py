"""A sender of direct uploads, as other programs would write one."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from labeling.models import Project
from tests.buckets import RealBucket
from tests.servers import S3Server


def store_in(server: S3Server, patch: pytest.MonkeyPatch) -> RealBucket:
    """Make a bucket the installation's store, for files of any size."""
    bucket = RealBucket(server, f"direct-{uuid4().hex[:12]}")
    for name, value in {
        "STORAGE": "s3",
        "S3_BUCKET": bucket.name,
        "S3_PREFIX": "labelyard/",
        "S3_ENDPOINT": server.endpoint,
        "S3_REGION": server.region,
        "S3_PATH_STYLE": True,
        "S3_ACCESS_KEY": server.access_key,
        "S3_SECRET_KEY": server.secret_key,
        "DIRECT_UPLOAD_MIN_BYTES": 0,
    }.items():
        patch.setattr(settings, name, value)
    return bucket


@dataclass
class Sender:
    """Sends ``data`` by the API of ``client``."""

    client: APIClient
    project: Project
    data: bytes
    name: str = "halves.png"

    def begin(self, **told: Any) -> Any:
        body = {"name": self.name, "size_bytes": len(self.data), **told}
        return self.client.post(f"/api/v1/projects/{self.project.pk}/uploads/", body, format="json")

    def show(self, upload: dict[str, Any]) -> Any:
        return self.client.get(f"/api/v1/uploads/{upload['id']}/").json()

    def addresses(self, upload: dict[str, Any], *numbers: int) -> Any:
        return self.client.post(f"/api/v1/uploads/{upload['id']}/parts/", {"numbers": numbers}, format="json")

    def send(self, upload: dict[str, Any], *numbers: int) -> None:
        """Put these parts into the bucket."""
        for part in self.addresses(upload, *numbers).json()["parts"]:
            assert put(part["url"], self.part(upload, part["number"])) == 200

    def part(self, upload: dict[str, Any], number: int) -> bytes:
        size: int = upload["part_bytes"]
        return self.data[(number - 1) * size : number * size]

    def complete(self, upload: dict[str, Any], **told: Any) -> Any:
        return self.client.post(f"/api/v1/uploads/{upload['id']}/complete/", told, format="json")

    def promised(self, upload: dict[str, Any]) -> str:
        """What the digest over all parts has to be."""
        digests = [
            hashlib.sha256(self.part(upload, number + 1)).digest() for number in range(upload["part_count"])
        ]
        return hashlib.sha256(b"".join(digests)).hexdigest()


def put(url: str, data: bytes) -> int:
    """PUT the bytes without credentials, and return the status."""
    request = urllib.request.Request(url, data=data, method="PUT", headers={"Content-Type": ""})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
