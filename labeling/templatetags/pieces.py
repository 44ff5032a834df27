"""Small pieces of the pages: icons, swatches, form fields, times."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NOTHING = "\N{EN DASH}"

# Drawn on 16 by 16, stroked by CSS.
ICONS = {
    "accept": "M3 8.5l3.2 3.2L13 5",
    "back": "M10 3L5 8l5 5",
    "bell": "M4 11V7a4 4 0 018 0v4l1.5 1.5h-11zM6.5 14.2a1.6 1.6 0 003 0",
    "bolt": "M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z",
    "box": "M2.5 4v-1.5H4M12 2.5h1.5V4M13.5 12v1.5H12M4 13.5H2.5V12M4 2.5h8M13.5 4v8M12 13.5H4M2.5 12V4",
    "cross": "M4 4l8 8M12 4l-8 8",
    "cursor": "M3 2.5l4 11 1.8-4.7L13.5 7z",
    "download": "M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11",
    "forward": "M6 3l5 5-5 5",
    "gear": "M8 5.8a2.2 2.2 0 100 4.4 2.2 2.2 0 000-4.4M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2"
    "M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4",
    "help": "M5.8 6a2.2 2.2 0 114 1.3C9.2 8 8 8.3 8 9.6M8 12.2v.1",
    "jobs": "M2.5 4h11M2.5 8h7M2.5 12h4",
    "key": "M10.5 2a3.5 3.5 0 11-3 5.3L2.5 12.3V14h2.5v-1.5h1.5V11l1.2-1.2",
    "people": "M6 7.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5M1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4"
    "M11 3a2.3 2.3 0 010 4.3M12 9.8c1.5.5 2.5 1.8 2.5 3.7",
    "plus": "M8 3v10M3 8h10",
    "projects": "M2.5 2.5h4.5V7H2.5zM9 2.5h4.5V7H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
    "redo": "M13 3v4H9M12.7 7A5.2 5.2 0 103 9.5",
    "sign-out": "M6.5 2.5h-4v11h4M10.5 5l3 3-3 3M13.5 8h-7",
    "undo": "M3 3v4h4M3.3 7A5.2 5.2 0 1113 9.5",
    "upload": "M8 10.5v-8M4.5 6L8 2.5 11.5 6M2.5 13.5h11",
    "warning": "M8 2L1.5 13.5h13zM8 6.5v3.5M8 11.8v.1",
    "workers": "M3 2.5h10v4H3zM3 9.5h10v4H3zM5.5 4.5h.1M5.5 11.5h.1",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon that says nothing by itself: the control that holds it carries the name."""
    return format_html(
        '<svg class="icon-svg" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>', ICONS[name]
    )


@register.simple_tag
def swatch(color: str) -> SafeString:
    """A dot in the colour of a class. An attribute of SVG, since the policy forbids inline styles."""
    return format_html(
        '<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">'
        '<rect x="1" y="1" width="10" height="10" rx="3" fill="{}"'
        ' stroke="#808080" stroke-opacity="0.6"/></svg>',
        color,
    )


@register.inclusion_tag("labelyard/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A field with its label, help and errors, tied together for assistive technology."""
    described = []
    if bound.help_text:
        described.append(f"{bound.auto_id}_help")
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    return {"bound": bound, "widget": bound.as_widget(attrs=attributes)}


@register.filter
def ago(moment: datetime | None) -> SafeString:
    """How long ago, in its largest unit, with the exact time on hover."""
    if moment is None:
        return format_html("{}", NOTHING)
    seconds = max(0, int((timezone.now() - moment).total_seconds()))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        moment.strftime("%Y-%m-%d %H:%M:%S %Z"),
        spoken(seconds),
    )


def spoken(seconds: int) -> str:
    if seconds < 45:
        return "just now"
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "1 minute ago"


@register.filter
def took(seconds: float | None) -> str:
    """A span of time: 0.8 s, 42 s, 3 min 20 s, 2 h 5 min."""
    if seconds is None:
        return NOTHING
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


@register.filter
def rate(fps: float | None) -> str:
    """Frames a second: 25, 29.97; a dash for what does not move."""
    return NOTHING if fps is None else f"{fps:.2f}".rstrip("0").rstrip(".")


PASSED_OVER = {
    "folder": "names of folders",
    "hidden": "hidden files",
    "other_kind": "of other kinds",
    "empty": "empty",
    "archived": "archived",
    "too_large": "too large",
    "unstorable": "with names that cannot be stored",
    "too_many_pictures": "folders of more pictures than a series may have (50,000)",
    "folder_too_large": "folders larger than an upload may be",
    "mixed_folder": "mixed folders (what is in them beside pictures is no part of the series)",
}


@register.filter
def passed_over(reason: str) -> str:
    """Why a listing passed objects over, in words."""
    return PASSED_OVER.get(reason, reason.replace("_", " "))
