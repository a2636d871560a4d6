"""The little of Markdown that the rules read: headings, list items, links and images."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

from course_lib.glossary import slug

_FENCE = re.compile(r"^(```|~~~).*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_ITEM = re.compile(r"^(?:[-*+]|\d+[.)])[ \t]+(.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_REFERENCE = re.compile(r"^\[[^\]]+\]:[ \t]*<?(\S+?)>?(?:[ \t].*)?$", re.MULTILINE)
_AUTOLINK = re.compile(r"<(https?://[^>\s]+)>")
_TAG = re.compile(r"<!--.*?-->|<[^>\n]+>", re.DOTALL)
_ANCHOR = re.compile(r"""<\w+ [^>]*\bid=["']([^"']+)["']""")
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


def running_text(source: str) -> str:
    """Return the sentences alone: no code, no headings, tables, links, pictures and HTML."""
    text = _HEADING.sub("", plain(source))
    text = re.sub(r"^[ \t]*\|.*$", "", text, flags=re.MULTILINE)
    return _TAG.sub("", _LINK.sub("", _IMAGE.sub("", text)))


def word_count(source: str) -> int:
    """Return how many words a reader sees: text, headings, tables, code in a line; no addresses."""
    text = _IMAGE.sub("", _FENCE.sub("", source))
    text = _TAG.sub("", re.sub(r"\]\([^)]*\)", "]", text))
    return sum(1 for word in text.split() if any(letter.isalnum() for letter in word))


def anchors(source: str) -> set[str]:
    """Return the anchors that a page offers: those written in HTML, and GitHub's of its headings."""
    return set(_ANCHOR.findall(source)) | {slug(heading.text) for heading in headings(source)}


class Page(HTMLParser):
    """The links, pictures' alternative texts, figures and tables of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.alts: list[str] = []
        self.figures = 0
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
        elif tag == "figure":
            self.figures += 1
        elif tag == "table":
            self.tables += 1
