"""The little of Markdown that the rules read: headings, list items, links and images."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

_FENCE = re.compile(r"^(```|~~~).*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_ITEM = re.compile(r"^(?:[-*+]|\d+[.)])[ \t]+(.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_REFERENCE = re.compile(r"^\[[^\]]+\]:[ \t]*<?(\S+?)>?(?:[ \t].*)?$", re.MULTILINE)
_AUTOLINK = re.compile(r"<(https?://[^>\s]+)>")
_BARE = re.compile(r"(?<![\w(<\"'=])https?://[^\s<>)\]]+")


class Heading(NamedTuple):
    """A heading: its level (1 to 6) and its text."""

    level: int
    text: str


def plain(source: str) -> str:
    """Return the source without code, in which ``#`` and ``[](...)`` mean something else."""
    return _INLINE_CODE.sub("", _FENCE.sub("", source))


def headings(source: str) -> list[Heading]:
    """Return the headings in order."""
    return [Heading(len(marks), text.strip()) for marks, text in _HEADING.findall(_FENCE.sub("", source))]


def section(source: str, title: str) -> str | None:
    """Return what stands under the heading `title` up to the next heading of its level or above."""
    text = _FENCE.sub("", source)
    start = next((m for m in _HEADING.finditer(text) if m[2].strip().lower() == title.lower()), None)
    if start is None:
        return None
    rest = text[start.end() :]
    end = next((m for m in _HEADING.finditer(rest) if len(m[1]) <= len(start[1])), None)
    return rest[: end.start()] if end else rest


def items(source: str) -> list[str]:
    """Return the items of its lists, each on one line."""
    return [" ".join(item.split()) for item in _ITEM.findall(source)]


def links(source: str) -> list[str]:
    """Return the targets of its links, images included."""
    text = plain(source)
    found = _LINK.findall(text) + [target for _, target in _IMAGE.findall(text)] + _REFERENCE.findall(text)
    found += _AUTOLINK.findall(text) + [url.rstrip(".,;:") for url in _BARE.findall(text)]
    return list(dict.fromkeys(found + Page(text).links))


def image_alts(source: str) -> list[str]:
    """Return the alternative text of each image, Markdown's and HTML's; ``""`` when it has none."""
    text = plain(source)
    return [alt.strip() for alt, _ in _IMAGE.findall(text)] + Page(text).alts


class Page(HTMLParser):
    """The links, the pictures' alternative texts and the tables of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.alts: list[str] = []
        self.tables = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the rules ask about."""
        has = dict(attrs)
        if tag == "a" and has.get("href"):
            self.links.append(has["href"] or "")
        elif tag == "img":
            self.alts.append((has.get("alt") or "").strip())
        elif tag == "svg" and has.get("aria-hidden") != "true":
            self.alts.append((has.get("aria-label") or "").strip())
        elif tag == "table":
            self.tables += 1
