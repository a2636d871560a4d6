"""The code explorer as a widget: the browser asks for one level, one page or one card at a time.

A request is ``{"id", "ask", "value", "start"}``; its answer has the same id, so that the
browser can drop one that it no longer waits for. `course_lib.explorer` builds the answers.
"""

from html import escape
from typing import Any

import anywidget
import traitlets

from course_lib import explorer
from course_lib.codes.book import CodeBook
from course_lib.errors import CourseError
from course_lib.labels import english, lang, t
from course_lib.widgets._assets import script, style


class CodeExplorer(anywidget.AnyWidget):
    """A search box, a tree over the whole book and the card of one code.

    Made by `course_lib.explorer.show`.

    Parameters
    ----------
    book : CodeBook
        The edition to look into.
    code : str, optional
        The code whose card is open at first.
    query : str
        What is in the search box at first.
    """

    _esm = property(lambda self: script("explorer.js"))
    _css = style("explorer.css")

    start = traitlets.Dict().tag(sync=True)

    def __init__(self, book: CodeBook, *, code: str | None = None, query: str = "") -> None:
        self._book, self._code = book, code
        start = {
            "edition": book.label,
            "count": len(book),
            "chapters": explorer.children(book)["rows"],
            "opened": _opened(book, code) if code else None,
            "found": explorer.search(book, query) if query.strip() else None,
        }
        super().__init__(start=start)
        self.on_msg(self._receive)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one request of the browser; a problem is one, too."""
        value, start = str(request.get("value", "")), int(request.get("start", 0))
        try:
            match request.get("ask"):
                case "search":
                    found: Any = explorer.search(self._book, value, max(start, 0))
                case "children":
                    found = explorer.children(self._book, value)
                case "open":
                    found = _opened(self._book, value)
                case other:
                    raise CourseError(f"the explorer cannot {other!r}.", remedy="Run this cell again.")
        except CourseError as why:
            return {"id": request.get("id"), "problem": str(why)}
        return {"id": request.get("id"), "found": found}

    def _receive(self, widget: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, dict):
            self.send(self.answer(content))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        twin = f'explorer.look("{self._code}")' if self._code else 'explorer.find("heart attack")'
        line = t("explorer.plain", twin=twin)
        return {**data, "text/plain": line, "text/html": _static(self._book, self._code, line)}, metadata


def _opened(book: CodeBook, code: str) -> dict[str, Any]:
    return {"card": explorer.card(book, code), "levels": explorer.unfold(book, code)}


def _static(book: CodeBook, code: str | None, line: str) -> str:
    """Return what is read without a kernel: the chapters, and the card of a code as text."""
    shown = ""
    if code:
        text = escape("\n".join(explorer.card_lines(explorer.card(book, code))))
        named = t("explorer.the-card", code=escape(code))
        shown = f"<details><summary>{named}</summary><pre>{text}</pre></details>"
    head = "".join(f'<th scope="col">{t(key)}</th>' for key in ("explorer.chapters", "explorer.titles"))
    rows = "".join(
        f'<tr><th scope="row">{escape(c.code)}</th><td>{english(escape(c.title))}</td></tr>'
        for c in book.chapters()
    )
    return (
        f"<div{lang()}><p><strong>{escape(line)}</strong></p>{shown}<table>"
        f"<caption>{escape(book.label)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
