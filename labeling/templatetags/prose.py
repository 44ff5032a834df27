"""Docstrings as the reference of the API shows them: code in backticks, paragraphs, names that lead on."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from labeling.web.reference.records import Kind

register = template.Library()
CODE = re.compile(r"`{1,2}([^`]+)`{1,2}")


@register.filter
def prose(text: str) -> SafeString:
    """Escape the text, and show what stands in backticks as code."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  (escaped before)


@register.filter
def paragraphs(text: str) -> SafeString:
    """A paragraph for each that blank lines part."""
    return format_html_join(
        "\n", "<p>{}</p>", ((prose(part),) for part in text.split("\n\n") if part.strip())
    )


@register.filter
def named(kind: Kind) -> SafeString:
    """What a value is; the records it names lead to where they are told."""
    told = escape(kind.words)
    for name in sorted(set(kind.names), key=len, reverse=True):
        link = format_html('<a href="#record-{0}">{0}</a>', name)
        told = mark_safe(re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", link, told))  # noqa: S308  (escaped)
    return told
