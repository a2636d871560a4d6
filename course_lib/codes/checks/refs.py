"""Which codes a note, or a pattern of our tables, means."""

import re
from functools import lru_cache

from course_lib.codes.book import Code, plain
from course_lib.codes.notes import Note


def means(note: Note, code: Code) -> bool:
    """Return whether `note` names `code`; what could not be read names nothing."""
    return any(ref.covers(code) for ref in note.refs)


def matches(pattern: str, code: str) -> bool:
    """Return whether a pattern of our tables (``I10``, ``N18.-``, ``J12-J18``) fits a code."""
    low, high = _ends(pattern)
    bare = plain(code)
    return bare[: len(low)] >= low and bare[: len(high)] <= high


@lru_cache(maxsize=1024)
def _ends(pattern: str) -> tuple[str, str]:
    ends = re.findall(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?", pattern)
    return plain(ends[0]), plain(ends[-1])
