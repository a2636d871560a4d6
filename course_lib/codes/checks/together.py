"""Codes that do not go together: a symptom and its diagnosis, two sides, two records."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from course_lib import datasets
from course_lib.codes.book import Code, plain
from course_lib.codes.checks.excludes import excludes1
from course_lib.codes.checks.model import GUIDELINES, Entry, Finding, Record
from course_lib.codes.checks.refs import matches, means

SYMPTOMS = "codes/icd10cm_symptoms.csv"

_SIDES = {"right", "left", "bilateral"}
# "right eye" and "bilateral" are one place in two ways of writing it.
_SMALL_WORDS = {"of", "the", "and", "in", "unilateral", "eye", "ear"}
_ACTIVE = "ABC"
_CHILD_NOTES = {
    "16": (
        "chapter 16",
        "Codes from this chapter are for use on newborn records only, never on maternal records",
    ),
    "17": ("chapter 17", "Codes from this chapter are not for use on maternal records"),
    "21": ("Z38", "It is not to be used on the mother's record."),
}


def check(record: Record) -> Iterator[Finding]:
    """Yield codes that clash with another code of the list."""
    for one, other in record.pairs():
        yield from _symptom(one, other)
        yield from _symptom(other, one)
        yield from _laterality(record, one, other)
    yield from _mother_and_newborn(record)
    yield from _place_later(record)


@cache
def symptoms() -> tuple[dict[str, str], ...]:
    """Return the rows of the table of symptoms beside their diagnoses."""
    with datasets.path(SYMPTOMS).open(encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


def _symptom(symptom: Entry, diagnosis: Entry) -> Iterator[Finding]:
    for row in symptoms():
        if not (
            matches(row["symptom"], symptom.code.code) and matches(row["diagnosis"], diagnosis.code.code)
        ):
            continue
        # The Excludes1 check has said it already; and I.B.5 yields to an instruction of the Tabular.
        if excludes1(symptom, diagnosis) or _asked_for(diagnosis, symptom.code):
            continue
        yield Finding(
            "symptom-with-diagnosis",
            "warning",
            (symptom.code.code, diagnosis.code.code),
            f"{row['rule']} A symptom that belongs routinely to a diagnosis is not coded beside it.",
            row["source"] + (f"; example at {row['example_at']}" if row["example_at"] else ""),
            f"Leave out {symptom.code.code}, unless the record gives it another cause.",
        )
        return


def _asked_for(diagnosis: Entry, symptom: Code) -> bool:
    kinds = ("use additional code", "code also")
    return any(note.kind in kinds and means(note, symptom) for note in diagnosis.notes)


def _words(code: Code) -> Counter[str]:
    words = (w.removesuffix("s") for w in re.findall(r"[a-z0-9]+", code.title.lower()))
    return Counter(w for w in words if w not in _SMALL_WORDS)


def _side(words: Counter[str]) -> tuple[str, Counter[str]]:
    """Return the one side that a title names (or "") and its other words."""
    named = [side for side in _SIDES if words[side]]
    rest = Counter({w: n for w, n in words.items() if w not in _SIDES})
    return (named[0] if len(named) == 1 else ""), rest


def _laterality(record: Record, one: Entry, other: Entry) -> Iterator[Finding]:
    if one.code.category != other.code.category:
        return
    (side, rest), (side2, rest2) = _side(_words(one.code)), _side(_words(other.code))
    pair = (one.code.code, other.code.code)
    if rest == rest2 and {side, side2} == {"right", "left"}:
        if both := _bilateral(record, one.code, rest):
            yield _side_finding(
                record,
                pair,
                f"{pair[0]} and {pair[1]} are the two sides of one condition, and {both} is bilateral.",
                f"Report {both} alone, unless one side is already treated and gone.",
            )
    elif rest == rest2 and "bilateral" in (side, side2) and side != side2 and side and side2:
        yield _side_finding(
            record, pair, f"{pair[0]} and {pair[1]}: the bilateral code already has that side.",
            "Keep the bilateral code, or code the sides that the record names.",
        )  # fmt: skip
    elif bool(side) != bool(side2):
        sided, bare = (rest, rest2) if side else (rest2, rest)
        if bare - Counter(["unspecified"]) == sided and bare["unspecified"] > sided["unspecified"]:
            yield _side_finding(
                record,
                pair,
                f"{pair[0]} and {pair[1]}: one names the side, the other says it is unspecified.",
                "Keep the one that names the side.",
            )


def same_but_side(one: Code, other: Code) -> bool:
    """Return whether two titles differ in the side alone, or one leaves it unspecified."""
    (side, rest), (side2, rest2) = _side(_words(one)), _side(_words(other))
    loose = Counter(["unspecified"])
    return side != side2 and (rest == rest2 or rest - loose == rest2 or rest2 - loose == rest)


def _side_finding(record: Record, pair: tuple[str, ...], rule: str, remedy: str) -> Finding:
    return Finding(
        "laterality-conflict", "warning", pair, rule,
        GUIDELINES + "I.B.13; " + record.tabular("titles of these codes"), remedy,
    )  # fmt: skip


def _bilateral(record: Record, code: Code, rest: Counter[str]) -> str | None:
    """Return the bilateral twin of a one-sided code: a near relative with the same other words."""
    near = code.code
    for _ in range(3 if len(plain(code.code)) == 7 else 2):
        above = record.book[near].parent
        if above is None or record.book[above].level < 2:
            break
        near = above
    for leaf in record.book.leaves(near):
        if _side(_words(leaf)) == ("bilateral", rest):
            return leaf.code
    return None


def _mother_and_newborn(record: Record) -> Iterator[Finding]:
    mother = [e for e in record.entries if e.code.chapter == "15" or e.code.category in ("Z37", "Z3A")]
    child = [e for e in record.entries if e.code.chapter in ("16", "17") or e.code.category == "Z38"]
    if not mother or not child:
        return
    which = next((e for e in child if e.code.chapter != "17"), child[0])
    note, says = _CHILD_NOTES.get(which.code.chapter, _CHILD_NOTES["21"])
    yield Finding(
        "wrong-record",
        "error",
        (mother[0].code.code, which.code.code),
        f"{mother[0].code.code} is for the mother's record and {which.code.code} is not. "
        f'The note at {note} says: "{says}".',
        record.tabular(f"notes at chapter 15 and at {note}"),
        "Keep two records: the mother's and the child's.",
    )


def _place_later(record: Record) -> Iterator[Finding]:
    """Y92 belongs to the initial encounter: look at the 7th characters of the injuries beside it."""
    places = [e for e in record.entries if e.code.category == "Y92"]
    ends = {plain(e.code.code)[6:] for e in record.entries if e.code.chapter == "19"} - {""}
    if places and ends and not any(end in _ACTIVE for end in ends):
        yield Finding(
            "place-after-initial-encounter",
            "warning",
            (places[0].code.code,),
            'The text at Y92 says: "Place of occurrence should be recorded only at the initial encounter '
            'for treatment"; the injury codes here are for a later one.',
            record.tabular("inclusion term at Y92"),
            f"Leave out {places[0].code.code}.",
        )
