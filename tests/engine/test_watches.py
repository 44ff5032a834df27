"""Watches: a bucket is listed again by itself, and what is new there meets its rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from labeling.errors import LabelyardError
from labeling.models import (
    Connection,
    Job,
    Listing,
    ListingState,
    Media,
    Notification,
    Project,
    Task,
    User,
    Watch,
    WatchState,
)
from labeling.services.listings import ListingOrder, listing_create
from labeling.services.watches import (
    FAILURES_MOST,
    following,
    watch_create,
    watch_list_next,
    watch_switch_off,
    watch_switch_on,
    watch_update,
)
from tests import factories
from tests.buckets import NAME, StrangeBucket, strange_bucket
from tests.engine.test_listing import connect, picture, read_all
from tests.engine.test_rules import make_rule
from workers.batches import tend_batches
from workers.listing import list_next
from workers.rules import tend_rules, tend_watches

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Iterator[StrangeBucket]:
    monkeypatch.setattr(django_settings, "PRIVATE_ENDPOINTS", True)
    with strange_bucket(StrangeBucket()) as bucket:
        yield bucket


@pytest.fixture
def connection(project: Project) -> Connection:
    return factories.make_connection(project=project)


def make_watch(connection: Connection, *, on: bool = True, **words: object) -> Watch:
    words.setdefault("every_minutes", 30)
    order = ListingOrder(
        prefix=words.pop("prefix", None),  # type: ignore[arg-type]
        folders_as=words.pop("folders_as", ""),  # type: ignore[arg-type]
    )
    watch = watch_create(user=None, connection=connection, order=order, **words)  # type: ignore[arg-type]
    return watch_switch_on(user=None, watch=watch) if on else watch


def due(watch: Watch) -> Watch:
    """The watch as if its time had come."""
    Watch.objects.filter(pk=watch.pk).update(next_at=timezone.now() - timedelta(seconds=1))
    return Watch.objects.get(pk=watch.pk)


def listed_to_the_end() -> None:
    while list_next():
        pass


def test_a_new_object_is_registered_and_gets_its_job_by_itself(
    project: Project, strange: StrangeBucket
) -> None:
    connection = connect(project, endpoint=strange.url, bucket=NAME)
    make_rule(project, connection=connection.pk, prefix="in/ä b")
    watch = make_watch(connection, prefix="in/")
    strange.objects = {"in/old.png": picture(1)}
    assert tend_watches() == 1
    assert tend_watches() == 0
    listed_to_the_end()
    read_all()
    strange.objects["in/ä b.png"] = picture(2)
    due(watch)
    assert tend_watches() == 1
    listed_to_the_end()
    read_all()
    assert tend_rules() == 1
    tend_batches()
    assert Task.objects.count() == 2
    assert Job.objects.get().task.media.storage_key == "in/ä b.png"
    last = Watch.objects.get().listing
    assert last is not None
    assert (last.watch, last.added, last.known) == (watch, 1, 1)


def test_each_new_folder_of_pictures_is_a_sequence_and_gets_its_job(
    project: Project, strange: StrangeBucket
) -> None:
    connection = connect(project, endpoint=strange.url, bucket=NAME)
    make_rule(project, connection=connection.pk, prefix="in/walk")
    watch = make_watch(connection, prefix="in/", folders_as="image_sequence")
    for folder, shade in (("ride", 10), ("walk", 20)):
        strange.objects |= {f"in/{folder}/{number}.png": picture(shade + number) for number in range(2)}
        assert tend_watches() == 1
        listed_to_the_end()
        read_all()
        due(watch)
    assert sorted(Media.objects.values_list("title", "kind", "frame_count")) == [
        ("in/ride", "image_sequence", 2),
        ("in/walk", "image_sequence", 2),
    ]
    assert tend_rules() == 1
    tend_batches()
    assert Job.objects.get().task.media.title == "in/walk"
    watch_update(watch=Watch.objects.get(), folders_as="")
    assert Watch.objects.get().folders_as == ""


def test_listings_that_found_nothing_are_not_kept_for_ever(project: Project, strange: StrangeBucket) -> None:
    connection = connect(project, endpoint=strange.url, bucket=NAME)
    strange.objects = {"a.png": picture(1)}
    watch = make_watch(connection)
    for _ in range(5):
        tend_watches()
        listed_to_the_end()
        due(watch)
    # The one that found it, and the last two.
    assert [one.added for one in Listing.objects.order_by("pk")] == [1, 0, 0]
    assert Media.objects.count() == 1


def test_it_is_off_until_switched_on_and_two_that_tend_list_once(connection: Connection) -> None:
    watch = make_watch(connection, on=False)
    assert (watch.state, tend_watches()) == (WatchState.OFF, 0)
    watch_switch_on(user=None, watch=watch)
    stale = Watch.objects.get()
    assert (watch_list_next(watch=Watch.objects.get()), watch_list_next(watch=stale)) == (True, False)
    assert Listing.objects.count() == 1
    watch_switch_off(watch=watch)
    assert (Watch.objects.get().next_at, tend_watches()) == (None, 0)


def test_it_waits_for_a_listing_that_is_at_work(connection: Connection) -> None:
    listing_create(user=None, connection=connection, order=ListingOrder())
    watch = make_watch(connection)
    assert tend_watches() == 0
    watch.refresh_from_db()
    assert watch.next_at is not None
    assert watch.next_at > timezone.now()
    Listing.objects.update(state=ListingState.CANCELLED)
    due(watch)
    assert tend_watches() == 1
    due(watch)
    assert (tend_watches(), Listing.objects.count()) == (0, 2)


def test_one_whose_listings_keep_failing_is_paused_and_managers_are_told(
    connection: Connection, alice: User, bob: User
) -> None:
    watch = make_watch(connection)
    for _ in range(FAILURES_MOST):
        assert tend_watches() == 1
        Listing.objects.update(state=ListingState.FAILED, error_code="denied", error="The bucket denies.")
        due(watch)
    assert tend_watches() == 0
    watch.refresh_from_db()
    assert (watch.state, watch.error_code, watch.next_at) == ("paused", "denied", None)
    assert "The bucket denies." in watch.error
    assert [(one.user, one.watch) for one in Notification.objects.all()] == [(alice, watch)]
    watch_switch_on(user=alice, watch=watch)
    assert tend_watches() == 1


def test_one_whose_prefix_lies_outside_of_the_connection_now_is_paused(connection: Connection) -> None:
    watch = make_watch(connection, prefix="in/")
    Connection.objects.update(prefix="out/")
    assert tend_watches() == 0
    watch.refresh_from_db()
    assert (watch.state, watch.error_code) == ("paused", "prefix_outside")


def test_a_time_of_day_is_the_next_one(connection: Connection) -> None:
    watch = Watch(connection=connection, at=time(2, 30))
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert following(watch, after=noon) == datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    assert following(watch, after=noon.replace(hour=1)) == datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    assert following(watch, after=datetime(2026, 3, 1, 2, 30, tzinfo=UTC)).day == 2


def test_minutes_and_a_time_of_day_take_each_other_s_place(connection: Connection) -> None:
    watch = make_watch(connection)
    watch_update(watch=watch, at=time(2, 30))
    assert (watch.every_minutes, watch.rhythm) == (None, "daily at 02:30 UTC")
    watch_update(watch=watch, every_minutes=120)
    assert (watch.at, watch.rhythm) == (None, "every 2 hours")
    refusals: dict[str, dict[str, object]] = {
        "rhythm_unclear": {"every_minutes": None},
        "every_out_of_range": {"every_minutes": 1},
        "watch_exists": {},
    }
    for code, words in refusals.items():
        with pytest.raises(LabelyardError) as caught:
            make_watch(connection, on=False, **words)
        assert (caught.value.code, Watch.objects.count()) == (code, 1)
