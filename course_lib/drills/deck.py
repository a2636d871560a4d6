"""A code book with the lists that drills draw from, each read once."""

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from course_lib.codes.book import Code, CodeBook
from course_lib.codes.checks.refs import means
from course_lib.codes.cpt import CptTable
from course_lib.codes.cpt import load as load_cpt
from course_lib.codes.notes import Note

T = TypeVar("T")

_REMEMBERED = 500


class Deck:
    """One code book, and what is read from it for drills.

    It holds its lists itself, so two decks of two editions never mix.

    Parameters
    ----------
    book : CodeBook
        The edition that every key holds for.
    """

    def __init__(self, book: CodeBook) -> None:
        self.book = book
        self._kept: dict[str, Any] = {}
        self._notes: dict[str, list[Note]] = {}

    def kept(self, name: str, read: Callable[[], T]) -> T:
        """Return what `read` returned the first time that `name` was asked for."""
        if name not in self._kept:
            self._kept[name] = read()
        value: T = self._kept[name]
        return value

    def names(self, where: str) -> list[str]:
        """Return the codes that fulfil a condition of the ``node`` table, in the order of the book."""
        query = f"SELECT code FROM node WHERE {where} ORDER BY row"  # noqa: S608 - conditions are ours
        return self.kept(query, lambda: [code for (code,) in self.book.connection.execute(query)])

    def draw(self, rng: Random, where: str) -> Code:
        """Return a random code that fulfils a condition of the ``node`` table."""
        return self.book[rng.choice(self.names(where))]

    def leaf(self, rng: Random, low: int, high: int) -> Code | None:
        """Return a random billable code between two rows of the book, or None."""
        start = rng.randint(low, high)
        for first, last in ((start, high), (low, start)):
            found = self.book.connection.execute(
                "SELECT code FROM node WHERE row BETWEEN ? AND ? AND billable ORDER BY row LIMIT 1",
                (first, last),
            ).fetchone()
            if found:
                return self.book[found[0]]
        return None

    def near(self, code: Code, where: str, limit: int) -> list[Code]:
        """Return the nearest codes before and after `code` that fulfil a condition, up to `limit` a side."""
        found: list[Code] = []
        for side, order in (("<", "DESC"), (">", "ASC")):
            rows = self.book.connection.execute(
                f"SELECT code FROM node WHERE row {side} ? AND level > 1 AND ({where}) "  # noqa: S608
                f"ORDER BY row {order} LIMIT ?",
                (code.row, limit),
            )
            found += [self.book[name] for (name,) in rows]
        return found

    def notes(self, code: Code) -> list[Note]:
        """Return the notes that hold for `code`; the last few hundred codes are remembered."""
        if code.code not in self._notes:
            if len(self._notes) >= _REMEMBERED:
                self._notes.clear()
            self._notes[code.code] = code.notes
        return self._notes[code.code]

    def naming(self, one: Code, other: Code, *kinds: str) -> Note | None:
        """Return the nearest note of these kinds that holds for `one` and names `other`, or None."""
        return next((n for n in self.notes(one) if n.kind in kinds and means(n, other)), None)

    @property
    def cpt(self) -> CptTable:
        """The course's sample of procedure codes."""
        return self.kept("cpt", load_cpt)

    def tabular(self, where: str) -> str:
        """Return a source in the Tabular List, for example ``Excludes1 at J44``."""
        return f"ICD-10-CM Tabular List, {self.book.release}, {where}"
