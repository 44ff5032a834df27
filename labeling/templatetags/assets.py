"""Addresses of styles and scripts that change with their content, and the import map of the modules."""

from __future__ import annotations

import json
from functools import cache

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from labeling.web.digests import digest
from labeling.web.modules import modules, reached

register = template.Library()


@register.simple_tag
def asset(path: str) -> str:
    """Return the address of a static file, with a digest of its content as ``?v=``."""
    return f"{static(path)}?v={digest(path)}"


@register.simple_tag(takes_context=True)
def module_map(context: Context) -> SafeString:
    """The import map: modules import each other by plain relative paths, and get the versioned address."""
    text = imports_text() if settings.DEBUG else kept_imports_text()
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>',
        context.get("csp_nonce", ""),
        mark_safe(text),  # noqa: S308  (paths of our own files)
    )


@cache
def kept_imports_text() -> str:
    """It is on every page, and names every script: made once where scripts do not change."""
    return imports_text()


def imports_text() -> str:
    imports = {static(path): asset(path) for path in modules()}
    # "<" cannot end the script element when it is escaped.
    return json.dumps({"imports": imports}, indent=0).replace("<", "\\u003c")


@register.simple_tag(takes_context=True)
def module(context: Context, path: str) -> SafeString:
    """A script element that runs our module ``path``.

    All that it imports is fetched with it: else the browser would learn of it level by level.
    """
    nonce = context.get("csp_nonce", "")
    preloads = format_html_join(
        "\n",
        '<link rel="modulepreload" href="{}" nonce="{}">',
        ((asset(one), nonce) for one in reached(path)),
    )
    script = format_html('<script type="module" src="{}" nonce="{}"></script>', asset(path), nonce)
    return format_html("{}\n{}", preloads, script)
