"""Folders of a bucket as image sequences: whole, in natural order, resumable, and never silently another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from django.conf import settings

from labeling.errors import LabelyardError
from labeling.media.s3 import ListedPage, S3Options
from labeling.media.s3.listing import page_list
from labeling.models import Connection, Listing, ListingState, Media, MediaSource, MediaState, Project
from labeling.selectors.bucket_folders import folder_series
from labeling.services import folder_registrations
from labeling.services.listings import (
    ListingOrder,
    listing_cancel,
    listing_create,
    listing_preview,
    listing_retry,
)
from tests.buckets import NAME, StrangeBucket, strange_bucket
from tests.engine.test_listing import connect, picture, read_all, register
from workers import listing as listing_worker
from workers.frames import frames_of_media
from workers.listing import list_next

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
SEQUENCE: dict[str, Any] = {"folders_as": "image_sequence"}


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Iterator[StrangeBucket]:
    """Two folders of pictures, one below the other, beside a video's place and a hidden file."""
    monkeypatch.setattr(settings, "PRIVATE_ENDPOINTS", True)
    with strange_bucket(StrangeBucket()) as bucket:
        for number, shade in ((1, 10), (2, 20), (10, 100)):
            bucket.objects[f"walk/frame{number}.png"] = picture(shade)
        for number in range(2):
            bucket.objects[f"walk/deep/{number}.png"] = picture(200 + number)
        bucket.objects["walk/deep/.DS_Store"] = b"x"
        yield bucket


@pytest.fixture
def connection(project: Project, strange: StrangeBucket) -> Connection:
    return connect(project, endpoint=strange.url, bucket=NAME)


def shades(media: Media) -> list[int]:
    with frames_of_media(media) as frames:
        return [int(np.median(frames.read_rgb(frame))) for frame in range(len(frames))]


def test_each_folder_is_a_sequence_in_natural_order(connection: Connection) -> None:
    listing = register(connection, **SEQUENCE)
    assert (listing.state, listing.seen, listing.added) == (ListingState.SUCCEEDED, 6, 2)
    assert listing.reasons == {"hidden": 1}
    read_all()
    walk, deep = Media.objects.order_by("title")
    assert (walk.title, deep.title) == ("walk", "walk/deep")
    assert (walk.kind, walk.state, walk.frame_count) == ("image_sequence", MediaState.READY, 3), walk.error
    assert walk.tasks.count() == 1
    assert shades(walk) == [10, 20, 100]
    assert shades(deep) == [200, 201]


def test_a_listing_that_ends_in_mid_folder_goes_on_there(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two keys a page, one step a turn, cancelled and taken up again between any two."""
    monkeypatch.setattr(listing_worker, "TURN_SECONDS", -1.0)
    monkeypatch.setattr("labeling.media.s3.store.page_list", paged_by(2))
    listing = listing_create(user=None, connection=connection, order=ListingOrder(**SEQUENCE))
    for _ in range(30):
        if not list_next():
            break
        listing.refresh_from_db()
        if listing.finished_at is None:
            listing_cancel(listing=listing)
            listing_retry(listing=listing)
    listing.refresh_from_db()
    assert (listing.state, listing.seen, listing.added) == (ListingState.SUCCEEDED, 6, 2)
    assert {len(folder_series(media).members) for media in Media.objects.all()} == {2, 3}


def paged_by(most: int) -> Callable[..., ListedPage]:
    def page(client: Any, options: S3Options, *, prefix: str, after: str, **asked: int) -> ListedPage:
        return page_list(client, options, prefix=prefix, after=after, most=most)

    return page


def test_listing_again_finds_folders_known_changed_and_gone(
    connection: Connection, strange: StrangeBucket
) -> None:
    register(connection, **SEQUENCE)
    read_all()
    assert (again := register(connection, **SEQUENCE)).known == 2
    assert (again.added, again.changed) == (0, 0)
    strange.objects["walk/frame11.png"] = picture(110)
    assert [register(connection, **SEQUENCE).changed for _ in range(2)] == [1, 1]
    assert Media.objects.get(title="walk").source == MediaSource.CHANGED
    del strange.objects["walk/deep/0.png"], strange.objects["walk/deep/1.png"]
    changed = register(connection, when_changed="register", **SEQUENCE)
    assert (changed.changed, changed.vanished, changed.added) == (1, 1, 1)
    read_all()
    old, new = Media.objects.filter(title="walk").order_by("pk")
    assert (old.source, new.source, new.frame_count) == (MediaSource.CHANGED, MediaSource.PRESENT, 4)
    assert Media.objects.get(title="walk/deep").source == MediaSource.VANISHED


def test_a_picture_that_was_replaced_is_noticed_before_it_is_shown(
    connection: Connection, strange: StrangeBucket
) -> None:
    register(connection, prefix="walk/deep/", **SEQUENCE)
    strange.objects["walk/deep/1.png"] = picture(7)
    read_all()
    media = Media.objects.get()
    assert (media.state, media.error_code, media.source) == (
        MediaState.FAILED, "changed", MediaSource.CHANGED,
    )  # fmt: skip
    register(connection, prefix="walk/deep/", **SEQUENCE)
    read_all()
    assert shades(Media.objects.get()) == [200, 7]


def test_mixed_folders_and_those_beyond_the_limits_are_told(
    connection: Connection, strange: StrangeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_registrations, "PICTURES_MAX", 2)
    strange.objects["walk/deep/film.mp4"] = b"a film"
    listing = register(connection, suffixes=[".png", ".mp4"], **SEQUENCE)
    assert listing.reasons == {"hidden": 1, "too_many_pictures": 1, "mixed_folder": 1}
    assert sorted(Media.objects.values_list("title", flat=True)) == ["walk/deep", "walk/deep/film.mp4"]


def test_looking_first_counts_folders(connection: Connection) -> None:
    order = ListingOrder(**SEQUENCE)
    preview = listing_preview(connection=connection, order=order)
    assert (preview.seen, preview.new, preview.sample) == (6, 2, ["walk/", "walk/deep/"])
    register(connection, **SEQUENCE)
    preview = listing_preview(connection=connection, order=order)
    assert (preview.new, preview.known) == (0, 2)


def test_folders_are_registered_whole(connection: Connection) -> None:
    with pytest.raises(LabelyardError, match="no folder") as caught:
        register(connection, prefix="walk/fr", **SEQUENCE)
    assert caught.value.code == "prefix_no_folder"
    assert not Listing.objects.exists()
