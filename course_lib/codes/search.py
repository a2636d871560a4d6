"""Search the code book with the words that people use: ``book.search("t2dm with ckd")``.

The index has an entry for each printed line of the book, not for its 7th-character codes:
those are chosen at the end from the words of the visit (initial, subsequent, open,
sequela). SQLite's FTS5 finds entries that have the words; `course_lib.codes.ranking`
puts them in order. Entries are numbered plain ones first, so that a query for common
words can stop early and still have the likeliest entries.

Tables, written by `build_index`::

    search_entry(id INTEGER PRIMARY KEY,  -- plain and short first
                 row INTEGER, code TEXT, title TEXT, usable INTEGER,  -- 1: billable, 2: with a 7th character
                 chapter TEXT, names TEXT, above TEXT)   -- stems; a name a line, the title first
    search_text                           -- FTS5 over names and above, by the same id
    search_word(word TEXT, stem TEXT, n INTEGER)        -- the vocabulary
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course_lib import datasets
from course_lib.codes import words
from course_lib.codes.query import Reader, Reading
from course_lib.codes.ranking import FREE, Entry, Fit, Judge, Scale
from course_lib.codes.spelling import counted
from course_lib.codes.thesaurus import Thesaurus
from course_lib.errors import CourseError

if TYPE_CHECKING:
    from course_lib.codes.book import CodeBook

_MOST_ENTRIES = 40  # read per look-up; the rest are longer titles with the same words
_SAME_CATEGORY = 4  # of ten hits, so that other readings of the query are seen too
_CODE = re.compile(r"[a-z]\d[0-9a-z](?:\.?[0-9a-z]{0,4})", re.IGNORECASE)
_USUAL = frozenset(map(words.stem, ("routine", "healing")))  # 7th-character words that need no naming
_LATE = {"15", "16", "17", "20", "21"}  # chapters that need naming


@dataclass(frozen=True, slots=True)
class Hit:
    """One found code: `score` orders the hits of one query, `why` says in words what matched."""

    code: str
    title: str
    score: float
    why: str
    billable: bool


def build_index(conn: sqlite3.Connection) -> None:
    """Add the search tables to an edition's file (schema: the module's docstring).

    Raises
    ------
    CourseError
        When this Python's SQLite has no full-text search.
    """
    try:
        conn.execute("CREATE VIRTUAL TABLE search_text USING fts5(body, content='', detail=none)")
    except sqlite3.OperationalError as why:
        raise CourseError(
            f"this Python's SQLite has no full-text search, FTS5 ({why}).",
            remedy="Use a Python with FTS5, such as those of python.org, conda-forge or Debian.",
        ) from None
    conn.execute(
        "CREATE TABLE search_entry(id INTEGER PRIMARY KEY, row INTEGER, code TEXT, title TEXT, "
        "usable INTEGER, chapter TEXT, names TEXT, above TEXT)"
    )
    conn.execute("CREATE TABLE search_word(word TEXT PRIMARY KEY, stem TEXT, n INTEGER) WITHOUT ROWID")
    found = sorted(_entries(conn), key=lambda e: e[:2])
    conn.execute("CREATE TEMP TABLE entry(id INTEGER PRIMARY KEY, row INTEGER, names TEXT, above TEXT)")
    conn.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?)",
        ((n, row, "\n".join(names), above) for n, (_, row, names, above, _) in enumerate(found, 1)),
    )
    conn.execute(
        "INSERT INTO search_entry SELECT id, row, code, title, CASE WHEN row IN "
        "(SELECT p.row FROM node p JOIN node k ON k.parent = p.row AND k.line = p.line) "
        "THEN 2 ELSE billable END, chapter, names, above FROM entry JOIN node USING (row)"
    )
    conn.execute(
        "INSERT INTO search_text(rowid, body) "
        "SELECT id, replace(names, char(10), ' ') || ' ' || above FROM entry"
    )
    conn.execute("DROP TABLE entry")
    vocabulary = Counter(word for *_, spoken in found for word in spoken)
    conn.execute("CREATE INDEX search_entry_code ON search_entry(code)")
    conn.execute("INSERT INTO search_text(search_text) VALUES ('optimize')")
    conn.executemany(
        "INSERT INTO search_word VALUES (?, ?, ?)",
        ((w, words.stem(w), n) for w, n in sorted(vocabulary.items())),
    )


def _entries(conn: sqlite3.Connection) -> Iterable[tuple[int, int, list[str], str, set[str]]]:
    """Yield (length, row, names, above, words) of each printed entry from the category down."""
    said: dict[int, list[str]] = {}
    for row, text in conn.execute(
        "SELECT row, text FROM note WHERE kind IN ('inclusion term', 'includes') ORDER BY id"
    ):
        said.setdefault(row, []).append(text)
    meanings = dict(conn.execute("SELECT row, group_concat(meaning, ', ') FROM seventh GROUP BY row"))
    sevenths = {row: frozenset(words.stems(text.replace("-", " "))) for row, text in meanings.items()}
    said_seventh = {row: frozenset(words.tokens(text)) for row, text in meanings.items()}
    below: dict[int, frozenset[str]] = {}  # stems that an entry hands down
    lines: dict[int, int] = {}
    for row, title, kind, parent, chapter, seventh, line in conn.execute(
        "SELECT row, title, kind, parent, chapter, seventh, line FROM node ORDER BY row"
    ):
        lines[row] = line
        if kind in ("chapter", "block") or lines[parent] == line:
            continue
        own = [title, *said.get(row, ())]
        names = [words.stems(text) for text in own]
        handed = below.get(parent, frozenset())
        below[row] = handed.union(part for name in names for root in name for part in root.split(words.JOINT))
        halves = {p for text in own if "-" in text for found in words.parts(text).values() for p in found}
        above = handed | sevenths.get(seventh, frozenset())
        spoken = halves.union(*map(words.tokens, own), said_seventh.get(seventh, ()))
        length = min(sum(root not in FREE for root in name) for name in names) + (
            2 if chapter in _LATE else 0
        )
        yield length, row, [" ".join(n) for n in names], " ".join(sorted(above)), spoken - words.STOP - {","}


def search(book: "CodeBook", query: str, limit: int = 10) -> list[Hit]:
    """Return the codes of `book` that fit `query` best, at most `limit`.

    Parameters
    ----------
    book : CodeBook
        The edition to search.
    query : str
        Words, abbreviations, misspelled or cut words, or a code: ``"fx distal radius rt
        initial"``, ``"hart attack"``, ``"e11.2"``. Any text is allowed; an empty one
        finds nothing.
    limit : int
        How many hits at most.
    """
    searcher = getattr(book, "_searcher", None)
    if searcher is None:
        searcher = Searcher(lambda: book.connection)
        vars(book)["_searcher"] = searcher
    return searcher.search(query, limit)


class Searcher:
    """The search over one edition's file; it holds the vocabulary, read once.

    Parameters
    ----------
    connect : callable
        Returns the connection of the calling thread.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        vocabulary = self._rows("SELECT word, stem, n FROM search_word")
        (total,) = self._rows("SELECT count(*) FROM search_entry")[0]
        thesaurus = Thesaurus(
            datasets.path("codes/lay_synonyms.csv"), datasets.path("codes/abbreviations.csv")
        )
        counts = counted((stem, n) for _, stem, n in vocabulary)
        self._reader = Reader(thesaurus, {word: n for word, _, n in vocabulary}, counts, total)
        self._scale = Scale(lambda root: self._reader.weight([root]))

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connect().execute(query, values).fetchall()

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """See `course_lib.codes.search.search`."""
        if limit < 1:
            return []
        coded = self._by_code(query, limit)
        if coded and len(query.split()) == 1:
            return coded
        readings = self._reader.read(query)
        fits = self._fits(readings)
        # A lone word may be one that is still being typed: wheel(chair).
        if not any(f.complete for f in fits) or all(len(r.groups) == 1 for r in readings):
            wider = self._fits([self._reader.widen(r) for r in readings])
            fits = _merge(fits, wider)
        chosen = _varied(sorted(fits, key=lambda f: (-f.score, f.entry.row)), limit)
        hits = coded + [self._hit(f) for f in chosen]
        return list({h.code: h for h in reversed(hits)}.values())[::-1][:limit]

    def _by_code(self, query: str, limit: int) -> list[Hit]:
        """Return the entry that a code-like word names, and its neighbours."""
        found: list[Hit] = []
        for word in query.split()[:8]:
            typed = word.strip(".,;()-").upper()
            plain = typed.replace(".", "")
            if not _CODE.fullmatch(typed) and not (plain[:1].isalpha() and any(c.isdigit() for c in plain)):
                continue
            if len(plain) < 3 or len(plain) > 8 or not plain.isascii() or not plain.isalnum():
                continue
            found += self._neighbours(plain, limit)
        return found[:limit]

    def _neighbours(self, plain: str, limit: int) -> list[Hit]:
        columns = "row, code, title, billable, parent, last"
        node = None
        known = plain
        while node is None and len(known) >= 3:
            found = self._rows(f"SELECT {columns} FROM node WHERE plain = ?", known)  # noqa: S608
            node = found[0] if found else None
            known = known if node else known[:-1]
        if node is None:
            return []
        row, code, title, billable, parent, last = node
        exact = known == plain
        first = Hit(
            code,
            title,
            3.0 if exact else 2.5,
            "the code" if exact else f"nearest code to '{plain}'",
            bool(billable),
        )
        below = self._rows(
            "SELECT code, title, billable FROM node WHERE row > ? AND row <= ? ORDER BY level, row LIMIT ?",
            *(row, last, limit),
        )
        beside = self._rows(
            "SELECT code, title, billable FROM node WHERE parent = ? AND row != ? "
            "ORDER BY abs(row - ?) LIMIT ?",
            *(parent, row, row, limit),
        )
        hits = [Hit(c, t, 2.0, f"below {code}", bool(b)) for c, t, b in below]
        hits += [Hit(c, t, 1.5, f"beside {code}", bool(b)) for c, t, b in beside]
        return [first, *hits][:limit]

    def _fits(self, readings: list[Reading]) -> list[Fit]:
        """Return the fit of each candidate entry, the better one where two readings find it."""
        best: dict[int, Fit] = {}
        for reading in readings:
            judge = Judge(reading, self._scale)
            for entry in self._candidates(reading):
                found = judge.fit(entry)
                if entry.row not in best or found.score > best[entry.row].score:
                    best[entry.row] = found
        return list(best.values())

    def _candidates(self, reading: Reading) -> list[Entry]:
        """Return entries that have the words: all of them, or all but one, or only the rarest."""
        usable = [g for g in reading.groups if g.stems]
        needed = [_any_of(g.stems) for g in usable if not g.optional]
        every = [_any_of(g.stems) for g in usable]
        ids: dict[int, None] = {}
        if len(every) > len(needed):
            self._find(every, ids)
        if needed:
            self._find(needed, ids)
        if len(ids) < 12:
            ranked = sorted((g for g in usable if not g.optional), key=lambda g: g.weight)
            if ranked and not ids:  # the rarest word alone: the others may be beside the point
                self._find([_any_of(ranked[-1].stems)], ids, 20)
            for drop in ranked if len(ranked) > 1 else []:
                self._find([_any_of(g.stems) for g in ranked if g is not drop], ids)
            if len(ids) < 12 and len(ranked) > 2:
                for n, one in enumerate(ranked[-4:]):
                    for two in ranked[-4:][n + 1 :]:
                        self._find([_any_of(one.stems), _any_of(two.stems)], ids)
            for group in ranked[-2:] if len(ids) < 12 else []:
                self._find([_any_of(group.stems)], ids)
        if not ids and every:
            for one_text in every:
                self._find([one_text], ids)
        self._add_hinted(reading, ids)
        return self._entries(ids)

    def _add_hinted(self, reading: Reading, into: dict[int, None]) -> None:
        """Add the plainest entries at the places that the thesaurus names."""
        for prefixes, _ in reading.hints:
            for prefix in prefixes[:2]:
                rows = self._rows(
                    "SELECT id FROM search_entry WHERE code >= ? AND code < ? ORDER BY id LIMIT 8",
                    *(prefix, prefix + "~"),
                )
                into.update((number, None) for (number,) in rows)

    def _find(self, needed: list[str], into: dict[int, None], most: int = _MOST_ENTRIES) -> None:
        found = "SELECT rowid FROM search_text WHERE search_text MATCH ? LIMIT ?"
        into.update((number, None) for (number,) in self._rows(found, " AND ".join(needed), most))

    def _entries(self, ids: Iterable[int]) -> list[Entry]:
        chosen = list(ids)[: _MOST_ENTRIES * 4]
        marks = ",".join("?" * len(chosen))
        rows = self._rows(
            f"SELECT row, code, title, usable, chapter, names, above FROM search_entry WHERE id IN ({marks})",  # noqa: S608
            *chosen,
        )
        return [
            Entry(row, code, title, usable, chapter, [n.split() for n in names.split("\n")], above.split())
            for row, code, title, usable, chapter, names, above in rows
        ]

    def _hit(self, found: Fit) -> Hit:
        """Return the hit of an entry, its 7th character chosen from the words of the query."""
        entry, reasons = found.entry, []
        code, title, billable = entry.code, entry.title, entry.usable > 0
        if entry.usable == 2:
            choices = self._rows(
                "SELECT n.code, n.title, n.billable FROM node n JOIN node p ON p.row = n.parent "
                "WHERE n.parent = ? AND n.line = p.line ORDER BY n.row",
                entry.row,
            )
            code, title, billable, stated = _seventh(choices, entry.title, found.reading)
            meaning = title[len(entry.title) :].strip(", ")
            reasons.append(f"7th character {code[-1]}: {meaning}" + ("" if stated else " (assumed)"))
        return Hit(code, title, round(found.score, 4), self._why(found, reasons), billable)

    def _why(self, found: Fit, reasons: list[str]) -> str:
        """Say in words what matched."""
        entry = found.entry
        notes = list(found.reading.notes)
        for group in found.reading.groups:
            notes += [n for root, n in group.notes.items() if root in found.used]
        where = "title"
        if found.name:
            ((text,),) = self._rows(
                "SELECT text FROM note WHERE row = ? AND kind IN ('inclusion term', 'includes') "
                "ORDER BY id LIMIT 1 OFFSET ?",
                *(entry.row, found.name - 1),
            )
            where = f"inclusion term '{text}'"
        elif found.used:
            where = "title: " + ", ".join(dict.fromkeys(found.used.values()))
        return " · ".join(dict.fromkeys([where, *notes, *reasons]))


def _any_of(stems: Iterable[str]) -> str:
    return "(" + " OR ".join(f'"{s}"' for s in stems) + ")"


def _merge(fits: list[Fit], wider: list[Fit]) -> list[Fit]:
    best = {f.entry.row: f for f in fits}
    for found in wider:
        old = best.get(found.entry.row)
        found.score *= 0.97
        if old is None or found.score > old.score:
            best[found.entry.row] = found
    return list(best.values())


def _varied(ranked: list[Fit], limit: int) -> list[Fit]:
    """Return the best, at most a few of one category while others fit nearly as well."""
    kept: list[Fit] = []
    rest: list[Fit] = []
    counts: Counter[str] = Counter()
    most = max(1, _SAME_CATEGORY * limit // 10)
    for found in ranked:
        category = found.entry.code[:3]
        good = counts[category] < most
        (kept if good else rest).append(found)
        counts[category] += 1
        if len(kept) == limit:
            break
    return sorted((kept + rest)[:limit], key=lambda f: (-f.score, f.entry.row))


def _seventh(
    choices: list[tuple[str, str, int]], title: str, reading: Reading
) -> tuple[str, str, bool, bool]:
    """Return the 7th-character code that the query names, else the first, and whether it was named."""
    best, most = 0, 0.0
    first_words = set(words.stems(choices[0][1][len(title) :]))
    named = set(words.stems(title))
    for n, (_, long_title, _) in enumerate(choices):
        said = set(words.stems(long_title[len(title) :])) - named
        score = float(len(said & reading.given)) - 0.1 * len(said - reading.given - first_words - _USUAL)
        if score > most:
            best, most = n, score
    code, full, billable = choices[best]
    return code, full, bool(billable), most >= 1
