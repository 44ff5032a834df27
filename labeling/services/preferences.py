"""What people set for themselves: the one list of keys, with their defaults and what they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from labeling.errors import refused
from labeling.models import Preferences, User

Check = Callable[[Any], str]
"""Says what is wrong with a value, in a clause; empty when nothing is."""

ACTIONS_MAX, CHORDS_MAX = 300, 5
ACTION = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
CHORD = re.compile(r"(?:(?:Mod|Ctrl|Alt|Shift)\+)*[A-Za-z][A-Za-z0-9]{0,31}")
REASONS_MAX, REASON_CHARACTERS = 9, 200


@dataclass(frozen=True)
class Preference:
    """A key: what holds when nothing is set, and what may be set."""

    default: Any
    check: Check


def yes_or_no(value: Any) -> str:
    return "" if isinstance(value, bool) else "takes true or false"


def number(least: float, most: float) -> Check:
    def check(value: Any) -> str:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
        return "" if fits else f"takes a number from {least:g} to {most:g}"

    return check


def whole(least: int, most: int) -> Check:
    def check(value: Any) -> str:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return "" if fits else f"takes a whole number from {least} to {most}"

    return check


def one_of(*words: str) -> Check:
    return lambda value: "" if value in words else f"takes one of {', '.join(words)}"


def chords(value: Any) -> str:
    """Actions to their chords by ``event.code``: {"frames.next": ["KeyF"]}; an empty list is no key."""
    if not isinstance(value, dict) or len(value) > ACTIONS_MAX:
        return f"takes up to {ACTIONS_MAX} actions, each with a list of chords"
    for action, given in value.items():
        if not ACTION.fullmatch(action):
            return f"knows no action “{action[:64]}”"
        if not isinstance(given, list) or len(given) > CHORDS_MAX:
            return f"takes up to {CHORDS_MAX} chords for “{action}”"
        if not all(isinstance(chord, str) and CHORD.fullmatch(chord) for chord in given):
            return f"takes chords such as “Shift+KeyT” for “{action}”"
    return ""


def reasons(value: Any) -> str:
    fits = isinstance(value, list) and len(value) <= REASONS_MAX
    if not fits or not all(
        isinstance(one, str) and 0 < len(one.strip()) <= REASON_CHARACTERS for one in value
    ):
        return f"takes up to {REASONS_MAX} reasons of up to {REASON_CHARACTERS} characters"
    return ""


def preference_table() -> dict[str, Preference]:
    """Return every key there is."""
    frames_max = settings.EDITOR_TRACKING_FRAMES_MAX
    return {
        # Frames that a run from the editor covers, the start frame included.
        "tracking_range": Preference(min(30, frames_max), whole(1, frames_max)),
        "advanced_tracking": Preference(True, yes_or_no),
        "autosave": Preference(True, yes_or_no),
        "autosave_seconds": Preference(1.5, number(0.5, 10)),
        "opacity": Preference(0.35, number(0, 1)),
        "color_by": Preference("class", one_of("class", "instance", "review", "confidence")),
        "brightness": Preference(1, number(0.2, 3)),
        "contrast": Preference(1, number(0.2, 3)),
        "keys": Preference({}, chords),
        # Frames that a step goes.
        "step": Preference(10, whole(1, 10_000)),
        "show_names": Preference(True, yes_or_no),
        "theme": Preference("system", one_of("system", "light", "dark")),
        # What the wheel does over the frame; with Ctrl it zooms in any case.
        "wheel": Preference("zoom", one_of("zoom", "pan")),
        # Pixels of the frame.
        "brush_size": Preference(24, whole(1, 1000)),
        # Below it a label is one that the review steps to.
        "low_confidence": Preference(0.5, number(0, 1)),
        "snap": Preference(True, yes_or_no),
        # What a drag in SAM mode means: one object in the box, or all that lie in it.
        "sam_objects": Preference("one", one_of("one", "many")),
        # Whether a new bitmask leaves out the pixels of those that are there.
        "panoptic_mode": Preference("off", one_of("off", "exclude")),
        "reject_reasons": Preference(
            ["Not tight", "Wrong class", "Wrong object", "Object missing", "Not an object"], reasons
        ),
    }


def preferences_of(user: User) -> dict[str, Any]:
    """Return all preferences of the user, defaults where nothing (or nothing that still fits) is set."""
    stored = Preferences.objects.filter(user=user).values_list("values", flat=True).first() or {}
    return {
        key: stored[key] if key in stored and not known.check(stored[key]) else known.default
        for key, known in preference_table().items()
    }


@transaction.atomic
def preferences_change(*, user: User, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set some preferences, None for the default again; return all of them.

    Raises ``unknown_preference`` and ``preference_unfit`` (422), both with the ``key``.
    """
    table = preference_table()
    for key, value in changes.items():
        if key not in table:
            raise refused("unknown_preference", f"There is no preference “{key[:64]}”.", key=key)
        wrong = "" if value is None else table[key].check(value)
        if wrong:
            raise refused("preference_unfit", f"The preference “{key}” {wrong}.", key=key)
    Preferences.objects.get_or_create(user=user)
    rows = Preferences.objects.filter(user=user)
    held = (rows.select_for_update() if connection.features.has_select_for_update else rows).get()
    merged = {**held.values, **changes}
    held.values = {key: value for key, value in merged.items() if value is not None and key in table}
    held.save(update_fields=["values"])
    return preferences_of(user)
