"""What tests of SAM mode do on the page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.waiting import until
from tests.web.workbench.hand import Hand

ANSWER_SECONDS = 60.0
"""A cold worker on a machine that is busy."""


def wand(bench: Hand, name: str) -> Locator:
    """The wand of a class."""
    return bench.page.get_by_role("button", name=f"Segment {name} with SAM")


def open_wand(bench: Hand, name: str) -> None:
    """Click the wand of a class: SAM mode is on, with its popup."""
    wand(bench, name).click()
    expect(wand(bench, name)).to_have_attribute("aria-pressed", "true")
    expect(bench.page.locator("#sam-popup")).to_be_visible()


def answered(bench: Hand) -> None:
    """Wait until the draft is answered, with a shape."""
    until(
        lambda: bench.page.locator("#sam-save").is_enabled() and draft(bench)["state"] == "answered",
        seconds=ANSWER_SECONDS,
        what="the answer to the clicks",
    )


def draft(bench: Hand) -> Any:
    """The draft as the page has it: its state, points, box and shapes."""
    question = """() => {
      const { draft } = labelyard.tools.get("sam").sam;
      return draft && { state: draft.state, points: draft.points, box: draft.box, shapes: draft.shapes };
    }"""
    return bench.page.evaluate(question)


def marks(bench: Hand) -> list[bool]:
    """Whether each point of the draft includes."""
    found = draft(bench)
    return [point["include"] for point in found["points"]] if found else []
