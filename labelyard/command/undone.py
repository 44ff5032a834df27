"""What did not succeed, though nobody refused it; and what goes on when one stops waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from labelyard.errors import LabelyardError


class Undone(LabelyardError):
    """A job or a file that failed at the server: exit code 4."""

    undone = True


@contextmanager
def undone(still: str) -> Iterator[None]:
    """Waiting: Ctrl-C says what goes on, and a failure that is waited for is told from a refusal."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"\n{still}", err=True)
        raise
    except LabelyardError as error:
        if error.status is not None or error.code in ("unreachable", "timeout", "unexpected_answer"):
            raise
        raise Undone(error.code, error.sentence, details=error.details) from error
