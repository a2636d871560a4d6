"""The code book: every node of one ICD-10-CM edition, read from its SQLite file on demand."""

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from course_lib.codes.notes import Note, Ref
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

    from course_lib.codes.check import Finding
    from course_lib.codes.search import Hit

T = TypeVar("T")

_NODE = (
    "SELECT row, code, title, kind, billable, level, chapter, block, category, "
    "(SELECT p.code FROM node p WHERE p.row = node.parent), last, seventh FROM node "
)
# A node and everything above it. Walking the parents is a thousand times quicker than
# asking which rows enclose this one.
_CHAIN = (
    "WITH RECURSIVE chain(row, parent) AS (SELECT row, parent FROM node WHERE row = ? "
    "UNION ALL SELECT n.row, n.parent FROM node n JOIN chain ON n.row = chain.parent) "
)
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}


class UnknownCodeError(CourseError, KeyError):
    """A name that is no chapter, block or code of the edition; the message has near misses."""


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """One node of the code book: a chapter, block, category, subcategory or code.

    Attributes
    ----------
    code, title : str
        ``"E11.22"`` and its title. A chapter's code is its number, a block's its range.
    kind : str
        ``chapter``, ``block``, ``category`` (every three-character entry),
        ``subcategory`` or ``code`` (the final level, as guideline I.A.2 has it: it may
        still need a 7th character, so ask `billable`, not `kind`).
    billable : bool
        Whether it may stand on a claim: it is final and lacks no 7th character.
    level : int
        Depth in the tree; 0 for a chapter.
    chapter, block, category, parent : str or None
        Codes of the nodes above; None where there is none.
    row, last : int
        Its place in the order of the book, and that of its last descendant.
    definer : int or None
        The row that defines its 7th characters.
    """

    code: str
    title: str
    kind: str
    billable: bool
    level: int
    chapter: str
    block: str | None
    category: str | None
    parent: str | None
    row: int
    last: int
    definer: int | None
    book: "CodeBook" = field(compare=False)

    def __repr__(self) -> str:
        return (
            f"Code({self.code!r}, {self.title!r}, kind={self.kind!r}, billable={self.billable}, "
            f"edition={self.edition!r})"
        )

    @property
    def edition(self) -> str:
        """First day in force of the edition that it comes from."""
        return self.book.edition

    @property
    def children(self) -> tuple[str, ...]:
        """Codes one level below, in the order of the book."""
        return tuple(c.code for c in self.book.children(self.code))

    @property
    def ancestors(self) -> tuple[str, ...]:
        """Codes above, nearest first."""
        return tuple(c.code for c in self.book.ancestors(self.code))

    @property
    def seventh(self) -> dict[str, str]:
        """7th characters that apply here and what each means; empty where none does.

        They are inherited: S52 defines them for all fractures of the forearm. A code
        lists only those that exist for it (S06.1X7 takes no D).
        """
        return self.book._seventh(self)

    @property
    def notes(self) -> list[Note]:
        """Its notes and those of its ancestors; see `CodeBook.notes`."""
        return self.book.notes(self.code)


class CodeBook:
    """One edition of ICD-10-CM. Get it from `icd10cm.load`.

    ``book["E11.22"]`` takes a code with or without its dot, in any case, and raises
    `UnknownCodeError` (a `KeyError`) that names near misses. ``len`` and ``iter`` take in
    all nodes: chapters, blocks and codes, each name once. Where the official file gives
    a block the name of its only category (B20, Z66), ``book["B20"]`` is the category and
    ``book["B20-B20"]`` the block.

    Attributes
    ----------
    edition : str
        First day in force, ``"2026-04-01"``.
    release : str
        ``"FY2026, April 2026 release"``.
    effective : tuple of date
        First and last day of service for which this edition decides.
    path : Path
        The SQLite file; `course_lib.codes.build` has its schema.
    """

    _frames: ClassVar[dict[tuple[str, int], "pd.DataFrame"]] = {}  # the last one made, by file and time

    def __init__(
        self, path: Path, *, end: date | None = None, rebuild: Callable[[], None] | None = None
    ) -> None:
        self.path = path
        self._rebuild = rebuild
        # One read-only connection a thread, and none across a fork.
        self._connections: dict[tuple[int, int], sqlite3.Connection] = {}
        weakref.finalize(self, _close, self._connections)
        self.meta: dict[str, str] = dict(self.connection.execute("SELECT key, value FROM meta"))
        self.edition = self.meta["edition"]
        self.release = self.meta["release"]
        self.effective = (
            date.fromisoformat(self.meta["effective_from"]),
            # A later edition ends this one earlier than its own file knew.
            end or date.fromisoformat(self.meta["effective_to"]),
        )

    def __repr__(self) -> str:
        return f"<CodeBook {self.label}: {int(self.meta['billable']):,} billable codes>"

    def __reduce__(self) -> tuple[Any, ...]:
        from course_lib.codes.icd10cm import load

        return load, (self.edition,)

    @property
    def label(self) -> str:
        """The edition in words, to be shown beside codes."""
        start, end = self.effective
        return f"ICD-10-CM {self.release}, in force {start} to {end}" + (
            "" if self.has_notes else ", no notes"
        )

    @property
    def connection(self) -> sqlite3.Connection:
        """The read-only connection of this thread to the SQLite file."""
        key = os.getpid(), threading.get_ident()
        if key not in self._connections:
            self._connections[key] = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        return self._connections[key]

    @property
    def has_notes(self) -> bool:
        """Whether it has its notes; an edition made from an order file has none."""
        return self.meta["has_notes"] == "1"

    def stale_on(self, day: date | str) -> bool:
        """Return whether another edition decides for services on `day`."""
        when = date.fromisoformat(day) if isinstance(day, str) else day
        return not self.effective[0] <= when <= self.effective[1]

    def __len__(self) -> int:
        return int(self.meta["nodes"])

    def __iter__(self) -> Iterator[str]:
        return (code for (code,) in self._rows("SELECT code FROM node ORDER BY row"))

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and bool(self._rows("SELECT 1 FROM node WHERE plain = ?", plain(code)))

    def __getitem__(self, code: str) -> Code:
        if found := self.get(code):
            return found
        from course_lib.codes.near import advice

        text = str(code)
        raise UnknownCodeError(f"{text[:40]!r} is not in {self.label}.", remedy=advice(self, text))

    def get(self, code: str) -> Code | None:
        """Return the node of that name, or None."""
        found = self._codes("WHERE plain = ?", plain(code)) if isinstance(code, str) else []
        return found[0] if found else None

    def chapters(self) -> list[Code]:
        """Return the chapters, in order."""
        return self._codes("WHERE level = 0 ORDER BY row")

    def blocks(self, chapter: str | None = None) -> list[Code]:
        """Return the blocks of one chapter, or all."""
        blocks = self._codes("WHERE kind = 'block' ORDER BY row")
        return [b for b in blocks if chapter in (None, b.chapter)]

    def billable(self) -> Iterator[Code]:
        """Yield each code that may stand on a claim, in the order of the book."""
        return iter(self._codes("WHERE billable ORDER BY row"))

    def children(self, code: str) -> list[Code]:
        """Return the nodes one level below `code`."""
        return self._codes("WHERE parent = ? ORDER BY row", self[code].row)

    def ancestors(self, code: str) -> list[Code]:
        """Return the nodes above `code`, nearest first."""
        row = self[code].row
        above = "WHERE row IN (SELECT parent FROM chain) ORDER BY row DESC"
        return list(self._made(f"{_CHAIN} {_NODE} {above}", row))

    def descendants(self, code: str) -> list[Code]:
        """Return every node below `code`, in the order of the book."""
        node = self[code]
        return self._codes("WHERE row > ? AND row <= ? ORDER BY row", node.row, node.last)

    def leaves(self, code: str) -> list[Code]:
        """Return the billable codes at or below `code`."""
        node = self[code]
        return self._codes("WHERE row >= ? AND row <= ? AND billable ORDER BY row", node.row, node.last)

    def notes(self, code: str) -> list[Note]:
        """Return the notes that hold for `code`: its own first, then each ancestor's, up to the chapter.

        A note at a category or block holds for all codes below it, so a code is read
        with all of them.
        """
        return self._notes(
            _CHAIN, "note.row IN (SELECT row FROM chain) ORDER BY note.row DESC", self[code].row
        )

    def every_note(self) -> list[Note]:
        """Return each note of the book once, in order."""
        return self._notes("", "true ORDER BY note.row")

    def unread_notes(self) -> list[Note]:
        """Return the notes that name codes in words no rule reads; `Note.unread` says why.

        `check` cannot apply them, so a coder has to.
        """
        return self._notes("", "unread <> '' ORDER BY note.row")

    def search(self, query: str, limit: int = 10) -> "list[Hit]":
        """Return the codes that fit words, best first; see `course_lib.codes.search`."""
        from course_lib.codes import search

        return self._mended(lambda: search.search(self, query, limit))

    def check(
        self,
        codes: Iterable[str],
        *,
        on: date | str | None = None,
        setting: str = "outpatient",
        age: float | None = None,
        sex: str | None = None,
    ) -> "list[Finding]":
        """Return what is wrong with a list of codes; see `course_lib.codes.check`."""
        from course_lib.codes import check

        return check.check(self, list(codes), on=on, setting=setting, age=age, sex=sex)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a node, in the order of the book.

        Columns: code, title, kind, level, chapter, block, category, parent, billable,
        length. ``length`` counts characters without the dot, and is 0 for chapters and
        blocks. ``frame.attrs["edition"]`` is the edition.
        """
        # Nearly 100,000 rows take a third of a second to make and a hundredth to copy.
        key = str(self.path), self.path.stat().st_mtime_ns
        if key not in CodeBook._frames:
            CodeBook._frames = {key: self._frame()}
        return CodeBook._frames[key].copy()

    def _frame(self) -> "pd.DataFrame":
        import pandas as pd

        rows = self._rows(
            "SELECT code, title, kind, level, chapter, block, category, "
            "(SELECT p.code FROM node p WHERE p.row = node.parent), billable, "
            "CASE WHEN level < 2 THEN 0 ELSE length(plain) END FROM node ORDER BY row"
        )
        columns = ["code", "title", "kind", "level", "chapter", "block", "category", "parent"]
        frame = pd.DataFrame(rows, columns=[*columns, "billable", "length"]).astype({"billable": bool})
        frame.attrs["edition"] = self.edition
        return frame

    def _seventh(self, code: Code) -> dict[str, str]:
        if code.definer is None:
            return {}
        rows = self._rows("SELECT char, meaning FROM seventh WHERE row = ? ORDER BY char", code.definer)
        if code.kind == "subcategory" or code.level < 2:
            return dict(rows)
        # A final code, or one of the codes made from it: what exists is what applies.
        made = self._rows(
            "SELECT plain FROM node WHERE parent = ? AND length(plain) = 7",
            self[code.parent].row if code.parent and len(plain(code.code)) == 7 else code.row,
        )
        return {char: meaning for char, meaning in rows if any(p[6] == char for (p,) in made)} or (
            {} if code.billable else dict(rows)
        )

    def _notes(self, start: str, where: str, *values: object) -> list[Note]:
        source = "FROM note JOIN node ON node.row = note.row "
        rows = self._rows(
            f"{start} SELECT note.id, note.kind, note.text, node.code, lead, unread {source} "
            f"WHERE {where}, note.id",
            *values,
        )
        refs: dict[int, list[Ref]] = {}
        for note, text, first, last, low, high, pattern in self._rows(
            f"{start} SELECT ref.note, ref.text, first, ref.last, low, high, pattern {source} "
            f"JOIN ref ON ref.note = note.id WHERE {where}, note.id, seq",
            *values,
        ):
            refs.setdefault(note, []).append(Ref(text, first, last, (low, high), pattern))
        return [
            Note(kind, text, origin, lead, tuple(refs.get(note, ())), unread)
            for note, kind, text, origin, lead, unread in rows
        ]

    def _codes(self, where: str, *values: object) -> list[Code]:
        return list(self._made(_NODE + where, *values))

    def _made(self, query: str, *values: object) -> Iterator[Code]:
        for row, code, title, kind, billable, level, *above, last, definer in self._rows(query, *values):
            chapter, block, category, parent = above
            yield Code(
                code, title, kind, bool(billable), level, chapter, block, category, parent,
                row, last, definer, self,
            )  # fmt: skip

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._mended(lambda: self.connection.execute(query, values).fetchall())

    def _mended(self, read: Callable[[], T]) -> T:
        """Return what `read` returns; a damaged file is built anew once, and read again."""
        try:
            return read()
        except sqlite3.DatabaseError as why:
            # The low byte is the primary code; a wrong query is no reason to rebuild.
            code = getattr(why, "sqlite_errorcode", 0) & 0xFF
            if self._rebuild is None or code not in _DAMAGED:
                raise
            self._rebuild()
            self._connections.clear()
            return read()


def _close(connections: dict[tuple[int, int], sqlite3.Connection]) -> None:
    for (process, _), connection in list(connections.items()):
        if process == os.getpid():
            connection.close()
    connections.clear()


def plain(code: str) -> str:
    """Return a code as the book keys it: upper case, no dot, no trailing dash of a note.

    A dot in the wrong place stays, so that such a code is not found.
    """
    text = code.strip().upper().rstrip("-").removesuffix(".")
    return text[:3] + text[4:] if text[3:4] == "." else text
