"""Registering what lies in a bucket: page by page, resumable, each object once, nothing silently another."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from uuid import uuid4

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.db.models import Sum
from PIL import Image

from labeling.models import (
    BucketObject,
    Connection,
    Event,
    Listing,
    ListingState,
    Media,
    MediaSource,
    MediaState,
    Project,
    Task,
    WhenChanged,
)
from labeling.services.connections import Keys, connection_create, connection_test
from labeling.services.listings import ListingOrder, listing_cancel, listing_create, listing_retry
from labeling.services.registrations import page_register
from tests.buckets import NAME, RealBucket, StrangeBucket, refusing, strange_bucket
from tests.factories import make_project
from tests.servers import S3Server
from workers import listing as listing_worker
from workers.frames import frames_of_media
from workers.listing import list_next
from workers.probing import probe_next
from workers.reaper import reap

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_allowed")]
PLAIN_KEYS = ["a b.png", "a+b.png", "ä/ñ 猫.png"]
STRANGE_KEYS = [*PLAIN_KEYS, "a%20b.png", f"{'k' * 1020}.png", "tab\there.png", "q?a=1&b.png"]


@pytest.fixture
def private_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "PRIVATE_ENDPOINTS", True)


def connect(
    project: Project, *, endpoint: str, bucket: str, prefix: str = "", keys: Keys | None = None
) -> Connection:
    return connection_create(
        user=None,
        project=project,
        name=f"connection {uuid4().hex[:6]}",
        bucket=bucket,
        endpoint=endpoint,
        prefix=prefix,
        path_style=True,
        keys=keys or Keys("an access key", "its secret key"),
    )


@pytest.fixture
def strange() -> Iterator[StrangeBucket]:
    with strange_bucket(StrangeBucket()) as bucket:
        yield bucket


@pytest.fixture
def connection(project: Project, strange: StrangeBucket) -> Connection:
    return connect(project, endpoint=strange.url, bucket=NAME)


def picture(shade: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((24, 32, 3), shade, np.uint8)).save(file, "PNG")
    return file.getvalue()


def register(connection: Connection, **order: object) -> Listing:
    """List the bucket to the end."""
    listing = listing_create(user=None, connection=connection, order=ListingOrder(**order))  # type: ignore[arg-type]
    while list_next():
        pass
    listing.refresh_from_db()
    return listing


def read_all() -> None:
    while probe_next():
        pass


def counts(listing: Listing) -> tuple[int, int, int, int, int]:
    return listing.added, listing.known, listing.same, listing.changed, listing.vanished


@pytest.mark.s3
@pytest.mark.parametrize("server", ["moto", "nanio"])
def test_what_lies_below_the_prefix_becomes_media_and_tasks(
    request: pytest.FixtureRequest, project: Project, server: str
) -> None:
    place: S3Server = request.getfixturevalue(f"{server}_server")
    bucket = RealBucket(place, f"films-{uuid4().hex}")
    for key, shade in (("in/one.png", 10), ("in/deep/two.png", 20), ("out/three.png", 30)):
        bucket.put(key, picture(shade))
    bucket.put("in/notes.txt", b"hello")
    connection = connect(
        project,
        endpoint=place.endpoint,
        bucket=bucket.name,
        prefix="in/",
        keys=Keys(place.access_key, place.secret_key),
    )
    assert connection_test(connection=connection).code == "ok"
    listing = register(connection, suffixes=(".png",))
    assert (listing.state, counts(listing), listing.reasons) == (
        "succeeded",
        (2, 0, 0, 0, 0),
        {"other_kind": 1},
    )
    read_all()
    media = Media.objects.get(title="deep/two.png")
    assert (media.state, media.connection, media.storage_key) == ("ready", connection, "in/deep/two.png")
    assert len(media.sha256) == 64
    with frames_of_media(media) as frames:
        assert frames.read_rgb(0).min() == frames.read_rgb(0).max() == 20
    assert set(Task.objects.filter(project=project).values_list("title", flat=True)) == {
        "one.png",
        "deep/two.png",
    }


@pytest.mark.s3
@pytest.mark.parametrize("server", ["moto", "nanio"])
def test_keys_of_any_form_are_registered_and_read(
    request: pytest.FixtureRequest, project: Project, server: str
) -> None:
    place: S3Server = request.getfixturevalue(f"{server}_server")
    bucket = RealBucket(place, f"keys-{uuid4().hex}")
    # nanio keeps parts of a key as files, and signs some signs otherwise than Amazon does.
    keys = STRANGE_KEYS if server == "moto" else PLAIN_KEYS
    for shade, key in enumerate(keys):
        bucket.put(key, picture(shade))
    connection = connect(
        project, endpoint=place.endpoint, bucket=bucket.name, keys=Keys(place.access_key, place.secret_key)
    )
    assert counts(register(connection)) == (len(keys), 0, 0, 0, 0)
    read_all()
    assert set(Media.objects.values_list("storage_key", "state")) == {(key, "ready") for key in keys}
    assert counts(register(connection)) == (0, len(keys), 0, 0, 0)


def test_the_same_bytes_are_one_media(
    connection: Connection, strange: StrangeBucket, project: Project
) -> None:
    strange.objects = {"a.png": picture(1), "copy of a.png": picture(1), "b.png": picture(2)}
    assert counts(register(connection)) == (2, 0, 1, 0, 0)
    assert BucketObject.objects.values("media").distinct().count() == 2
    # A store that tells the same bytes by other ETags: the hash shows it once they were read.
    other = connect(project, endpoint=strange.url, bucket=NAME, prefix="b")
    assert register(other).added == 1
    read_all()
    assert Media.objects.count() == Task.objects.count() == 2
    assert set(BucketObject.objects.filter(key="b.png").values_list("media__title", flat=True)) == {"b.png"}


def test_a_second_listing_adds_what_is_new_and_says_what_is_not_as_it_was(
    connection: Connection, strange: StrangeBucket
) -> None:
    strange.objects = {"kept.png": picture(1), "changed.png": picture(2), "gone.png": picture(3)}
    register(connection)
    read_all()
    strange.objects |= {"changed.png": picture(4), "new.png": picture(5)}
    del strange.objects["gone.png"]
    assert counts(register(connection)) == (1, 1, 0, 1, 1)
    sources = dict(Media.objects.values_list("title", "source"))
    assert sources == {
        "kept.png": "present",
        "changed.png": "changed",
        "gone.png": "vanished",
        "new.png": "present",
    }
    assert (
        Event.objects.filter(kind="media.changed").count()
        == Event.objects.filter(kind="media.vanished").count()
        == 1
    )
    again = register(connection)
    assert (again.added, again.vanished) == (0, 0)
    assert Event.objects.filter(kind="media.changed").count() == 1


def test_an_object_that_comes_back_as_it_was_is_read_again(
    connection: Connection, strange: StrangeBucket
) -> None:
    strange.objects = {"a.png": picture(1), "b.png": picture(2)}
    register(connection)
    read_all()
    strange.objects = {"a.png": picture(9)}
    register(connection)
    assert set(Media.objects.values_list("source", flat=True)) == {"changed", "vanished"}
    strange.objects = {"a.png": picture(1), "b.png": picture(2)}
    register(connection)
    assert set(Media.objects.values_list("source", flat=True)) == {"present"}


def test_an_object_that_was_renamed_is_the_same_media(connection: Connection, strange: StrangeBucket) -> None:
    strange.objects = {"z.png": picture(1)}
    register(connection)
    read_all()
    strange.objects = {"a.png": picture(1)}
    listing = register(connection)
    assert (listing.added, listing.same, listing.vanished) == (0, 1, 1)
    media = Media.objects.get()
    assert (media.storage_key, media.source) == ("a.png", MediaSource.PRESENT)


def test_another_object_is_a_new_media_where_that_was_ordered(
    connection: Connection, strange: StrangeBucket
) -> None:
    strange.objects = {"a.png": picture(1)}
    register(connection)
    read_all()
    strange.objects = {"a.png": picture(2)}
    assert counts(register(connection, when_changed=WhenChanged.REGISTER)) == (1, 0, 0, 1, 0)
    read_all()
    assert list(Media.objects.order_by("pk").values_list("source", "state")) == [
        ("changed", "ready"),
        ("present", "ready"),
    ]
    assert Task.objects.count() == 2
    assert counts(register(connection)) == (0, 1, 0, 0, 0)


def test_what_was_refused_and_is_mended_in_the_bucket_is_read_anew(
    connection: Connection, strange: StrangeBucket
) -> None:
    strange.objects = {"a.png": b"no picture at all"}
    register(connection)
    read_all()
    assert Media.objects.get().state == MediaState.FAILED
    strange.objects = {"a.png": picture(1)}
    register(connection)
    read_all()
    media = Media.objects.get()
    assert (media.state, media.source, media.error) == ("ready", "present", "")


def test_an_object_that_changes_takes_nothing_from_another_of_the_same_bytes(
    connection: Connection, strange: StrangeBucket
) -> None:
    strange.objects = {"a.png": picture(1), "b.png": picture(1)}
    register(connection)
    strange.objects["a.png"] = picture(2)
    register(connection, when_changed=WhenChanged.REGISTER)
    rows = {row.key: (row.media.storage_key, row.media.etag) for row in BucketObject.objects.all()}
    assert rows == {key: (key, strange.etag(key)) for key in ("a.png", "b.png")}


def test_a_changed_object_is_never_read_as_the_registered_one(
    connection: Connection, strange: StrangeBucket
) -> None:
    strange.objects = {"a.png": picture(1)}
    register(connection)
    strange.objects = {"a.png": picture(2)}
    read_all()
    media = Media.objects.get()
    assert (media.state, media.error_code, media.source) == ("failed", "changed", "changed")
    assert "not the object that was registered" in media.error
    assert Event.objects.filter(kind="media.failed", media=media).exists()


def test_objects_that_are_no_media_are_passed_over_and_counted(
    connection: Connection, strange: StrangeBucket
) -> None:
    strange.objects = {
        "folder/": b"",
        "empty.png": b"",
        ".DS_Store": b"x",
        "a.txt": b"x",
        "a.PNG": picture(1),
    }
    listing = register(connection, suffixes=(".png",))
    assert listing.reasons == {"folder": 1, "empty": 1, "hidden": 1, "other_kind": 1}
    assert (listing.seen, listing.added, listing.skipped) == (5, 1, 4)


@pytest.mark.engine
def test_a_listing_that_is_killed_goes_on_without_losing_or_doubling(
    connection: Connection, strange: StrangeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange.keys = [f"clips/{number:05}.mp4" for number in range(2500)]
    killed_at = (1, 2, 9)
    monkeypatch.setattr(listing_worker, "TURN_SECONDS", 600.0)

    class Killed(BaseException):
        pass

    def run_until_killed(pages: int) -> None:
        """Die inside the transaction of a page, as a killed worker does."""
        left = [pages]

        def dying(**told: object) -> object:
            tally = page_register(**told)  # type: ignore[arg-type]
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return tally

        with monkeypatch.context() as patch:
            patch.setattr(listing_worker, "page_register", dying)
            list_next()

    listing = listing_create(user=None, connection=connection, order=ListingOrder())
    for pages in killed_at:
        try:
            run_until_killed(pages)
        except Killed:
            Listing.objects.filter(pk=listing.pk).update(lease_expires_at="2026-01-01T00:00Z")
            assert reap() == 1
    listing.refresh_from_db()
    assert (listing.state, listing.added, listing.seen) == ("succeeded", 2500, 2500)
    assert set(Media.objects.values_list("storage_key", flat=True)) == set(strange.keys)
    assert Media.objects.count() == BucketObject.objects.count() == 2500


def test_a_worker_that_comes_back_from_the_dead_writes_nothing(
    connection: Connection, strange: StrangeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange.keys = [f"{number:05}.mp4" for number in range(1500)]
    listing_create(user=None, connection=connection, order=ListingOrder())

    def overtaken(listing: Listing, page: object) -> None:
        """Between the asking and the writing of a page, somebody else takes the listing."""
        Listing.objects.filter(pk=listing.pk).update(token=99)

    monkeypatch.setattr(listing_worker, "order_check", overtaken)
    assert list_next()
    assert (Media.objects.count(), BucketObject.objects.count()) == (0, 0)


def test_a_listing_that_is_cancelled_keeps_what_it_has_and_can_go_on(
    connection: Connection, strange: StrangeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange.keys = [f"{number:05}.mp4" for number in range(2500)]
    monkeypatch.setattr(listing_worker, "TURN_SECONDS", 0.0)
    listing = listing_create(user=None, connection=connection, order=ListingOrder())
    assert list_next()
    listing_cancel(listing=listing)
    assert not list_next()
    assert Media.objects.count() == 1000
    listing_retry(listing=listing)
    while list_next():
        pass
    listing.refresh_from_db()
    assert (listing.state, listing.added) == ("succeeded", 2500)


def test_a_bucket_that_asks_to_slow_down_is_asked_again_later(
    connection: Connection, strange: StrangeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange.objects = {"a.png": picture(1)}
    strange.always = refusing(503, "SlowDown")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *told: 0)
    listing = listing_create(user=None, connection=connection, order=ListingOrder())
    assert list_next()
    listing.refresh_from_db()
    assert (listing.state, listing.waits, listing.error_code) == ("queued", 1, "throttled")
    assert not list_next()
    strange.always = None
    Listing.objects.filter(pk=listing.pk).update(due_at=None)
    assert list_next()
    listing.refresh_from_db()
    assert (listing.state, listing.added, listing.waits, listing.error) == ("succeeded", 1, 0, "")


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        (refusing(403, "AccessDenied"), "denied", "denies access"),
        (refusing(404, "NoSuchBucket"), "missing", f"There is no bucket {NAME}"),
        (refusing(403, "RequestTimeTooSkewed"), "skewed", "set this host's clock"),
        (refusing(403, "InvalidAccessKeyId"), "denied", "does not know the access key"),
        (refusing(403, "SignatureDoesNotMatch"), "denied", "does not belong to the access key"),
        (refusing(400, "AuthorizationHeaderMalformed"), "wrong_region", "not in the region"),
    ],
)
def test_why_a_bucket_cannot_be_listed_is_said(
    connection: Connection, strange: StrangeBucket, fault: object, code: str, sentence: str
) -> None:
    strange.always = fault  # type: ignore[assignment]
    trial = connection_test(connection=connection)
    assert (trial.code, sentence in trial.sentence) == (code, True), trial
    listing = register(connection)
    assert (listing.state, listing.error_code) == (ListingState.FAILED, code)
    assert sentence in listing.error
    assert "its secret key" not in listing.error + trial.sentence


def test_a_store_that_lists_without_order_is_refused(connection: Connection, strange: StrangeBucket) -> None:
    strange.keys = ["b.mp4", "a.mp4"]
    listing = register(connection)
    assert (listing.state, listing.error_code, Media.objects.count()) == ("failed", "corrupt", 0)


@pytest.mark.engine
def test_projects_take_turns_and_uploads_go_first(
    connection: Connection, strange: StrangeBucket, project: Project
) -> None:
    strange.objects = {f"{number}.png": picture(number) for number in range(3)}
    register(connection)
    register(connect(make_project(name="Another"), endpoint=strange.url, bucket=NAME))
    uploaded = Media.objects.create(project=project, title="u", storage_key="u", sha256="u", size_bytes=1)
    order = []
    while probe_next():
        last = Event.objects.filter(kind__in=("media.registered", "media.failed")).order_by("pk").last()
        assert last is not None
        order.append("upload" if last.media_id == uploaded.pk else last.project_id)
    assert order[0] == "upload"
    assert all(one != other for one, other in pairwise(order[1:]))
    assert Media.objects.filter(state="ready").aggregate(frames=Sum("frame_count"))["frames"] == 6
