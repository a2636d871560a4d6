"""ICD-10-CM, the diagnosis codes: ``book = icd10cm.load()``, then ``book["E11.22"].title``."""

import sqlite3
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib.codes.book import Code, CodeBook, UnknownCodeError
from course_lib.codes.editions import SCHEMA, Edition, installed
from course_lib.codes.notes import Note, Ref
from course_lib.errors import CourseError
from course_lib.files import cache_dir

if TYPE_CHECKING:
    from course_lib.codes.build import Progress
    from course_lib.codes.update import Update

__all__ = [
    "Code", "CodeBook", "Edition", "Note", "Ref", "UnknownCodeError",
    "cache_path", "deciding", "editions", "is_built", "load", "newest", "update",
]  # fmt: skip


def editions() -> list[Edition]:
    """Return the editions that can be loaded, oldest first."""
    return installed()


def newest() -> Edition:
    """Return the edition that `load` opens when none is named: the newest one that has its notes."""
    known = editions()
    return next((e for e in reversed(known) if e.has_notes), known[-1])


def deciding(day: date) -> str | None:
    """Return the edition that decides for services on `day`; None when it is not here with its notes."""
    return next((e.id for e in reversed(editions()) if e.start <= day <= e.end and e.has_notes), None)


def load(edition: str | None = None, *, progress: "Progress | None" = None) -> CodeBook:
    """Open the code book, building its file the first time (a few seconds).

    Parameters
    ----------
    edition : str, optional
        An edition's first day, ``"2026-04-01"``. Left out: the newest one that has its
        notes, whatever today is; `CodeBook.stale_on` tells whether it decides on a day.
    progress : callable, optional
        Told of the building as (stage, done, total).

    Raises
    ------
    CourseError
        When there is no such edition, its source is missing or damaged, or the cache
        folder cannot be written.
    """
    chosen = newest() if edition is None else _named(edition, editions())
    target = cache_path(chosen)

    def rebuild() -> None:
        from course_lib.codes.build import build

        build(chosen, target, progress)

    if not is_built(chosen):
        rebuild()
    return CodeBook(target, end=chosen.end, rebuild=rebuild)


def preload() -> None:
    """Read the newest edition's table into memory, for a process that forks many others."""
    load().to_frame()


def update(path: Path | str, *, start: date | None = None, progress: "Progress | None" = None) -> "Update":
    """Add an edition from an official release: a zip, its tabular XML or its order file.

    Parameters
    ----------
    path : Path or str
        What CDC or CMS published, unchanged.
    start : date, optional
        First day in force; read from the name of the file when left out.
    progress : callable, optional
        Told of the building as (stage, done, total).

    Returns
    -------
    Update
        The edition and what it adds, deletes and retitles against the one before.

    Raises
    ------
    CourseError
        When it is not a release, is damaged or contradicts itself; nothing is added.
    """
    from course_lib.codes.update import add

    return add(Path(path), cache_path, lambda id: load(id, progress=progress), start=start, progress=progress)


def cache_path(edition: Edition) -> Path:
    """Return where the SQLite file of `edition` is kept."""
    return cache_dir() / "codes" / f"icd10cm-{edition.id}.sqlite"


def is_built(edition: Edition) -> bool:
    """Return whether the file of `edition` is whole and holds what its sources say today."""
    path = cache_path(edition)
    try:
        with path.open("rb") as file:
            header = file.read(100)
        # Bytes 16, 28 and 60 of SQLite's header: page size, pages, our version. A file
        # that was cut short is found out before a query reaches the gap.
        page = int.from_bytes(header[16:18], "big")
        pages = int.from_bytes(header[28:32], "big")
        version = int.from_bytes(header[60:64], "big")
        if version != SCHEMA or page * pages != path.stat().st_size:
            return False
        meta = CodeBook(path).meta
    except (OSError, sqlite3.DatabaseError, KeyError):
        return False
    # Hashing takes 10 ms, so an unchanged size and time of the sources is proof enough.
    return meta["stamp"] == edition.stamp() or meta["digest"] == edition.digest()


def _named(edition: str, known: list[Edition]) -> Edition:
    for one in known:
        if one.id == edition:
            return one
    raise CourseError(
        f"there is no edition {edition!r} here.",
        remedy=f"There is: {', '.join(e.id for e in known)}. `course codes update FILE` adds one.",
    )
