"""What a wrong code was probably meant to be."""

import re
from typing import TYPE_CHECKING

from course_lib.codes.book import plain

if TYPE_CHECKING:
    from course_lib.codes.book import CodeBook

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Characters that are taken for each other by eye or by hand.
_ALIKE = str.maketrans("OILSZ0158", "0115ZOIS8")


def advice(book: "CodeBook", code: str) -> str:
    """Return what to do about a code that `book` does not have, in one or two sentences."""
    from course_lib.codes import validity

    near = near_misses(book, code)
    meant = f"Did you mean {', '.join(near)}?" if near else "Look it up with book.search(words)."
    change = validity.changes().get(plain(code))
    if change and change.start > book.effective[1]:
        return f"It is new on {change.start}, after this edition. {meant}"
    return meant


def near_misses(book: "CodeBook", code: str, limit: int = 4) -> list[str]:
    """Return up to `limit` codes of the book that are close to `code`, likeliest first.

    In order: the missing placeholder X put in, look-alikes (O and 0, I and 1) swapped,
    the longest beginning that exists, neighbours that differ in one character.
    """
    wrong = re.sub(r"[^0-9A-Z]", "", plain(code))[:8]
    if len(wrong) < 3:
        return []
    beginnings = [wrong[:n] for n in range(len(wrong) - 1, 2, -1)]
    groups = [
        [b.ljust(6, "X") + wrong[-1] for b in beginnings if len(b) < 6],
        _swaps(wrong),
        beginnings[:1],
        _edits(wrong),
        beginnings[1:],
    ]
    found: dict[str, None] = {}  # a set that keeps its order
    for group in groups:
        known = _known(book, group)
        found |= dict.fromkeys(known[g] for g in group if g in known)
    return list(found)[:limit]


def _swaps(wrong: str) -> list[str]:
    """Return the spellings with one look-alike, or all of them, exchanged."""
    ones = [wrong[:n] + wrong[n].translate(_ALIKE) + wrong[n + 1 :] for n in range(len(wrong))]
    letters = wrong[0].translate(str.maketrans("0158", "OIS8")) + wrong[1:].translate(
        str.maketrans("OI", "01")
    )
    return [s for s in [letters, *ones] if s != wrong]


def _edits(wrong: str) -> list[str]:
    """Return the spellings one slip away: two characters exchanged, or one changed."""
    turned = [wrong[:n] + wrong[n + 1] + wrong[n] + wrong[n + 2 :] for n in range(len(wrong) - 1)]
    changed = [wrong[:n] + c + wrong[n + 1 :] for n in reversed(range(len(wrong))) for c in _CHARACTERS]
    return turned + changed


def _known(book: "CodeBook", spellings: list[str]) -> dict[str, str]:
    if not spellings:
        return {}
    marks = ",".join("?" * len(spellings))
    query = f"SELECT plain, code FROM node WHERE plain IN ({marks}) AND level > 1"  # noqa: S608 - marks only
    return dict(book.connection.execute(query, spellings))
