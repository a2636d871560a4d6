"""The code explorer: what it shows, as plain data, and the same in plain text.

`show` is the widget; `find` and `look` are its text twins. `search`, `children`, `card`
and `unfold` build the messages that the browser gets. They are pure: a code book in,
a dict of strings, numbers and lists out.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

from course_lib.codes import icd10cm
from course_lib.codes.book import Code, CodeBook, plain
from course_lib.codes.near import advice
from course_lib.codes.notes import Note, Ref
from course_lib.labels import t

if TYPE_CHECKING:
    from course_lib.widgets.explorer import CodeExplorer

Payload: TypeAlias = dict[str, Any]

PAGE = 20
"""Search results in one message."""

# The headings of the note kinds, in the order of the official tabular list. The words in
# brackets are those of the guidelines, I.A.12.a and I.A.12.b.
HEADINGS = {
    "includes": "Includes",
    "inclusion term": "Inclusion terms",
    "code first": "Code first",
    "use additional code": "Use additional code",
    "code also": "Code also",
    "excludes1": "Excludes1 (not coded here)",
    "excludes2": "Excludes2 (not included here)",
    "7th character": "7th character",
    "note": "Note",
}


def show(code: str | None = None, query: str | None = None, edition: str | None = None) -> "CodeExplorer":
    """Return the explorer as a widget; make it the last line of a cell.

    Parameters
    ----------
    code : str, optional
        The code whose card is open at first.
    query : str, optional
        What is in the search box at first.
    edition : str, optional
        See `icd10cm.load`. Default: the newest.

    Raises
    ------
    UnknownCodeError
        When the edition does not have `code`.

    Examples
    --------
    >>> explorer.show()                           # doctest: +SKIP
    >>> explorer.show("E11.22")                   # doctest: +SKIP
    >>> explorer.show(query="heart attack")       # doctest: +SKIP
    """
    from course_lib.widgets.explorer import CodeExplorer

    return CodeExplorer(icd10cm.load(edition), code=code, query=query or "")


def find(words: str, edition: str | None = None) -> None:
    """Print the codes that fit `words`, best first, and why: the text twin of the search box."""
    book = icd10cm.load(edition)
    found = search(book, words)
    print(found["summary"])
    for row in found["rows"]:
        print(f"{row['name']:<9} {row['title']} [{row['tag']}]\n          why: {row['why']}")
    print(book.label)


def look(code: str, edition: str | None = None) -> None:
    """Print the card of a code: path, state, notes with where they stand, 7th characters, neighbors.

    Raises
    ------
    UnknownCodeError
        When the edition does not have `code`; the message names near misses.
    """
    print("\n".join(card_lines(card(icd10cm.load(edition), code))))


def search(book: CodeBook, query: str, start: int = 0) -> Payload:
    """Return one page of what fits `query`.

    Parameters
    ----------
    start : int
        How many results came before this page.

    Returns
    -------
    dict
        ``query``, ``summary`` (one sentence), ``rows`` (as in `children`, with ``why``),
        ``start`` and ``more``, whether there is another page.
    """
    hits = book.search(query, limit=start + PAGE + 1) if query.strip() else []
    page = hits[start : start + PAGE]
    rows = [{**_row(book[hit.code]), "why": hit.why} for hit in page]
    more = len(hits) > start + PAGE
    return {"query": query, "summary": _summary(book, query, start + len(rows), more),
            "rows": rows, "start": start, "more": more}  # fmt: skip


def children(book: CodeBook, code: str | None = None) -> Payload:
    """Return the rows one level below `code`, or the chapters.

    Returns
    -------
    dict
        ``code`` and ``rows``. A row has ``code``, ``name`` (what to call it), ``title``,
        ``tag`` ("billable" or what else it is), ``billable`` and ``leaf``.
    """
    below = book.chapters() if code is None else book.children(code)
    return {"code": code or "", "rows": [_row(node) for node in below]}


def unfold(book: CodeBook, code: str) -> list[Payload]:
    """Return the levels of the tree that have to be open to see `code`, chapters first."""
    above = list(reversed(book.ancestors(code)))
    return [children(book), *(children(book, node.code) for node in above)]


def card(book: CodeBook, code: str) -> Payload:
    """Return all that is known about one entry of the book.

    Returns
    -------
    dict
        The row of `children`, and ``state`` (one sentence), ``edition``, ``path`` (rows
        from the chapter down), ``notes`` (by kind, each with the places where they
        stand), ``seventh``, ``below`` and ``neighbours`` (rows), and ``snippet`` (pandas).

    Raises
    ------
    UnknownCodeError
        When the book does not have `code`.
    """
    node = book[code]
    beside = book.children(node.parent) if node.parent else book.chapters()
    seventh = _seventh(book, node)
    return {
        **_row(node),
        "state": _state(node),
        "edition": book.label,
        "path": [_row(above) for above in reversed(book.ancestors(node.code))],
        "notes": _notes(book, node),
        "seventh": seventh,
        # The table of 7th characters has these codes already.
        "below": [] if any(s["code"] for s in seventh) else children(book, node.code)["rows"],
        "neighbours": [_row(other) for other in beside],
        "snippet": _snippet(node),
    }


def card_lines(card: Payload) -> list[str]:
    """Return a card as lines of plain text."""
    lines = [f"{card['name']}  {card['title']}", card["state"]]
    lines += [f"{'  ' * n}{row['name']} {row['title']}" for n, row in enumerate(card["path"])]
    for group in card["notes"]:
        for place in group["places"]:
            lines.append(f"{group['heading']}, {t('explorer.at')} {place['name']}:")
            lines += [
                f"{'    ' if item['indent'] else '  '}{''.join(span[1] for span in item['spans'])}"
                for item in place["items"]
            ]
    for title, rows in ((t("explorer.below"), card["below"]), (t("explorer.neighbours"), card["neighbours"])):
        if len(rows) > (rows is card["neighbours"]):
            lines.append(f"{title}:")
            lines += [f"  {row['name']} {row['title']} [{row['tag']}]" for row in rows]
    if card["seventh"]:
        lines.append(f"{t('explorer.sevenths')}:")
        lines += [f"  {s['char']} {s['meaning']} {s['code'] or ''}".rstrip() for s in card["seventh"]]
    return [
        *lines,
        t("explorer.as-pandas"),
        *(f"  {line}" for line in card["snippet"].splitlines()),
        card["edition"],
    ]


def _row(node: Code) -> Payload:
    return {
        "code": node.code,
        "name": _name(node),
        "title": node.title,
        "tag": _tag(node),
        "billable": node.billable,
        "leaf": node.row == node.last,
    }


def _name(node: Code) -> str:
    return t("explorer.chapter", code=node.code) if node.kind == "chapter" else node.code


def _tag(node: Code) -> str:
    if node.billable:
        return t("explorer.billable")
    return t("explorer.needs-seventh") if node.kind == "code" else t(f"explorer.kind.{node.kind}")


def _state(node: Code) -> str:
    """Return in one sentence whether the entry may stand on a claim."""
    if node.billable:
        return t("explorer.is-billable")
    if node.kind == "code":
        return t("explorer.not-complete")
    kind = t(f"explorer.kind.{node.kind}")
    return t("explorer.no-code", kind=kind) if node.level < 2 else t("explorer.is-header", kind=kind)


def _summary(book: CodeBook, query: str, shown: int, more: bool) -> str:
    if not query.strip():
        return ""
    if not shown:
        why = advice(book, query)
        why = why if "Did you mean" in why else t("explorer.other-words")
        return t("explorer.none", query=repr(query), why=why)
    if more:
        return t("explorer.first", n=shown, query=repr(query))
    return t("explorer.found", n=shown, query=repr(query))


def _notes(book: CodeBook, node: Code) -> list[Payload]:
    """Return the notes that hold for a node: by kind, then by the place where they stand."""
    grouped: dict[str, dict[str, list[Note]]] = {kind: {} for kind in HEADINGS}
    for note in book.notes(node.code):
        if note.kind != "7th character":  # those are a table of their own
            grouped.setdefault(note.kind, {}).setdefault(note.origin, []).append(note)
    return [
        {
            "heading": HEADINGS.get(kind, kind.capitalize()),
            "places": [
                {**_row(book[origin]), "own": origin == node.code, "items": _items(book, notes)}
                for origin, notes in places.items()
            ],
        }
        for kind, places in grouped.items()
        if places
    ]


def _items(book: CodeBook, notes: list[Note]) -> list[Payload]:
    """Return the notes of one kind and place; one of a list is set in below the line that leads it."""
    printed = {note.text for note in notes}
    return [
        {
            "indent": note.lead in printed,
            "spans": ([["text", f"{note.lead} "]] if note.lead and note.lead not in printed else [])
            + _spans(book, note),
        }
        for note in notes
    ]


def _spans(book: CodeBook, note: Note) -> list[list[str]]:
    """Return a note as spans, ``["text", words]`` or ``["ref", words, code to open]``."""
    spans: list[list[str]] = []
    at = 0
    for ref in note.refs:
        printed = ref.text if ref.text in note.text[at:] else ref.text.split(" ")[0]
        begin = note.text.find(printed, at)
        if begin < 0:
            continue  # an item of a list whose codes are printed in its lead
        if begin > at:
            spans.append(["text", note.text[at:begin]])
        at = begin + len(printed)
        spans.append(["ref", printed, _target(book, ref)])
    if at < len(note.text):
        spans.append(["text", note.text[at:]])
    return spans


def _target(book: CodeBook, ref: Ref) -> str:
    """Return the block of a range where one holds all of it, else the first code of the range."""
    block = book.get(f"{ref.first}-{ref.last}") if ref.first != ref.last else None
    # A block of blocks (C00-C96) has no code of its own below it in the official file.
    return block.code if block and block.last >= ref.span[1] else ref.first


def _seventh(book: CodeBook, node: Code) -> list[Payload]:
    """Return the 7th characters, each with the code that it makes, where it makes one."""
    made: dict[str, str] = {}
    if node.kind == "code":
        # T16.1 is filled up with the placeholder X: T16.1XXA.
        stem = plain(node.code).ljust(6, "X")[:6]
        made = {char: code.code for char in node.seventh if (code := book.get(stem + char))}
    return [
        {"char": char, "meaning": meaning, "code": made.get(char)} for char, meaning in node.seventh.items()
    ]


def _snippet(node: Code) -> str:
    """Return the lines of pandas that select the entry and what is below it."""
    if node.level < 2:
        chosen = f'frame["{node.kind}"] == "{node.code}"'
    elif node.row == node.last:
        chosen = f'frame["code"] == "{node.code}"'
    else:
        chosen = f'frame["code"].str.startswith("{node.code}")'
    return (
        f'from course_lib import icd10cm\nframe = icd10cm.load("{node.edition}").to_frame()\nframe[{chosen}]'
    )
