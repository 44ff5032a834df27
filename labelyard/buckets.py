"""Buckets: connections to them, registering what lies there, exports into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from labelyard.connection import Connection as Http
from labelyard.connection import given
from labelyard.errors import LabelyardError
from labelyard.settings import Settings, settings_change, settings_delete, settings_read
from labelyard.waiting import awaited

FINAL = ("succeeded", "failed", "cancelled")
WAIT_SECONDS = 86_400.0


@dataclass(frozen=True, kw_only=True)
class BucketConnection(Settings):
    """A bucket that a project takes media from. Its keys are shown by nothing."""

    uid: str
    project: int
    name: str
    endpoint: str
    region: str
    bucket: str
    prefix: str
    path_style: bool
    credentials: str
    access_key_end: str
    test_code: str
    test_sentence: str
    tested_at: datetime | None
    media_count: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What trying a connection came to: ``code`` is ok, or what is in the way."""

    code: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The registration of what lies below a prefix, in numbers (docs/buckets.md)."""

    id: int
    project: int
    connection: int
    state: str
    prefix: str
    suffixes: list[str]
    cursor: str
    seen: int
    added: int
    same: int
    known: int
    changed: int
    vanished: int
    skipped: int
    reasons: dict[str, int]
    error_code: str
    error: str
    created_at: datetime
    finished_at: datetime | None
    folders_as: str = ""

    @property
    def ended(self) -> bool:
        """It is done, has failed, or was cancelled."""
        return self.state in FINAL


@dataclass(frozen=True, kw_only=True)
class ListingPreview:
    """What the first 1,000 keys would come to; ``whole`` when there are no more."""

    seen: int
    new: int
    known: int
    skipped: dict[str, int]
    sample: list[str]
    whole: bool


class Connections:
    """``client.connections``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, project: int) -> Iterator[BucketConnection]:
        """Yield the connections of a project."""
        return self._http.pages(BucketConnection, f"projects/{project}/connections/")

    def get(self, connection: int) -> BucketConnection:
        """Return one connection."""
        return settings_read(self._http, BucketConnection, f"connections/{connection}/")

    def create(
        self,
        project: int,
        *,
        name: str,
        bucket: str,
        prefix: str = "",
        endpoint: str = "",
        region: str = "",
        path_style: bool = False,
        access_key: str | None = None,
        secret_key: str | None = None,
        session_token: str | None = None,
    ) -> BucketConnection:
        """Make a connection, with keys of its own, or without any by the installation's credentials."""
        keys = given(access_key=access_key, secret_key=secret_key, session_token=session_token)
        body = {
            "name": name, "bucket": bucket, "prefix": prefix, "endpoint": endpoint, "region": region,
            "path_style": path_style, "credentials": "keys" if keys else "environment", **keys,
        }  # fmt: skip
        return self._http.post(BucketConnection, f"projects/{project}/connections/", body)

    def update(self, connection: int | BucketConnection, **changes: object) -> BucketConnection:
        """Change a connection; ``changes`` as ``create`` has them. New keys replace the old ones at once.

        Given the record that ``get`` returned instead of its id, it raises ``Conflict`` where somebody has
        changed it since.
        """
        return settings_change(self._http, BucketConnection, "connections", connection, changes)

    def delete(self, connection: int | BucketConnection) -> None:
        """Remove it. Raises ``connection_in_use`` while media depend on it."""
        settings_delete(self._http, "connections", connection)

    def test(self, connection: int) -> Trial:
        """List one object and read its first byte."""
        return self._http.post(Trial, f"connections/{connection}/test/", repeatable=True)


class Listings:
    """``client.listings``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, connection: int) -> Iterator[Listing]:
        """Yield the listings of a connection, newest first."""
        return self._http.pages(Listing, f"connections/{connection}/listings/")

    def get(self, listing: int) -> Listing:
        """Return one listing."""
        return self._http.read(Listing, f"listings/{listing}/")

    def create(
        self,
        connection: int,
        *,
        prefix: str | None = None,
        kinds: Sequence[str] | None = None,
        suffixes: Sequence[str] = (),
        folders_as: str | None = None,
        when_changed: str = "say",
        make_tasks: bool = True,
    ) -> Listing:
        """Register all objects below a prefix: workers do it, ``wait`` follows.

        ``kinds``: video, image, dicom, other; what has frames unless told. ``folders_as`` (image_sequence,
        image_group): the pictures of each folder are one media. ``when_changed``: say, register.
        """
        body = {"suffixes": list(suffixes), "when_changed": when_changed, "make_tasks": make_tasks}
        told = given(prefix=prefix, kinds=kinds, folders_as=folders_as)
        return self._http.post(Listing, path_of(connection), {**body, **told})

    def dry_run(
        self,
        connection: int,
        *,
        prefix: str | None = None,
        kinds: Sequence[str] | None = None,
        suffixes: Sequence[str] = (),
        folders_as: str | None = None,
    ) -> ListingPreview:
        """Say what the first 1,000 keys would come to."""
        told = given(prefix=prefix, kinds=kinds, folders_as=folders_as)
        body = {"suffixes": list(suffixes), "dry_run": True, **told}
        return self._http.post(ListingPreview, path_of(connection), body, repeatable=True)

    def wait(
        self,
        listing: int | Listing,
        *,
        timeout: float = WAIT_SECONDS,
        progress: Callable[[Listing], object] | None = None,
    ) -> Listing:
        """Return the listing once it has ended. Raises its own error when it failed; ``wait_timeout``."""
        number = listing.id if isinstance(listing, Listing) else listing
        found = awaited(
            lambda: self.get(number),
            ended=lambda one: one.ended,
            seconds=timeout,
            progress=progress,
            what=f"Listing {number}",
        )
        if found.state == "failed":
            raise LabelyardError(
                found.error_code or "listing_failed", found.error or f"Listing {number} failed."
            )
        return found

    def cancel(self, listing: int) -> Listing:
        """End it; what it registered stays."""
        return self._http.post(Listing, f"listings/{listing}/cancel/")

    def retry(self, listing: int) -> Listing:
        """Go on with one that failed or was cancelled, after its last key."""
        return self._http.post(Listing, f"listings/{listing}/retry/")


def path_of(connection: int) -> str:
    return f"connections/{connection}/listings/"
