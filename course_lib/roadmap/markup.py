"""HTML shared by the planner's and the careers' pages: lists and tables whose addresses are links."""

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_URL = re.compile(r"https?://[^\s<]+")
_DATE = re.compile(r">(\d{4}-\d\d-\d\d)<")  # a cell that is a date must not break at its hyphens


def bullets(title: str, lines: Iterable[str]) -> str:
    """Return a titled list, or nothing without lines."""
    items = "".join(f"<li>{with_links(line.strip())}</li>" for line in lines)
    head = f"<p><strong>{escape(title)}</strong></p>" if title else ""
    return f"{head}<ul>{items}</ul>" if items else ""


def table(frame: "pd.DataFrame", caption: str) -> str:
    """Return a table with a caption and headers; see `plots.table`."""
    from course_lib import plots

    # The cells are escaped already, so what still looks like an address is one.
    text = _URL.sub(lambda hit: link(hit[0]), plots.table(frame, caption=caption)._repr_html_())
    return _DATE.sub(r'><span style="white-space:nowrap">\1</span><', text)


def with_links(text: str) -> str:
    """Return escaped text whose addresses are links."""
    return _URL.sub(lambda hit: link(hit[0]), escape(text, quote=False))


def link(url: str, title: str = "") -> str:
    """Return a link that opens beside the notebook; its text is the site's name by default.

    `url` is escaped already, or holds nothing to escape.
    """
    text = title or re.sub(r"^https?://(www\.)?", "", url).partition("/")[0]
    return f'<a href="{url}" target="_blank" rel="noopener noreferrer">{text}</a>'
