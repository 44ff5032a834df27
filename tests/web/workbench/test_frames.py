"""Frames in a real Chromium: the picture drawn is the one whose number is shown, stepping and playing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Media, Provenance, Task, User
from tests import factories
from tests.waiting import until
from tests.web.browser import Complaints, OpenPage, TaskPage, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenTask = Callable[[], TaskPage]

# Of every picture that is told as shown: the number that is said then, and the one that is drawn.
WATCH = """() => {
  window.seen = [];
  labelyard.addEventListener("shown", () => {
    const whole = document.querySelector("#layer-image");
    const context = new OffscreenCanvas(4, 4).getContext("2d", { willReadFrequently: true });
    context.imageSmoothingEnabled = false;
    context.drawImage(whole, 0, 0, 4, 4);
    const { data } = context.getImageData(0, 0, 4, 4);
    let code = 0;
    for (let place = 0; place < 16; place += 1) if (data[4 * place] > 127) code += 2 ** place;
    const said = Number(/Frame (\\d+)/.exec(document.querySelector("#shown-frame").textContent)[1]);
    window.seen.push([said, code >> 4, labelyard.shown]);
  });
}"""


@pytest.fixture
def open_task(page_of: OpenPage, live_server: LiveServer, film_task: Task, alice: User) -> OpenTask:
    """Return the workbench of the film, opened by Alice."""

    def opened() -> TaskPage:
        bench = TaskPage(page_of(alice), width=160, height=128)
        bench.open(f"{live_server.url}/tasks/{film_task.pk}/")
        return bench

    return opened


def wait(page: Page, condition: str) -> None:
    """Wait for a condition of the page; its policy keeps Playwright's own wait from evaluating it."""
    until(lambda: bool(page.evaluate(condition)), seconds=30, what=condition)


def seen(page: Page) -> list[tuple[int, int, int]]:
    return [tuple(one) for one in page.evaluate("window.seen")]


def test_keys_and_buttons_lead_to_frames_and_the_picture_is_the_one_whose_number_is_said(
    open_task: OpenTask,
) -> None:
    bench = open_task()
    keys = bench.page.keyboard
    steps = [
        ("f", 1),
        ("f", 2),
        ("d", 1),
        ("v", 11),
        ("v", 21),
        ("c", 11),
        ("End", 59),
        ("d", 58),
        ("Home", 0),
    ]
    for key, frame in [*steps, ("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowLeft", 0)]:
        keys.press(key)
        bench.wait_frame(frame)
        assert bench.number() == frame
    for name, frame in [
        ("Last frame", 59),
        ("Previous frame", 58),
        ("Several frames back", 48),
        ("First frame", 0),
    ]:
        bench.page.get_by_role("group", name="Frames").get_by_role("button", name=name, exact=True).click()
        bench.wait_frame(frame)
        assert bench.number() == frame


def test_a_number_that_is_typed_leads_to_its_frame_and_the_keys_are_the_stages_again(
    open_task: OpenTask,
) -> None:
    bench = open_task()
    keys = bench.page.keyboard
    keys.press("Backquote")
    expect(bench.page.locator("#frame-number")).to_be_focused()
    keys.type("44")
    keys.press("Enter")
    bench.wait_frame(44)
    assert bench.number() == 44
    keys.press("f")
    bench.wait_frame(45)
    keys.press("Backquote")
    keys.type("7")
    keys.press("Escape")
    expect(bench.page.locator("#frame-number")).to_have_value("45")


def test_the_address_leads_to_a_frame_and_follows_the_steps(open_task: OpenTask) -> None:
    bench = open_task()
    plain = bench.page.url.split("?")[0]
    for asked, shown in (("30", 30), ("999", 59), ("nonsense", 0)):
        bench.page.goto(f"{plain}?frame={asked}")
        bench.wait_frame(shown)
        assert bench.number() == shown
    for _ in range(3):
        bench.page.keyboard.press("f")
    expect(bench.page).to_have_url(re.compile(r"\?frame=3$"))
    bench.page.reload()
    bench.wait_frame(3)


def test_steps_faster_than_frames_load_never_say_a_wrong_number(open_task: OpenTask) -> None:
    bench = open_task()
    bench.page.evaluate(WATCH)
    for _ in range(45):
        bench.page.keyboard.press("f")
    for _ in range(10):
        bench.page.keyboard.press("d")
    bench.wait_frame(35)
    assert bench.number() == 35
    assert all(said == drawn == shown for said, drawn, shown in seen(bench.page))


def test_neighbours_are_fetched_in_the_direction_of_travel(open_task: OpenTask) -> None:
    bench = open_task()
    asked: list[int] = []
    bench.page.on("request", lambda request: asked.extend(frame_of(request)))
    for start, ahead in ((30, range(22, 30)), (50, range(51, 59))):
        bench.go(start)
        asked.clear()
        bench.page.keyboard.press("d" if ahead.stop == start else "f")
        bench.wait_frame(start - 1 if ahead.stop == start else start + 1)
        for frame in ahead:
            wait(bench.page, f"labelyard.frames.pictures.any({frame}) !== null")
    wait(bench.page, "labelyard.frames.loading.size === 0")
    assert set(asked) <= set(range(40, 60))


def frame_of(request: Request) -> list[int]:
    found = re.search(r"/frames/(\d+)/", request.url)
    return [int(found[1])] if found else []


def test_fetches_that_are_not_wanted_any_more_are_given_up(open_task: OpenTask) -> None:
    bench = open_task()
    waiting: dict[int, Route] = {}
    bench.page.route(
        re.compile(r"/frames/4\d/"), lambda route: waiting.update({frame_of(route.request)[0]: route})
    )
    bench.page.evaluate("labelyard.go(44)")
    wait(bench.page, "labelyard.frames.loading.size > 0")
    expect(bench.page.locator("#shown-frame")).to_have_text("Frame 0 / 59")
    with bench.page.expect_event("requestfailed", lambda request: frame_of(request) == [44]):
        bench.page.evaluate("labelyard.go(20)")
    bench.wait_frame(20)
    assert bench.number() == 20


def test_a_frame_that_was_fetched_ahead_is_shown_at_once(
    open_task: OpenTask,
) -> None:
    bench = open_task()
    wait(bench.page, "labelyard.frames.pictures.kept.size >= 10 && labelyard.store.loaded(9)")
    took = bench.page.evaluate(
        """async () => {
          const took = [];
          for (let step = 0; step < 8; step += 1) {
            const begun = performance.now();
            const shown = new Promise((done) => labelyard.addEventListener("shown", done, { once: true }));
            labelyard.go(labelyard.frame + 1);
            await shown;
            took.push(performance.now() - begun);
          }
          return took;
        }"""
    )
    # A wide bound, for machines that do other things too; ``make bench ARGS=workbench`` has the figure.
    assert sorted(took)[len(took) // 2] < 250


def test_a_frame_that_cannot_be_decoded_says_so_in_place_and_its_neighbours_are_shown(
    open_task: OpenTask, complaints: Complaints
) -> None:
    complaints.expected = {422}
    bench = open_task()
    sentence = "Frame 15 cannot be decoded: the file is damaged there."
    broken = {"error": {"code": "frame_unreadable", "sentence": sentence, "details": {"frame": 15}}}
    bench.page.route("**/frames/15/**", lambda route: route.fulfill(status=422, json=broken))
    bench.go(14)
    bench.page.keyboard.press("f")
    bench.wait_frame(15)
    said = bench.page.locator("#frame-said")
    expect(said).to_contain_text(sentence)
    assert bench.number() != 14, "The picture before is still there."
    keep(bench.page, "frames-unreadable")
    bench.page.keyboard.press("f")
    bench.wait_frame(16)
    expect(said).to_be_hidden()
    assert bench.number() == 16
    bench.page.keyboard.press("d")
    expect(said).to_be_visible()
    bench.page.unroute("**/frames/15/**")
    said.get_by_role("button", name="Try again").click()
    expect(said).to_be_hidden()
    assert bench.number() == 15


def test_a_network_that_is_away_is_said_and_the_frame_comes_when_it_is_back(open_task: OpenTask) -> None:
    bench = open_task()
    bench.page.route("**/frames/40/**", lambda route: route.abort())
    bench.page.evaluate("labelyard.go(40)")
    expect(bench.page.locator("#frame-said")).to_contain_text("the server does not answer")
    bench.page.unroute("**/frames/40/**")
    bench.page.evaluate("dispatchEvent(new Event('online'))")
    expect(bench.page.locator("#frame-said")).to_be_hidden()
    assert bench.number() == 40


def test_playing_goes_to_the_end_and_every_picture_has_its_own_number(open_task: OpenTask) -> None:
    bench = open_task()
    bench.page.evaluate(WATCH)
    bench.page.keyboard.press("Space")
    expect(bench.page.get_by_role("button", name="Play or pause")).to_have_attribute("aria-pressed", "true")
    bench.wait_frame(59)
    expect(bench.page.get_by_role("button", name="Play or pause")).to_have_attribute("aria-pressed", "false")
    pictures = seen(bench.page)
    assert all(said == drawn == shown for said, drawn, shown in pictures)
    numbers = [said for said, _, _ in pictures]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 5, "Too few pictures were drawn to call it playing."
    assert bench.number() == 59


def test_playing_shows_labels_and_a_step_pauses_on_its_frame(
    open_task: OpenTask, film_task: Task, alice: User
) -> None:
    instance = factories.make_instance(task=film_task, author=alice)
    for frame in range(60):
        factories.make_label(instance=instance, frame=frame, author=alice)
    bench = open_task()
    wait(bench.page, "labelyard.store.labelsOn(0).length > 0")
    bench.page.evaluate(
        "window.bare = []; labelyard.addEventListener('shown', () => {"
        "const { playing, shown, store } = labelyard;"
        "if (playing && !store.labelsOn(shown).length) bare.push(shown) })"
    )
    bench.page.keyboard.press("Space")
    wait(bench.page, "labelyard.shown >= 10")
    bench.page.keyboard.press("d")
    wait(bench.page, "!labelyard.playing && labelyard.shown === labelyard.frame")
    assert bench.page.evaluate("bare") == []
    assert bench.number() == bench.page.evaluate("labelyard.frame")


def test_a_chosen_range_is_played_round_and_round_at_the_chosen_speed(open_task: OpenTask) -> None:
    bench = open_task()
    bench.page.evaluate(WATCH)
    bench.page.evaluate("labelyard.setRange([20, 24])")
    bench.page.get_by_label("Speed").select_option("4")
    bench.page.evaluate("document.querySelector('#stage').focus()")
    bench.page.keyboard.press("Space")
    wait(bench.page, "new Set(seen.map(([frame]) => frame)).size >= 4 && seen.length > 15")
    bench.page.keyboard.press("Space")
    wait(bench.page, "!labelyard.playing")
    numbers = {said for said, _, _ in seen(bench.page)}
    assert numbers <= set(range(20, 25))
    assert all(said == drawn for said, drawn, _ in seen(bench.page))


def test_key_frames_changes_and_gaps_are_found(open_task: OpenTask, film_task: Task, alice: User) -> None:
    instance = factories.make_instance(task=film_task, author=alice)
    made: dict[int, dict[str, Any]] = {
        **{frame: {} for frame in (5, 20)},
        **{frame: {"provenance": Provenance.INTERPOLATED, "protected": False} for frame in range(6, 20)},
        40: {"shape": None},
    }
    for frame, given in made.items():
        factories.make_label(instance=instance, frame=frame, author=alice, **given)
    bench = open_task()
    wait(bench.page, "labelyard.tracks.chosen().some((one) => one.keys.length)")
    keys = bench.page.keyboard
    for key, frame in [
        ("r", 5),
        ("r", 20),
        ("r", 40),
        ("e", 20),
        ("Shift+r", 21),
        ("Shift+e", 20),
        ("Shift+g", 21),
        ("Shift+g", 41),
    ]:
        keys.press(key)
        bench.wait_frame(frame)
    bench.page.evaluate("labelyard.addEventListener('say', ({ detail }) => (window.said = detail.sentence))")
    keys.press("r")
    wait(bench.page, "window.said === 'There is no later key frame from here.'")


def test_a_single_picture_has_no_transport_and_no_timeline(
    page_of: OpenPage, live_server: LiveServer, film: Media, alice: User
) -> None:
    task = factories.make_task(media=film, first_frame=7, last_frame=7)
    bench = TaskPage(page_of(alice), width=160, height=128)
    bench.open(f"{live_server.url}/tasks/{task.pk}/")
    assert bench.number() == 7
    expect(bench.page.locator("#transport")).to_be_hidden()
    expect(bench.page.locator("#timeline")).to_be_hidden()
