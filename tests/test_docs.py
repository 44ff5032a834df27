"""The documentation names only what is there: files, links, settings, doors, constraints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/*.md")])
FOLDERS = ("labeling", "workers", "labelyard", "tests", "tools", "docs", "docker", ".ci")
# What operators make themselves.
OPERATORS_OWN = {"docker/.env"}

LINK = re.compile(r"\]\(([^)\s]+)\)")
# A path from the root of the repository, in a code span: a folder of ours, and what is in it.
FILE = re.compile(rf"(?<![\w/.])(?:{'|'.join(re.escape(folder) for folder in FOLDERS)})/[\w./*-]*[\w/*]")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
ENVIRONMENT = re.compile(r"""(?:\benv\.\w+|\bsecret)\(\s*f?"([A-Z][A-Z0-9_]*)\"""")
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)`", re.MULTILINE)

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def code_of(page: Path) -> str:
    """Return the page's code spans and blocks, a line each at least."""
    return "\n".join(CODE.findall(page.read_text(encoding="utf-8")))


def tree_of_readme() -> Iterator[str]:
    """Yield the paths of the README's annotated tree."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"## The repository\n```\n(.*?)```", text, re.DOTALL)
    assert block is not None
    folder = ""
    for line in block[1].splitlines():
        names = re.split(r"\s{3,}", line.strip())[0].split()
        indented = line.startswith(" ")
        if not indented and names[0].endswith("/"):
            folder = names[0]
        yield from (folder + name if indented else name for name in names)


@pages
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = [link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
    local = [link for link in links if link and "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pages
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = {name for name in FILE.findall(code_of(page)) if "NAME" not in name} - OPERATORS_OWN
    assert sorted(name for name in named if not any(ROOT.glob(name))) == []


def test_the_annotated_tree_is_the_repositorys() -> None:
    named = list(tree_of_readme())
    assert len(named) > 40
    assert [name for name in named if not (ROOT / name).exists()] == []


@pages
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(
        re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = set(re.findall(r"(?:^|[`\s])make ([a-z][a-z-]*)", code_of(page)))
    assert sorted(named - targets) == []


@pages
def test_every_command_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", code_of(page)))
    assert sorted(named - set(get_commands())) == []


def test_the_readme_names_every_command_of_ours() -> None:
    ours = {name for name, app in get_commands().items() if app in ("labeling", "workers")}
    named = set(re.findall(r"manage\.py ([a-z_]+)", code_of(ROOT / "README.md")))
    assert sorted(ours - named) == []


def test_every_setting_of_the_environment_is_described_and_no_other() -> None:
    read = set(ENVIRONMENT.findall((ROOT / "labeling" / "settings.py").read_text(encoding="utf-8")))
    described = set(ROW.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert {"LABELYARD_DATA", "DATABASE_URL", "LABELYARD_TEST_DATABASE"} <= read
    assert described == read


@pages
def test_no_other_page_names_a_setting_that_is_not_read(page: Path) -> None:
    read = set(ENVIRONMENT.findall((ROOT / "labeling" / "settings.py").read_text(encoding="utf-8")))
    named = {name.removesuffix("_FILE") for name in re.findall(r"\bLABELYARD_[A-Z0-9_]+", code_of(page))}
    assert sorted(named - read - names_of_the_client()) == []


def names_of_the_client() -> set[str]:
    """The variables that the client and its command read; they are told in docs/client.md."""
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "labelyard").rglob("*.py")]
    names = {name for text in texts for name in re.findall(r"\"(LABELYARD_[A-Z_]+)\"", text)}
    assert names <= set(re.findall(r"LABELYARD_[A-Z_]+", code_of(ROOT / "docs" / "client.md")))
    return names


def test_the_schema_page_names_every_table_and_constraint() -> None:
    text = code_of(ROOT / "docs" / "schema.md")
    models = list(apps.get_app_config("labeling").get_models())
    constraints = {constraint.name for model in models for constraint in model._meta.constraints}
    spans = set(re.findall(r"`([^`]+)`", text))
    assert sorted({model.__name__ for model in models} - spans) == []
    assert sorted(constraints - spans) == []
