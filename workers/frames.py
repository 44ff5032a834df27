"""The frames of a task's media, as backends read them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from labeling.media.errors import MediaRefused
from labeling.media.reader import FrameReader, open_frames, table_of
from labeling.models import Media, MediaFrames
from labeling.selectors.media_files import media_local_path
from labeling.selectors.stills import reader_kind
from labeling.services.media_sources import source_watched


class KeptReaders:
    """The readers that were used last, still open, for the next part on the same media.

    At most ``most`` of them; the one that rested longest is closed. A media's bytes never change
    under its sha256. A reader that is lent is not here, so that nobody else reads with it, and one
    that met an error does not come back.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.resting: OrderedDict[tuple[int, str], FrameReader] = OrderedDict()

    @contextmanager
    def lend(self, media: Media) -> Iterator[FrameReader]:
        """Take out the media's reader, or open one, and keep it afterwards."""
        key = (media.pk, media.sha256)
        frames = self.resting.pop(key, None) or open_media(media)
        try:
            yield frames
        except BaseException:
            frames.close()
            raise
        self.keep(key, frames)

    def keep(self, key: tuple[int, str], frames: FrameReader) -> None:
        replaced = self.resting.pop(key, None)
        if replaced is not None:
            replaced.close()
        self.resting[key] = frames
        while len(self.resting) > self.most:
            self.resting.popitem(last=False)[1].close()


# A reader holds up to 192 MiB of decoded frames.
readers = KeptReaders(most=2)


@contextmanager
def frames_of_media(media: Media) -> Iterator[FrameReader]:
    """Lend the media's frames; a file in a bucket is fetched into the worker's cache first.

    Raises ``MediaRefused`` or ``StorageError`` with a sentence when the file cannot be had.
    """
    with readers.lend(media) as frames:
        yield frames


def open_media(media: Media) -> FrameReader:
    """Open the media's frames. The reader holds the file open, so the cache may let go of its name."""
    kind = reader_kind(media)
    table = None
    if kind != "image":
        try:
            table = table_of(bytes(MediaFrames.objects.get(media=media).table))
        except MediaFrames.DoesNotExist as error:
            raise MediaRefused("unread", "The frames of this media were not read yet.") from error
    with source_watched(media), media_local_path(media) as path:
        return open_frames(
            path,
            kind=kind,
            table=table,
            width=media.width or 0,
            height=media.height or 0,
            threads=1,
        )
