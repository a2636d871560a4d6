"""HTML of the pages of planner, careers and portfolio: lists, tables with links, a page to print."""

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_URL = re.compile(r"https?://[^\s<]+")
_DATE = re.compile(r">(\d{4}-\d\d-\d\d)<")  # a cell that is a date must not break at its hyphens

_STYLE = """
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff;
  font: 16px/1.5 system-ui, sans-serif; }
table { width: 100%; margin: 1rem 0; border-collapse: collapse; font-size: 0.9em; }
caption { padding-bottom: 0.3rem; font-weight: 600; text-align: start; }
th, td { padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid #ccc; vertical-align: top; }
th { font-weight: 400; } thead th { font-weight: 600; }
figure { margin: 1rem 0; } img { max-width: 100%; } a { color: #1f5fa8; overflow-wrap: anywhere; }
@media print { body { margin: 0; font-size: 11pt; } table, figure, section { break-inside: avoid; } }
"""


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


def page(title: str, body: str) -> str:
    """Return a page of its own, with nothing loaded from outside, that prints well."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )
