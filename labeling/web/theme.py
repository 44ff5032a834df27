"""The theme that a person chose, for every page."""

from __future__ import annotations

from django.http import HttpRequest

from labeling.services.preferences import preferences_of


def theme(request: HttpRequest) -> dict[str, str]:
    """Context processor: ``theme`` is light or dark where the person chose that, else it is missing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    chosen = preferences_of(user)["theme"]
    return {} if chosen == "system" else {"theme": chosen}
