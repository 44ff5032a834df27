"""What shows and says what is looked for: labels that serve as examples, and words."""

from __future__ import annotations

from dataclasses import dataclass

WORDS_MAX = 200
"""Characters of what is said of one class."""

EXAMPLES_MAX = 3
"""Of one class, or of one prompt."""


@dataclass(frozen=True)
class ExampleLabel:
    """The label of an instance on a frame. It may be gone when somebody looks at it."""

    instance: int
    frame: int
