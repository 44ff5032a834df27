"""Profiles of one browser that tests use one after the other: what they fetched once stays fetched.

The page of the workbench is some 180 scripts. In a profile of its own each test would fetch, read and
compile them anew, which takes longer than what most tests do.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, CDPSession

from tests.web.browser import opened

# Everything that a page can leave behind; the cache of answers is none of it.
STORAGE = "cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage,websql"


@dataclass
class Profile:
    """A profile, and a line to the browser on a blank page of it, over which it is emptied."""

    context: BrowserContext
    line: CDPSession

    def empty(self, base: str) -> None:
        """Close the pages, and forget all that tests set and pages stored."""
        _blank, *pages = self.context.pages
        for page in pages:
            page.close()
        self.context.unroute_all()
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.context.clear_cookies()
        self.line.send("Storage.clearDataForOrigin", {"origin": base, "storageTypes": STORAGE})


class Profiles:
    """Lends profiles, empty ones all."""

    def __init__(self, browser: Browser, *, base: str) -> None:
        self.browser = browser
        self.base = base
        self.free: list[Profile] = []
        self.lent: list[Profile] = []

    def lend(self) -> BrowserContext:
        """Return an empty profile, light and wide."""
        profile = self.free.pop() if self.free else self.make()
        self.lent.append(profile)
        return profile.context

    def make(self) -> Profile:
        context = opened(self.browser)
        return Profile(context, context.new_cdp_session(context.new_page()))

    def take_back(self) -> None:
        """Empty what was lent; it may be lent again."""
        while self.lent:
            profile = self.lent.pop()
            profile.empty(self.base)
            self.free.append(profile)

    def close(self) -> None:
        for profile in self.free:
            profile.context.close()
