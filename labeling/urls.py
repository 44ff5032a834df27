"""Where everything is found: the pages, and the API under ``/api/v1/``."""

from django.urls import URLPattern, URLResolver, include, path

from labeling.health import healthz

handler400 = "labeling.api.fallbacks.bad_request"
handler404 = "labeling.api.fallbacks.page_not_found"
handler500 = "labeling.api.fallbacks.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("labeling.api.urls")),
    path("", include("labeling.web.urls")),
]
