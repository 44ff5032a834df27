"""Comments: what people and programs say about a task, pinned to where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from labelyard.connection import Connection, given
from labelyard.tasks import Person


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment, or a reply to one (``parent``). ``instance`` is None when its object is gone.

    Frames are inclusive ordinals, ``x`` and ``y`` pixels of the displayed frame.
    """

    id: int
    task: int
    parent: int | None
    kind: str
    frame: int | None
    last_frame: int | None
    x: float | None
    y: float | None
    instance: int | None
    object_hash: str
    text: str
    mentions: list[Person]
    author: Person | None
    created_at: datetime
    edited_at: datetime | None
    resolved_at: datetime | None
    resolved_by: Person | None


class Comments:
    """``client.comments``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, task: int, *, resolved: bool | None = None) -> Iterator[Comment]:
        """Yield the comments of a task and their replies, oldest first; only (un)settled ones when told."""
        return self._connection.pages(Comment, f"tasks/{task}/comments/", query={"resolved": resolved})

    def get(self, comment: int) -> Comment:
        """Return one comment."""
        return self._connection.read(Comment, f"comments/{comment}/")

    def create(
        self,
        task: int,
        text: str,
        *,
        frame: int | None = None,
        last_frame: int | None = None,
        point: tuple[float, float] | None = None,
        instance: int | None = None,
    ) -> Comment:
        """Comment on a task; on a frame, a range of frames, a point of a frame (x, y in pixels), an object.

        ``@username`` of members mentions them.
        """
        kind = kind_of(frame=frame, last_frame=last_frame, point=point, instance=instance)
        x, y = point or (None, None)
        pin = given(kind=kind, frame=frame, last_frame=last_frame, x=x, y=y, instance=instance)
        return self._connection.post(Comment, f"tasks/{task}/comments/", {"text": text, **pin})

    def reply(self, comment: Comment, text: str) -> Comment:
        """Answer a comment."""
        body = {"text": text, "parent": comment.parent or comment.id}
        return self._connection.post(Comment, f"tasks/{comment.task}/comments/", body)

    def edit(self, comment: int, text: str) -> Comment:
        """Change the text: of one's own, managers of anybody's."""
        return self._connection.patch(Comment, f"comments/{comment}/", {"text": text})

    def resolve(self, comment: int, *, resolved: bool = True) -> Comment:
        """Settle the thread, or open it again."""
        return self._connection.patch(Comment, f"comments/{comment}/", {"resolved": resolved})

    def delete(self, comment: int) -> None:
        """Delete one's own, unless others replied; managers anybody's, with the replies."""
        self._connection.send("DELETE", f"comments/{comment}/")


def kind_of(
    *, frame: int | None, last_frame: int | None, point: tuple[float, float] | None, instance: int | None
) -> str:
    """Say what a comment with these pins is about."""
    if point is not None:
        return "point"
    if last_frame is not None:
        return "range"
    if instance is not None:
        return "instance"
    return "task" if frame is None else "frame"
