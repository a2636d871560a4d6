"""The little markup of a question's text: code spans, emphasis and strong text.

One parser serves every view (widget, static page, terminal), so that none of them
builds HTML from an author's text on its own.
"""

import html
import re
from typing import Literal, TypeAlias

Span: TypeAlias = tuple[Literal["text", "code", "em", "strong"], str]

_MARKS = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\*\*(?P<strong>[^*\s](?:[^*]*[^*\s])?)\*\*"
    r"|(?<![\w*])\*(?P<em>[^*\s](?:[^*]*[^*\s])?)\*(?![\w*])"
)


def spans(text: str) -> list[Span]:
    """Return the text as (kind, text) pairs in reading order.

    >>> spans("Is `E11` a *header*?")
    [('text', 'Is '), ('code', 'E11'), ('text', ' a '), ('em', 'header'), ('text', '?')]
    """
    found: list[Span] = []
    at = 0
    for match in _MARKS.finditer(text):
        if match.start() > at:
            found.append(("text", text[at : match.start()]))
        for kind in ("code", "strong", "em"):
            if (inner := match.group(kind)) is not None:
                found.append((kind, inner))
        at = match.end()
    if at < len(text):
        found.append(("text", text[at:]))
    return found


def to_html(text: str) -> str:
    """Return the text as HTML; everything that is not our markup is escaped."""
    return "".join(
        html.escape(inner) if kind == "text" else f"<{kind}>{html.escape(inner)}</{kind}>"
        for kind, inner in spans(text)
    )


def to_plain(text: str) -> str:
    """Return the text without its marks."""
    return "".join(inner for _, inner in spans(text))
