"""Build the SQLite file of one edition from its official sources.

Schema (`SCHEMA` in `editions` counts its changes; a file of another number is rebuilt)::

    meta(key TEXT PRIMARY KEY, value TEXT)
        edition, release, effective_from, effective_to, has_notes, nodes, billable, digest, stamp
    node(row INTEGER PRIMARY KEY,   -- 1.. in the order of the book, depth first
         code TEXT,                 -- with its dot: "E11.22"; a block "E08-E13"; a chapter "4"
         plain TEXT UNIQUE,         -- the same without the dot
         title TEXT,
         kind TEXT,                 -- chapter | block | category | subcategory | code
         level INTEGER,             -- 0 for a chapter
         billable INTEGER,          -- 1: may stand on a claim
         parent INTEGER,            -- row; NULL for a chapter
         chapter TEXT, block TEXT, category TEXT,   -- codes; NULL above that level
         last INTEGER,              -- row of the last descendant, or its own
         seventh INTEGER,           -- row that defines its 7th characters; NULL: takes none
         line INTEGER)              -- in the XML; a 7th-character code has its parent's
    seventh(row INTEGER, char TEXT, meaning TEXT)    -- PRIMARY KEY (row, char)
    note(id INTEGER PRIMARY KEY, row INTEGER, kind TEXT, lead TEXT, text TEXT, unread TEXT)
    ref(note INTEGER, seq INTEGER, text TEXT, first TEXT, last TEXT,
        low INTEGER, high INTEGER,  -- rows covered
        pattern TEXT)               -- regular expression on dotless final codes, or NULL

The descendants of a node are the rows ``row + 1 .. last``; a reference covers a node
when ``low <= row <= high``. A block that has the name of its only category (B20, Z66:
39 of them) is named ``B20-B20``, so that every name is one node. The search index is
added by `course_lib.codes.search.build_index`.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from course_lib.codes import listing, notes, search, tabular, tree
from course_lib.codes.editions import SCHEMA, Edition
from course_lib.codes.tree import Node
from course_lib.errors import CourseError

Progress = Callable[[str, int, int], None]
"""Called with a stage in words, how much is done and how much there is."""

_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE node(
    row INTEGER PRIMARY KEY, code TEXT NOT NULL, plain TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    kind TEXT NOT NULL, level INTEGER NOT NULL, billable INTEGER NOT NULL, parent INTEGER,
    chapter TEXT, block TEXT, category TEXT, last INTEGER NOT NULL, seventh INTEGER, line INTEGER NOT NULL);
CREATE TABLE seventh(row INTEGER, char TEXT, meaning TEXT NOT NULL, PRIMARY KEY(row, char)) WITHOUT ROWID;
CREATE TABLE note(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, kind TEXT NOT NULL,
    lead TEXT NOT NULL, text TEXT NOT NULL, unread TEXT NOT NULL);
CREATE TABLE ref(note INTEGER, seq INTEGER, text TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    low INTEGER NOT NULL, high INTEGER NOT NULL, pattern TEXT, PRIMARY KEY(note, seq)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX node_parent ON node(parent);
CREATE INDEX note_row ON note(row);
CREATE INDEX note_unread ON note(unread) WHERE unread <> '';
"""


def build(edition: Edition, target: Path, progress: Progress | None = None) -> None:
    """Write the SQLite file of `edition` to `target`, whole or not at all.

    Two processes may build at once: each writes a file of its own and the last rename
    wins, with the same content.

    Raises
    ------
    CourseError
        When a source is damaged or the folder cannot be written; an older file at
        `target` is kept.
    """
    tell = progress or (lambda stage, done, total: None)
    digest, stamp = edition.digest(), edition.stamp()
    book = tabular.read(edition.tabular, lambda done, total: tell("reading the Tabular List", done, total))
    nodes = tree.grow(book.entries, listing.read(edition.codes) if edition.codes else None)
    part = _part_beside(target)
    try:
        with closing(sqlite3.connect(part)) as conn:
            _fill(conn, nodes, tell)
            _write_meta(conn, edition, {"digest": digest, "stamp": stamp}, nodes)
        with part.open("rb+") as whole:
            os.fsync(whole.fileno())
        part.chmod(0o644)
        part.replace(target)
    except BaseException as why:
        with suppress(OSError):
            part.unlink()
        if isinstance(why, OSError | sqlite3.OperationalError):
            raise _not_writable(target.parent, str(why)) from None
        raise


def _part_beside(target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fd, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as why:
        raise _not_writable(target.parent, why.strerror or str(why)) from None
    os.close(fd)
    return Path(name)


def _not_writable(folder: Path, why: str) -> CourseError:
    return CourseError(
        f"the code book cannot be kept here ({why}).",
        remedy="Make room or give yourself write access, or set COURSE_CACHE_DIR to another folder.",
        path=folder,
    )


def _fill(conn: sqlite3.Connection, nodes: list[Node], tell: Progress) -> None:
    # The file is thrown away when anything fails, so it needs no journal.
    conn.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    tell("writing the codes", 0, 1)
    conn.executemany(
        "INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (n.row, n.code, n.plain, n.title, n.kind, n.level, n.billable, n.parent and n.parent.row,
             n.chapter, n.block, n.category, n.last, n.definer and n.definer.row, n.line)
            for n in nodes
        ),
    )  # fmt: skip
    tell("reading the notes", 0, 1)
    _write_notes(conn, nodes)
    conn.executescript(_INDEXES)
    tell("writing the search index", 0, 1)
    search.build_index(conn)
    tell("writing the search index", 1, 1)


def _write_meta(
    conn: sqlite3.Connection, edition: Edition, source: dict[str, str], nodes: list[Node]
) -> None:
    meta = {
        "edition": edition.id,
        "release": edition.release,
        "effective_from": edition.start.isoformat(),
        "effective_to": edition.end.isoformat(),
        "has_notes": str(int(edition.has_notes)),
        "nodes": str(len(nodes)),
        "billable": str(sum(n.billable for n in nodes)),
    } | source
    conn.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    conn.execute(f"PRAGMA user_version = {SCHEMA}")
    conn.commit()


def _write_notes(conn: sqlite3.Connection, nodes: list[Node]) -> None:
    spans = {n.plain: (n.row, n.last) for n in nodes}

    def find(code: str) -> notes.Span | None:
        return spans.get(code.replace(".", ""))

    note_rows: list[tuple[int, int, str, str, str, str]] = []
    ref_rows: list[tuple[object, ...]] = []
    seventh_rows: list[tuple[int, str, str]] = []
    for node in nodes:
        if node.entry is None:
            continue
        seventh_rows += [(node.row, char, meaning) for char, meaning in node.entry.seventh.items()]
        for kind, lead, text in node.entry.notes:
            reading = notes.read_refs(text, find)
            number = len(note_rows) + 1
            note_rows.append((number, node.row, kind, lead, text, reading.unread))
            ref_rows += [
                (number, seq, r.text, r.first, r.last, *r.span, r.pattern)
                for seq, r in enumerate(reading.refs)
            ]
    conn.executemany("INSERT INTO seventh VALUES (?, ?, ?)", seventh_rows)
    conn.executemany("INSERT INTO note VALUES (?, ?, ?, ?, ?, ?)", note_rows)
    conn.executemany("INSERT INTO ref VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ref_rows)
