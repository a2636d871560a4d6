"""Excludes1: two codes that are not reported together."""

from collections.abc import Iterator

from course_lib.codes.book import Code
from course_lib.codes.checks.model import GUIDELINES, Entry, Finding, Record, place, quote
from course_lib.codes.checks.refs import means
from course_lib.codes.notes import Note


def check(record: Record) -> Iterator[Finding]:
    """Yield each pair that an Excludes1 note keeps apart, once, whatever its order."""
    for one, other in record.pairs():
        first, second = sorted((one, other), key=lambda entry: entry.code.row)
        if note := excludes1(first, second):
            yield _finding(record, first.code, second.code, note)


def excludes1(one: Entry, other: Entry) -> Note | None:
    """Return the Excludes1 note that keeps two entries apart, the nearest to a code, or None."""
    return _names(one, other.code) or _names(other, one.code)


def _names(entry: Entry, code: Code) -> Note | None:
    for note in entry.notes:
        if note.kind == "excludes1" and means(note, code):
            return note
    return None


def _finding(record: Record, one: Code, other: Code, note: Note) -> Finding:
    where = f"Excludes1 at {place(note.origin)}"
    return Finding(
        "excludes1",
        "error",
        (one.code, other.code),
        f"{one.code} and {other.code} are not reported together. {where} says: {quote(note)}.",
        record.tabular(f"{where}; ") + GUIDELINES + "I.A.12.a",
        "Keep the one that the record supports. Exception: keep both only when the record shows that "
        "the two conditions are clearly unrelated; when it is unclear, ask the provider.",
    )
