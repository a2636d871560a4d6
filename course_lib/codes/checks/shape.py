"""Whether each item is a reportable code, or is unknown, unfinished, misbuilt or repeated."""

import re
from collections.abc import Iterator

from course_lib.codes.book import Code, CodeBook, plain
from course_lib.codes.checks.model import GUIDELINES, Finding, Record, listed
from course_lib.codes.validity import changes

_SHAPE = re.compile(r"[A-Z][0-9A-Z]{2}[0-9A-Z]{0,4}")
_SHOW = 16
_DASH = " (a dash: more characters follow)"


def check(record: Record) -> Iterator[Finding]:
    """Yield what is wrong with the single codes."""
    seen: set[str] = set()
    for text in record.written:
        key = plain(text)
        if key in seen:
            yield _duplicate(record, text)
            continue
        seen.add(key)
        if key in changes():
            continue  # another edition has it: `dates` says on which days
        node = record.book.get(text)
        if node is None or node.level < 2:
            yield _unknown(record, text, node)
        elif not node.billable:
            yield _unfinished(record, node)


def _duplicate(record: Record, text: str) -> Finding:
    node = record.book.get(text)
    name = node.code if node else text
    return Finding(
        "duplicate",
        "error",
        (name,),
        f"{name} is listed more than once; a code is reported once for an encounter.",
        GUIDELINES + "I.B.12",
        f"Keep {name} once.",
    )


def _unfinished(record: Record, node: Code) -> Finding:
    below = record.book.children(node.code)
    base = plain(node.code).ljust(6, "X")
    if node.seventh and all(plain(child.code)[:-1] == base for child in below):
        return _needs_seventh(record, node, below)
    names = [child.code if child.billable else f"{child.code}-" for child in below]
    more = f", and {len(names) - _SHOW} more" if len(names) > _SHOW else ""
    return Finding(
        "not-billable",
        "error",
        (node.code,),
        f'{node.code} "{node.title}" is a header: it is subdivided, so it may not be reported.',
        record.tabular(f"{node.code}; ") + GUIDELINES + "I.B.2",
        f"Choose {listed(names[:_SHOW])}{more}{_DASH if '-' in ''.join(names) else ''}.",
    )


def _needs_seventh(record: Record, node: Code, below: list[Code]) -> Finding:
    meanings = node.seventh
    choice = "; ".join(f"{child.code} {meanings[child.code[-1]]}" for child in below)
    return Finding(
        "seventh-character-missing",
        "error",
        (node.code,),
        f"{node.code} needs a 7th character; without it the code is invalid.",
        record.tabular(f"7th characters at {node.code}; ") + GUIDELINES + "I.A.5",
        f"Choose {choice}.",
    )


def _unknown(record: Record, text: str, node: Code | None) -> Finding:
    if node is not None:
        what = f"{text} names a {node.kind}, not a code."
        return _not_a_code(record, text, what, "List the codes, one by one.")
    key = plain(text)
    if not _SHAPE.fullmatch(key):
        what = f"{text!r} does not have the shape of an ICD-10-CM code: a letter, then 2 to 6 characters."
        return _not_a_code(record, text, what, "Check the spelling; procedures have codes of other sets.")
    stem = _stem(record.book, key)
    if stem is None:
        what = f"{text} is not in the code book: there is no category {key[:3]}."
        return _not_a_code(record, text, what, "Search for the diagnosis by its words.")
    return (
        _misplaced_x(record, text, stem)
        or _bad_seventh(record, text, stem)
        or _not_a_code(record, text, f"{text} is not in the code book.", _advice(record.book, stem))
    )


def _not_a_code(record: Record, text: str, what: str, remedy: str) -> Finding:
    return Finding("not-a-code", "error", (text,), what, record.tabular("all codes"), remedy)


def _stem(book: CodeBook, key: str) -> Code | None:
    """Return the longest beginning of `key` that the book has."""
    for length in range(len(key) - 1, 2, -1):
        node = book.get(key[:length])
        if node is not None and node.level > 1:
            return node
    return None


def _advice(book: CodeBook, stem: Code) -> str:
    if stem.billable:
        return f"{stem.code} is complete as it stands."
    names = [child.code if child.billable else f"{child.code}-" for child in book.children(stem.code)]
    more = " and others" if len(names) > _SHOW else ""
    return f"Under {stem.code} there are {listed(names[:_SHOW], 'and')}{more}."


def _squeeze(key: str) -> str:
    return key[:3] + key[3:].replace("X", "")


def _misplaced_x(record: Record, text: str, stem: Code) -> Finding | None:
    """Return a finding when only the placeholders X are wrong (``W19A``, ``T36.05A``)."""
    key = plain(text)
    right = [c.code for c in record.book.leaves(stem.code) if _squeeze(plain(c.code)) == _squeeze(key)]
    if not right:
        return None
    return Finding(
        "placeholder-x",
        "error",
        (text,),
        f"{text} has not the right placeholders: X fills each empty position, "
        "so that the 7th character stays 7th.",
        GUIDELINES + "I.A.4 and I.A.5",
        f"Write {listed(right[:3])}.",
    )


def _bad_seventh(record: Record, text: str, stem: Code) -> Finding | None:
    """Return a finding when the 7th character is not one of this code's, or not in 7th place."""
    key, base = plain(text), plain(stem.code)
    where, meanings = record.tabular(f"7th characters at {stem.code}"), stem.seventh
    if stem.billable and len(base) < 7:
        if len(key) < 7:
            return None
        rule, remedy = f"{stem.code} takes no 7th character.", f"Write {stem.code}."
    elif len(base) == 7:
        rule, remedy = f"{text} is too long: the 7th character is the last.", f"Write {stem.code}."
    elif meanings and len(key) == 7 and key[:6] == base.ljust(6, "X"):
        allowed = [c.code for c in record.book.children(stem.code)]
        rule = f"{key[6]} is not a 7th character of {stem.code}."
        remedy = f"Choose {listed(allowed[:_SHOW])}."
    elif key[-1] in meanings and len(key) == len(base) + 1 and len(key) < 7:
        rule = f"{text} has its 7th character in position {len(key)}."
        remedy = f"Finish the code first. {_advice(record.book, stem)}"
    else:
        return None
    return Finding("seventh-character-impossible", "error", (text,), rule, where, remedy)
