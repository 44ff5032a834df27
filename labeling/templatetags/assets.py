"""Addresses of styles and scripts that change with their content, and the import map of the modules."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FOLDER = "labeling"
DIGEST_CHARACTERS = 12


@register.simple_tag
def asset(path: str) -> str:
    """Return the address of a static file, with a digest of its content as ``?v=``."""
    return f"{static(path)}?v={digest(path)}"


def digest(path: str) -> str:
    return read_digest(path) if settings.DEBUG else kept_digest(path)


@cache
def kept_digest(path: str) -> str:
    return read_digest(path)


def read_digest(path: str) -> str:
    found = finders.find(path)
    if not found:
        raise template.TemplateSyntaxError(f"There is no static file {path}.")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:DIGEST_CHARACTERS]


@cache
def modules() -> tuple[str, ...]:
    """The paths of our own scripts, as static files are named."""
    root = Path(str(finders.find(FOLDER)))
    return tuple(sorted(f"{FOLDER}/{path.relative_to(root).as_posix()}" for path in root.rglob("*.js")))


@register.simple_tag(takes_context=True)
def module_map(context: Context) -> SafeString:
    """The import map: modules import each other by plain relative paths, and get the versioned address."""
    imports = {static(path): asset(path) for path in modules()}
    # "<" cannot end the script element when it is escaped.
    text = json.dumps({"imports": imports}, indent=0).replace("<", "\\u003c")
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>',
        context.get("csp_nonce", ""),
        mark_safe(text),  # noqa: S308  (paths of our own files)
    )


@register.simple_tag(takes_context=True)
def module(context: Context, path: str) -> SafeString:
    """A script element that runs our module ``path``."""
    return format_html(
        '<script type="module" src="{}" nonce="{}"></script>', asset(path), context.get("csp_nonce", "")
    )
