"""``me/preferences/``: defaults, checked values, everybody their own."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from labeling.models import Preferences, User
from tests.api.things import error_of

pytestmark = pytest.mark.engine

ADDRESS = "/api/v1/me/preferences/"


def change(client: APIClient, changes: Any) -> Any:
    return client.patch(ADDRESS, changes, format="json")


def test_defaults_hold_where_nothing_is_set(bob_client: APIClient) -> None:
    shown = bob_client.get(ADDRESS).json()
    reasons = shown.pop("reject_reasons")
    assert 1 <= len(reasons) <= 9
    assert shown == {
        "tracking_range": 30, "advanced_tracking": True, "autosave": True, "autosave_seconds": 1.5,
        "opacity": 0.35, "color_by": "class", "brightness": 1, "contrast": 1, "keys": {}, "step": 10,
        "show_names": True, "theme": "system", "low_confidence": 0.5, "snap": True, "wheel": "zoom",
        "brush_size": 24, "sam_objects": "one", "panoptic_mode": "off",
    }  # fmt: skip


def test_what_is_set_stays_and_null_brings_the_default_back(bob_client: APIClient) -> None:
    keys = {"object.delete": ["Delete", "Mod+Shift+KeyD"], "view.hide": []}
    change(bob_client, {"theme": "dark", "keys": keys})
    answer = change(bob_client, {"tracking_range": 250, "reject_reasons": []})
    assert answer.status_code == 200
    shown = bob_client.get(ADDRESS).json()
    assert answer.json() == shown
    assert (shown["theme"], shown["keys"], shown["tracking_range"], shown["reject_reasons"]) == (
        "dark", keys, 250, [],
    )  # fmt: skip
    assert change(bob_client, {"theme": None}).json()["theme"] == "system"
    assert set(Preferences.objects.get().values) == {"keys", "tracking_range", "reject_reasons"}


def test_everybody_has_their_own(bob_client: APIClient, charlie_client: APIClient) -> None:
    change(bob_client, {"opacity": 0.5})
    assert charlie_client.get(ADDRESS).json()["opacity"] == 0.35


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tracking_range", 0),
        ("tracking_range", 251),
        ("tracking_range", 30.5),
        ("tracking_range", True),
        ("advanced_tracking", "yes"),
        ("autosave_seconds", 0.4),
        ("opacity", 1.01),
        ("opacity", "half"),
        ("color_by", "mood"),
        ("brightness", 0),
        ("contrast", 3.1),
        ("step", 0),
        ("theme", "pink"),
        ("low_confidence", -0.1),
        ("keys", []),
        ("keys", {"Object Delete": ["KeyD"]}),
        ("keys", {"object.delete": "KeyD"}),
        ("keys", {"object.delete": ["KeyA"] * 6}),
        ("keys", {"object.delete": ["Hyper+KeyD"]}),
        ("keys", {f"action.number{number}": [] for number in range(301)}),
        ("reject_reasons", ["too wide"] * 10),
        ("reject_reasons", [" "]),
        ("reject_reasons", ["x" * 201]),
        ("reject_reasons", [3]),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_nothing_set(
    bob_client: APIClient, key: str, value: object
) -> None:
    answer = change(bob_client, {"snap": False, key: value})
    assert (answer.status_code, error_of(answer)["code"]) == (422, "preference_unfit")
    assert error_of(answer)["details"] == {"key": key}
    assert bob_client.get(ADDRESS).json()["snap"] is True


def test_a_key_that_nobody_knows_is_refused(bob_client: APIClient) -> None:
    answer = change(bob_client, {"colour_by": "class"})
    assert (answer.status_code, error_of(answer)["code"]) == (422, "unknown_preference")


@pytest.mark.parametrize("body", [[], "dark", 3, {"reject_reasons": ["a\x00b"]}])
def test_a_body_that_cannot_be_stored_is_refused(bob_client: APIClient, body: object) -> None:
    assert change(bob_client, body).status_code == 400


def test_the_operators_cap_bounds_the_tracking_range(
    bob_client: APIClient, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(bob_client, {"tracking_range": 200})
    monkeypatch.setattr(settings, "EDITOR_TRACKING_FRAMES_MAX", 20)
    # What was set under another cap does not hold any more.
    assert bob_client.get(ADDRESS).json()["tracking_range"] == 20
    assert change(bob_client, {"tracking_range": 21}).status_code == 422
