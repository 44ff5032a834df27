"""The pages of the reference: all routes in short, and a section in full."""

from __future__ import annotations

from django.http import HttpResponse

from labeling.web.guard import Visit, page
from labeling.web.reference.operations import section_get, sections


@page
def reference(visit: Visit) -> HttpResponse:
    """Every route in a line, to search."""
    return visit.answer("labelyard/reference.html", {"sections": sections(), "place": "reference"})


@page
def reference_section(visit: Visit, *, tag: str) -> HttpResponse:
    """The routes of one section with all that they take and answer."""
    context = {"section": section_get(tag), "sections": sections(), "place": "reference"}
    return visit.answer("labelyard/reference_section.html", context)
