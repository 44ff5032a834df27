"""What failed of a part while the rest went on: listed up to a length, counted beyond it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LISTED_MAX = 500
"""A film of thousands of unreadable frames must not make every commit rewrite a longer list."""

Failure = Mapping[str, object]
"""``frame``, ``instance``, ``sentence``; the last of a long list has ``more``: how many are not listed."""


def failures_joined(known: Sequence[Failure], new: Sequence[Failure]) -> list[Failure]:
    """Return both as one list that is stored."""
    listed = [one for one in known if "more" not in one]
    room = max(0, LISTED_MAX - len(listed))
    more = sum(int(str(one["more"])) for one in known if "more" in one) + len(new[room:])
    joined = [*listed, *new[:room]]
    return [*joined, unlisted(more)] if more else joined


def unlisted(more: int) -> Failure:
    ones = "one more failure is" if more == 1 else f"{more:,} more failures are"
    return {"more": more, "sentence": f"These are the first {LISTED_MAX}; {ones} not listed."}
