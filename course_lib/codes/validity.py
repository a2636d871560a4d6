"""Validity by date: the date of service decides which codes exist.

A loaded code book holds one edition. The table ``codes/icd10cm_changes_fy2027.csv``
adds what changed on 1 October 2026, so that a check can say what ended and what came.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from course_lib import datasets
from course_lib.codes.book import CodeBook, plain
from course_lib.codes.editions import fiscal_year
from course_lib.errors import CourseError

CHANGES = "codes/icd10cm_changes_fy2027.csv"


@dataclass(frozen=True, slots=True)
class Change:
    """One code that began or ended with an edition.

    Attributes
    ----------
    code : str
        With its dot.
    change : str
        ``added``, ``deleted``, or ``became header`` (it lives on, but needs more characters).
    start, end : date
        First and last day of service on which it may be reported; `end` is ``date.max``
        while no end is known.
    replaced_by : tuple of str
        Codes that took its place; empty where none is known.
    title, source : str
        The official title (empty where it could not be read), and where the row comes from.
    """

    code: str
    change: str
    start: date
    end: date
    replaced_by: tuple[str, ...]
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a code may be reported on a day.

    ``valid`` is None when neither the loaded edition nor the table of changes decides.
    ``reason`` is one sentence; ``replaced_by`` and ``source`` are empty where unknown.
    """

    valid: bool | None
    reason: str
    replaced_by: tuple[str, ...] = ()
    source: str = ""


def day(value: date | str | None) -> date:
    """Return a date from ``"2026-11-23"``, a date, or None (today).

    Raises
    ------
    CourseError
        When the text is no date.
    """
    if value is None:
        return date.today()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise CourseError(
            f"{value!r} is not a date.", remedy="Write the date of service as year-month-day: 2026-11-23."
        ) from None


@cache
def changes() -> dict[str, Change]:
    """Return the known changes by code without its dot (``"Z681"``)."""
    with datasets.path(CHANGES).open(encoding="utf-8", newline="") as rows:
        found = [_change(row) for row in csv.DictReader(rows)]
    return {plain(c.code): c for c in found}


def _change(row: dict[str, str]) -> Change:
    return Change(
        code=row["code"],
        change=row["change"],
        start=date.fromisoformat(row["effective_from"]),
        end=date.fromisoformat(row["effective_to"]) if row["effective_to"] else date.max,
        replaced_by=tuple(row["replaced_by"].split(";")) if row["replaced_by"] else (),
        title=row["title"],
        source=row["source"],
    )


def validity(book: CodeBook, code: str, on: date | str | None = None) -> Validity:
    """Return whether `code` may stand on a claim for services on a day.

    Parameters
    ----------
    book : CodeBook
        The loaded edition.
    code : str
        With or without its dot, in any case.
    on : date or str, optional
        The date of service; today when left out.

    Examples
    --------
    ``validity(book, "Z68.1", "2026-10-01")`` is not valid, replaced by Z68.18 and Z68.19.
    """
    when = day(on)
    known = changes().get(plain(code))
    if known:
        return _by_table(known, when)
    node = book.get(code)
    if node is None or not node.billable:
        what = "is not in" if node is None else "is a header, not a reportable code, in"
        return Validity(False if not book.stale_on(when) else None, f"{code} {what} {book.release}.")
    if fiscal_year(when) in (fiscal_year(book.effective[1]), _changes_year()):
        return Validity(True, f"{node.code} is reportable in fiscal year {fiscal_year(when)}.")
    return Validity(
        None, f"{node.code} is in {book.release}; the code set of {when} is not loaded, so it is not proved."
    )


def _changes_year() -> int:
    """Return the fiscal year that the table of changes leads to."""
    return fiscal_year(max(c.start for c in changes().values()))


def _by_table(known: Change, when: date) -> Validity:
    if when < known.start:
        return Validity(False, f"{known.code} is reportable only from {known.start} on.", source=known.source)
    if when > known.end:
        how = "became a header" if known.change == "became header" else "was deleted"
        return Validity(
            False,
            f"{known.code} {how}: its last day was {known.end}.",
            known.replaced_by,
            known.source,
        )
    return Validity(True, f"{known.code} is reportable on {when}.", source=known.source)
