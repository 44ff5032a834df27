"""The table of keys in ``docs/workbench.md`` is that of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from labeling.models import Project, Task, User
from tests.clips.dicom import dicom_series
from tests.clips.series import zipped
from tests.engine.clips import media_of_file
from tests.waiting import until
from tests.web.browser import OpenPage, TaskPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = Path(__file__).resolve().parents[3] / "docs" / "workbench.md"
# What it does, its keys, its id; N in a row stands for 1 to 9.
ROW = re.compile(r"^\| [^|]+ \| ([^|]+) \| `([a-z]+(?:[.-][a-z0-9N]+)+)` \|$", re.MULTILINE)
KEY = re.compile(r"`` ` ``|`[^`]+`")

# The actions with their keys as they came, written as a keyboard without a known layout writes them.
COLLECT = """async () => {
  const page = document.querySelector('script[src*="/editor/main.js"]').src;
  const { chordText } = await import(new URL("actions/chords.js", page));
  const written = (chord) => chordText(chord, { mac: false, layout: null });
  return labelyard.actions.all().map(({ id, keys = [] }) => [id, keys.map(written)]);
}"""

Keys = dict[str, set[str]]


@pytest.fixture
def scan_task(project: Project, tmp_path: Path, valkey: object) -> Task:
    """A DICOM series, whose grey values have keys of their own."""
    path = tmp_path / "scan.zip"
    path.write_bytes(zipped(dicom_series(2)))
    return Task.objects.get(media=media_of_file(project, path, uploaded_as="dicom"))


def keys_of_page(bench: TaskPage, address: str) -> Keys:
    bench.open(address)
    found = {action: set(keys) for action, keys in bench.page.evaluate(COLLECT)}
    until(lambda: bench.page.evaluate("labelyard.frames.loading.size") == 0, seconds=20, what="pictures")
    return found


def keys_documented() -> Keys:
    keys: Keys = {}
    for written, action in ROW.findall(PAGE.read_text(encoding="utf-8")):
        names = {key.strip("` ") or "`" for key in KEY.findall(written)}
        for n in "123456789" if action.endswith("N") else "N":
            keys[action.replace("N", n)] = {re.sub(r"\bN$", n, name) for name in names}
    return keys


def test_every_action_with_a_key_is_in_the_table_with_its_keys(
    page_of: OpenPage, live_server: LiveServer, film_task: Task, scan_task: Task, alice: User
) -> None:
    bench = TaskPage(page_of(alice), width=160, height=128)
    real: Keys = {}
    for task in (film_task, scan_task):
        real |= keys_of_page(bench, f"{live_server.url}/tasks/{task.pk}/")
    told = keys_documented()
    assert {"tool.box", "frames.levels-drag", "review.accept"} <= set(real)
    assert {action: keys for action, keys in real.items() if keys != told.get(action, set())} == {}
    # Of numbered actions there may be fewer here: a project with all of nine classes is rare.
    gone = {action for action in told if action not in real and not action[-1].isdigit()}
    assert gone == set()
