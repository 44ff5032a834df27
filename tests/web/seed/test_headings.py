"""No heading of the seed page is without a test that follows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.seed.page import HEADINGS, following

HERE = Path(__file__).resolve().parent


def followed_in(path: Path) -> Iterator[str]:
    """The headings that a file follows, each by ``with following("…")``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for block in (node for node in ast.walk(tree) if isinstance(node, ast.With)):
        for call in (item.context_expr for item in block.items):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "following":
                yield ast.literal_eval(call.args[0])


def test_every_heading_is_followed_by_a_test() -> None:
    files = [path for path in HERE.glob("test_*.py") if path != Path(__file__).resolve()]
    followed = {heading for path in files for heading in followed_in(path)}
    assert followed == set(HEADINGS)


def follow(heading: str, *begins: str) -> None:
    with following(heading) as says:
        for begin in begins:
            says(begin)


def test_a_sentence_that_is_left_out_or_not_there_fails_its_test() -> None:
    follow("Segmentation: Availability", "Modalities", "Ontology shapes")
    with pytest.raises(AssertionError, match="not followed to its end"):
        follow("Segmentation: Availability", "Modalities")
    with pytest.raises(AssertionError, match="does not say"):
        follow("Segmentation: Availability", "Modalities", "Modalities")
