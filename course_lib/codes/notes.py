"""Tabular notes, and the codes and ranges that are named inside them.

The notes are English, yet nearly all name codes in one small grammar::

    list  = item {("," | ";" | "and" | "or") item} ["with" condition]
    item  = code ["-"]  |  code ["-"] ("-" | "to") code ["-"]

What falls outside of it is reported as unread; nothing is guessed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_lib.codes.book import Code

Span = tuple[int, int]
"""First and last row of the book that a reference covers, both included."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A code or range named in a note, for example ``E08-E13`` or ``N18.-``.

    Attributes
    ----------
    text : str
        As printed, with its condition: ``"T36-T50 with fifth or sixth character 5"``.
    first, last : str
        The codes that begin and end it; the same for a single code.
    """

    text: str
    first: str
    last: str
    span: Span = field(repr=False)
    pattern: str | None = field(default=None, repr=False)

    def covers(self, code: "Code") -> bool:
        """Return whether `code` is one that the note means.

        A reference covers what stands below it too: ``N18.-`` covers N18.32. One with
        a condition ("with fifth character 2") covers final codes only.
        """
        if not self.span[0] <= code.row <= self.span[1]:
            return False
        if self.pattern is None:
            return True
        final = code.billable or code.kind == "code"
        return final and re.search(self.pattern, code.code.replace(".", "")) is not None


@dataclass(frozen=True, slots=True)
class Note:
    """One tabular note.

    Attributes
    ----------
    kind : str
        ``includes``, ``inclusion term``, ``excludes1``, ``excludes2``, ``code first``,
        ``use additional code``, ``code also``, ``note`` or ``7th character``.
    text : str
        The note as printed.
    origin : str
        The code, block or chapter that it stands at.
    lead : str
        The line above it that ends in a colon, when the note is an item of a list.
    refs : tuple of Ref
        The codes and ranges that it names.
    unread : str
        Why the codes in it could not be read by machine; empty when they could, or
        when it names none.
    """

    kind: str
    text: str
    origin: str
    lead: str = ""
    refs: tuple[Ref, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What `read_refs` found in one note: its references, or why there are none."""

    refs: tuple[Ref, ...] = ()
    unread: str = ""


# Letters may stand in position 2 (QA0) or 3 (C7A), never in both.
_CODE = r"(?<![A-Za-z0-9.])[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9])"
_DASH = r"\.?-?(?![A-Z0-9])"
_TO = r"(?:\.?-?-(?=[A-Z])|\.?-?\s+-\s*|-?\s+to\s+)"
_ITEM = rf"{_CODE}(?:{_TO}{_CODE})?(?:{_DASH})?"
_SEP = r"(?:\s*[,;.]\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+)"
_HAS_CODE = re.compile(_CODE)
_ITEM_PARTS = re.compile(rf"({_CODE})(?:{_TO}({_CODE}))?{_DASH}")
_RUN = re.compile(rf"{_ITEM}(?:{_SEP}{_ITEM})*")
_GROUP = re.compile(
    rf"\s*(?:i\.e\.\s+)?({_ITEM}(?:{_SEP}{_ITEM})*)\s*(?:,?\s*((?:with\b|\.\s*with\b).*))?[,.]?\s*"
)
# A parenthesis that is never closed, or closed by a brace, ends with the text.
_PAREN = re.compile(r"\(([^()]*?)(?:[)}]|$)")
# Words before a code that turn its meaning round, or point at the note's own place.
_TURNED = re.compile(r"\b(?:except|other than|for codes?)\b[^,;:]*$", re.I)

_ORDINAL = {"fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7}
_NTH = r"(fourth|4th|fifth|5th|sixth|6th|seventh|7th)"
_VALUES = r"([0-9A-Z](?:-[0-9A-Z])?(?: or [0-9A-Z])*)"


def read_refs(text: str, find: Callable[[str], Span | None]) -> Reading:
    """Read the codes and ranges that a note names.

    Parameters
    ----------
    text : str
        The note as printed.
    find : callable
        Returns the rows that a code covers, or None for a code that does not exist.

    Codes in parentheses are what a note refers to; codes in its running text count
    only when it has no others ("conditions classifiable to E70-E88").
    """
    refs: list[Ref] = []
    for group in _PAREN.findall(text):
        if _names_code(group, find):
            whole = _GROUP.fullmatch(group)
            if not whole:
                return Reading(unread=f"({group}) is not a plain list of codes")
            reading = _list(whole[1], whole[2] or "", find)
            if reading.unread:
                return reading
            refs += reading.refs
    return Reading(tuple(refs)) if refs else _running_text(_PAREN.sub(" ", text), find)


def _names_code(text: str, find: Callable[[str], Span | None]) -> bool:
    """Return whether a code is named; "GM2" and "vitamin B12" have a code's shape and are none."""
    return any("." in code or find(code) for code in _HAS_CODE.findall(text))


def _running_text(text: str, find: Callable[[str], Span | None]) -> Reading:
    refs: list[Ref] = []
    for run in _RUN.finditer(text):
        if not _names_code(run[0], find):
            continue
        if _TURNED.search(text[: run.start()]):
            return Reading(unread=f"{run[0]} stands after words that change its meaning")
        after = re.match(r",?\s+(with.*)", text[run.end() :])
        reading = _list(run[0], after[1] if after else "", find)
        if reading.unread:
            return reading
        refs += reading.refs
    return Reading(tuple(refs))


def _list(items: str, condition: str, find: Callable[[str], Span | None]) -> Reading:
    pattern = None
    if condition and not (pattern := condition_pattern(condition)):
        return Reading(unread=f"the condition {condition!r} is not understood")
    refs = []
    for item in _ITEM_PARTS.finditer(items):
        first, last = item[1], item[2] or item[1]
        low, high = find(first), find(last)
        if not low or not high:
            return Reading(unread=f"{last if low else first} is not a code of this edition")
        if low[0] > high[1]:
            return Reading(unread=f"{first} does not come before {last}")
        shown = f"{item[0]} {condition}".rstrip(" ,.") if condition else item[0]
        refs.append(Ref(shown, first, last, (low[0], high[1]), pattern))
    return Reading(tuple(refs))


def condition_pattern(text: str) -> str | None:
    """Return a regular expression on dotless codes for a condition, or None.

    ``with .42`` asks for what follows the category; ``with fifth character 2`` for one
    position; ``with fifth or sixth character 5`` and ``with final character 6`` for the
    last character before the 7th, which tells the intent in T36-T65.
    """
    text = re.sub(r"^\W*with\s+", "", text.strip().rstrip(",. "))
    text = text.replace("-character", " character").replace("characters", "character")
    if found := re.fullmatch(rf"{_NTH} or (?:sixth|six) character {_VALUES}", text):
        return _last_before_seventh(_set(found[2]))
    if found := re.fullmatch(rf"final character {_VALUES}", text):
        return _last_before_seventh(_set(found[1]))
    if found := re.fullmatch(rf"{_NTH} character \.?{_VALUES}", text):
        return f"^.{{{_ORDINAL[found[1]] - 1}}}{_set(found[2])}"
    if found := re.fullmatch(r"fifth to sixth character ([0-9A-Z]{2})", text):
        return f"^.{{4}}{found[1]}"
    if found := re.fullmatch(r"final character -([0-9A-Z]{2})", text):
        return f"^.{{4}}{found[1]}$"
    return _after_category(text.removeprefix("final character "))


def _after_category(text: str) -> str | None:
    one = r"\.([0-9]{1,3})"
    if found := re.fullmatch(rf"{one}-{one}", text):
        low, high = found[1], found[2]
        if len(low) != len(high):
            return None
        endings = [str(n).zfill(len(low)) for n in range(int(low), int(high) + 1)]
    elif re.fullmatch(rf"{one}-?(?:(?:[,.]| or) ?{one}-?)*", text):
        endings = re.findall(one, text)
    else:
        return None
    return f"^.{{3}}(?:{'|'.join(endings)})"


def _set(values: str) -> str:
    return f"[{values.replace(' or ', '')}]"


def _last_before_seventh(chars: str) -> str:
    return rf"^(?:.{{5}}{chars}.?|.{{4}}{chars}(?:X.)?)$"
