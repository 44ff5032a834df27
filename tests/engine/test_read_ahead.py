"""Reading ahead gives the same pictures, in any order, with one thread at the reader."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.media.errors import FrameUnreadable
from labeling.media.picture import RgbImage
from labeling.media.reader import FrameReader
from labeling.models import Project
from tests.engine.clips import clip_task
from workers.frames import open_media
from workers.read_ahead import ReadAhead

LENGTH = 30
SECONDS = 20


class NumberedFrames:
    """Pictures that show their number in each pixel; it notes what is read, and by how many at once."""

    def __init__(self, *, unreadable: int | None = None, width: int = 8) -> None:
        self.width, self.height = width, 4
        self.unreadable = unreadable
        self.read: list[int] = []
        self.changed = threading.Condition()
        self.busy = threading.Lock()

    def __len__(self) -> int:
        return LENGTH

    def frame_size(self, frame: int) -> tuple[int, int]:
        return self.width, self.height

    def reach(self, frame: int) -> None:
        self.read_rgb(frame)

    def read_rgb(self, frame: int) -> RgbImage:
        assert self.busy.acquire(blocking=False), "two threads at one reader"
        try:
            with self.changed:
                self.read.append(frame)
                self.changed.notify_all()
            if frame == self.unreadable or not 0 <= frame < LENGTH:
                raise FrameUnreadable(frame, f"Frame {frame} cannot be read.")
            return np.full((self.height, self.width, 3), frame, np.uint8)
        finally:
            self.busy.release()

    def wait_until_read(self, frame: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: frame in self.read, timeout=SECONDS)

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def number(picture: RgbImage) -> int:
    return int(picture[0, 0, 0])


@pytest.mark.parametrize("backwards", [False, True])
def test_the_next_pictures_are_read_before_they_are_asked_for(backwards: bool) -> None:
    frames = NumberedFrames()
    step = -1 if backwards else 1
    with ReadAhead(frames, backwards=backwards) as ahead:
        ahead.read_rgb(10)
        frames.wait_until_read(10 + 4 * step)
        assert number(ahead.read_rgb(10 + step)) == 10 + step


def test_it_reads_no_further_than_four_pictures_ahead() -> None:
    frames = NumberedFrames()
    with ReadAhead(frames) as ahead:
        ahead.read_rgb(0)
        frames.wait_until_read(4)
        ahead.read_rgb(1)
        frames.wait_until_read(5)
    assert sorted(frames.read) == [0, 1, 2, 3, 4, 5]


def test_large_pictures_wait_one_at_a_time() -> None:
    frames = NumberedFrames(width=8_000_000)
    with ReadAhead(frames) as ahead:
        ahead.read_rgb(0)
        frames.wait_until_read(1)
    assert sorted(frames.read) == [0, 1]


def test_it_follows_a_caller_that_turns() -> None:
    frames = NumberedFrames()
    with ReadAhead(frames) as ahead:
        for frame in (0, 20, 19):
            ahead.read_rgb(frame)
        frames.wait_until_read(15)


def test_nothing_is_read_ahead_before_a_picture_was_read() -> None:
    frames = NumberedFrames()
    with ReadAhead(frames) as ahead:
        ahead.reach(3)
        ahead.reach(4)
    assert frames.read == [3, 4]


def test_a_picture_that_cannot_be_read_is_said_where_it_is_asked_for() -> None:
    with ReadAhead(NumberedFrames(unreadable=3)) as ahead:
        assert [number(ahead.read_rgb(frame)) for frame in (1, 2)] == [1, 2]
        with pytest.raises(FrameUnreadable, match="Frame 3"):
            ahead.reach(3)
        assert number(ahead.read_rgb(4)) == 4


def test_a_frame_outside_the_media_is_refused_not_awaited() -> None:
    with ReadAhead(NumberedFrames()) as ahead:
        ahead.read_rgb(LENGTH - 1)
        with pytest.raises(FrameUnreadable):
            ahead.read_rgb(LENGTH)


def test_closing_ends_the_thread() -> None:
    before = threading.active_count()
    with ReadAhead(NumberedFrames()) as ahead:
        ahead.read_rgb(0)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


@settings(deadline=None)
@given(asked=st.lists(st.tuples(st.booleans(), st.integers(0, LENGTH - 1)), max_size=40))
def test_any_order_of_asking_gives_the_pictures_asked_for(asked: list[tuple[bool, int]]) -> None:
    with ReadAhead(NumberedFrames()) as ahead:
        for reach_first, frame in asked:
            if reach_first:
                ahead.reach(frame)
            assert number(ahead.read_rgb(frame)) == frame


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_pictures_of_a_real_video_are_those_of_the_reader(project: Project, tmp_path: Path) -> None:
    media = clip_task(project, tmp_path, kind="b_frames").media
    order = [0, 1, 2, 3, 20, 19, 18, 17, 5, 6, 7, 30]
    direct: FrameReader
    with open_media(media) as direct, open_media(media) as reader, ReadAhead(reader) as ahead:
        for frame in order:
            np.testing.assert_array_equal(ahead.read_rgb(frame), direct.read_rgb(frame))
