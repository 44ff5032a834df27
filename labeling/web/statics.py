"""Static files, kept for good by browsers where the address names what is in them."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

from labeling.web.digests import digest

FOR_EVER = "public, max-age=31536000, immutable"
ANSWERED = (200, 304)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # it comes without types
    """WhiteNoise, which knows our ``?v=`` (the tag ``asset``): such an answer never changes.

    A digest that is not this version's is not believed: while a new version is being installed, a page of
    it may ask an old process.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer: HttpResponseBase = super().__call__(request)
        if answer.status_code in ANSWERED and self.is_named(request):
            answer.headers["Cache-Control"] = FOR_EVER
        return answer

    def is_named(self, request: HttpRequest) -> bool:
        """Whether the address names the content of a static file of this version."""
        version = request.GET.get("v")
        if not version or not request.path_info.startswith(self.static_prefix):
            return False
        try:
            return version == digest(request.path_info.removeprefix(self.static_prefix))
        except FileNotFoundError:
            # It was gathered by another version.
            return False
