"""A real Chromium for tests, and what a page may not do in any of them."""

from __future__ import annotations

import base64
import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from labeling.models import User
from tests.clips import read_number
from tests.factories import PASSWORD
from tests.needs import missing

# The shell is the same engine without windows: it takes half the processor time of Chromium without a screen.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SCREENSHOTS = Path(__file__).resolve().parent.parent.parent / "test-results" / "screenshots"
SIZES = {"wide": (1440, 900), "laptop": (1280, 720)}
WAIT_MS = 20_000.0
# The first page of a profile fetches all scripts, maybe while workers start beside it.
OPENING_MS = 60_000.0
expect.set_options(timeout=WAIT_MS)

Scheme = Literal["light", "dark"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine; without one the test ends as ``missing`` says."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing("Chromium is not installed.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What the browser said was wrong: errors of scripts, breaches of the policy, answers that failed.

    ``expected`` are statuses that a test provokes on purpose.
    """

    expected: set[int] = field(default_factory=set)
    found: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Note what happens on this page."""
        page.on("pageerror", lambda error: self.found.append(f"error: {error}"))
        page.on("console", lambda message: self.hear(message.type, message.text))
        page.on("response", lambda answer: self.judge(answer.status, answer.url))

    def hear(self, kind: str, text: str) -> None:
        # An answer with an error status is said by the browser too; ``judge`` looks at those.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.found.append(f"{kind}: {text}")

    def judge(self, status: int, url: str) -> None:
        if status >= 400 and status not in self.expected:
            self.found.append(f"{status}: {url}")


def opened(browser: Browser, *, scheme: Scheme = "light", size: str = "wide") -> BrowserContext:
    """A fresh profile with a window of this size and scheme."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    context.set_default_timeout(WAIT_MS)
    context.set_default_navigation_timeout(OPENING_MS)
    return context


def sign_in(page: Page, *, base: str, user: User) -> None:
    """Sign in by hand."""
    page.goto(f"{base}/sign-in/")
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Projects").wait_for()


def let_in(context: BrowserContext, *, base: str, user: User) -> None:
    """Sign in without the page for it."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": base}])


def keep(page: Page, name: str) -> None:
    """Keep a screenshot under ``test-results/screenshots``."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def open_bench(page: Page, address: str) -> None:
    """Open the workbench and wait until it shows a frame."""
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("data-ready", "true", timeout=OPENING_MS)
    expect(page.locator("#shown-frame")).to_have_text(re.compile(r"Frame \d+ /"), timeout=OPENING_MS)


@dataclass
class TaskPage:
    """The task page as people use it. Points are pixels of the frame."""

    page: Page
    width: int
    height: int

    def open(self, address: str) -> None:
        """Open the page and wait until it shows a frame."""
        open_bench(self.page, address)

    def go(self, frame: int) -> None:
        """Go to a frame by its number, and wait until its picture is drawn."""
        number = self.page.locator("#frame-number")
        number.fill(str(frame))
        number.press("Enter")
        number.blur()
        self.wait_frame(frame)

    def wait_frame(self, frame: int) -> None:
        """Wait until the picture of this frame is drawn."""
        expect(self.page.locator("#shown-frame")).to_have_text(re.compile(rf"Frame {frame} /"))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the frame is in the window."""
        left, top = self.page.evaluate(
            """([x, y]) => {
              const stage = document.querySelector("#stage").getBoundingClientRect();
              const [sx, sy] = labelyard.viewport.toScreen(x, y);
              return [stage.left + sx, stage.top + sy];
            }""",
            [x, y],
        )
        return left, top

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press, move and let go."""
        mouse = self.page.mouse
        mouse.move(*self.at(*start))
        mouse.down()
        mouse.move(*self.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        mouse.move(*self.at(*end))
        mouse.up()

    def wait_saved(self) -> None:
        """Wait until everything is saved."""
        expect(self.page.locator("#save-state")).to_have_text(re.compile(r"Saved \d\d:\d\d"))

    def number(self) -> int | None:
        """Read the number that is drawn into the picture on the canvas."""
        pixels = self.pixels("layer-image")
        return read_number(pixels[..., :3])

    def pixels(self, layer: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        """Return what a layer of the canvas (its id) shows over the frame: (height, width, 4).

        Layers differ in size and lie where their transforms put them; what is read is what is seen.
        """
        data = self.page.evaluate(
            """([layer, width, height]) => {
              const canvas = document.querySelector(`#${layer}`);
              const { scale, left, top } = labelyard.viewport;
              const shown = document.createElement("canvas");
              const dots = devicePixelRatio;
              [shown.width, shown.height] = [width, height].map((one) => Math.round(one * scale * dots));
              if (canvas.hidden) return shown.toDataURL();
              const context = shown.getContext("2d");
              context.imageSmoothingEnabled = false;
              context.setTransform(dots, 0, 0, dots, -left * dots, -top * dots);
              const { a, d, e, f } = new DOMMatrix(canvas.style.transform);
              context.transform(a, 0, 0, d, e, f);
              context.drawImage(canvas, 0, 0, canvas.clientWidth, canvas.clientHeight);
              return shown.toDataURL();
            }""",
            [layer, self.width, self.height],
        )
        image = Image.open(io.BytesIO(base64.b64decode(data.split(",")[1]))).convert("RGBA")
        return np.asarray(image)


OpenPage = Callable[[User], Page]
