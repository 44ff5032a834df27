"""The catalogue of kinds: what the docs and the API say of it."""

from __future__ import annotations

from pathlib import Path

from labeling.webhooks.catalogue import CATALOGUE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "webhooks.md"


def kinds_table() -> str:
    """The table of kinds as the docs have it; to be put there when the catalogue changes."""
    rows = []
    for kind in CATALOGUE:
        holds = "; ".join(f"`{name}` {what}" for name, what in kind.holds.items())
        rows.append(f"| `{kind.name}` | {kind.when} | {holds} |")
    return "\n".join(["| kind | when | `data` also holds |", "|---|---|---|", *rows])


def test_the_docs_have_the_table_of_the_catalogue() -> None:
    told = PAGE.read_text(encoding="utf-8").partition("<!-- kinds -->\n")[2].partition("\n<!-- /kinds -->")[0]
    assert told == kinds_table()


def test_every_kind_is_noun_and_verb() -> None:
    assert all(kind.name.count(".") == 1 for kind in CATALOGUE)
    assert len({kind.name for kind in CATALOGUE}) == len(CATALOGUE)
