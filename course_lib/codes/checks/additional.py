"""Use additional code, combination codes, and codes that stand alone."""

import csv
import re
from collections.abc import Iterator
from functools import cache

from course_lib import datasets
from course_lib.codes.checks.model import GUIDELINES, Entry, Finding, NoteGroup, Record, listed
from course_lib.codes.checks.order import CONDITIONAL
from course_lib.codes.checks.refs import matches, means

COMBINATIONS = "codes/icd10cm_combinations.csv"

# The code already says that there is such a thing, so its detail can always be given.
_IMPLIED = re.compile(
    r"stage of|type of (heart failure|obesity|HIV|hyperten|secondary hyperten|kidney|infertility)|severity"
    r"|site of ulcer|outcome of delivery|the joint|limb amputated|percentage of skin|heart failure"
    r"|specific malignancy|retinal detachment|superficial thrombophlebitis",
    re.I,
)
_LIST_BINDS = re.compile(r"to identify (control|the type|type|the source|source)\b", re.I)
_ALONE = re.compile(r"not to be used with any other code from chapter (\d+)", re.I)


def check(record: Record) -> Iterator[Finding]:
    """Yield missing or misplaced additional codes, and codes that one code replaces."""
    told: set[str] = set()
    for entry in record.entries:
        for group in entry.groups("use additional code"):
            if group.origin not in told:
                told.add(group.origin)
                yield from _use_additional(record, entry, group)
        yield from _stands_alone(record, entry)
    yield from _combinations(record)


def _use_additional(record: Record, entry: Entry, group: NoteGroup) -> Iterator[Finding]:
    if not _binds(record, group):
        return
    others = [e for e in record.entries if e is not entry]
    named = [e for e in others if any(means(n, e.code) for n in group.notes)]
    code = entry.code.code
    where = record.tabular(f"use additional code at {group.place}; ") + GUIDELINES + "I.B.7"
    quote = f'Use additional code at {group.place} says: "{group.text}".'
    if named and all(e.place < entry.place for e in named):
        detail = named[0].code.code
        if detail not in _later_than_listed(named):
            yield Finding(
                "use-additional-order",
                "warning",
                (code, detail),
                f"{detail} stands before {code}. {quote}",
                where,
                f"List {detail} after {code}.",
            )
    elif not named and (severity := _how_bad(group, others)):
        yield Finding(
            "use-additional-missing",
            severity,
            (code,),
            f"Nothing listed is the detail that {code} asks for. {quote}",
            where,
            f"Add that code after {code}" + (", if the record has it." if severity == "info" else "."),
        )


def _later_than_listed(named: list[Entry]) -> set[str]:
    """Return codes whose own code-first note already speaks about the order."""
    return {e.code.code for e in named if any(True for _ in e.groups("code first"))}


def _binds(record: Record, group: NoteGroup) -> bool:
    """Return whether the note instructs in every case, as far as its words can tell."""
    node = record.book.get(group.origin)
    if node is None or node.level < 2 or CONDITIONAL.search(group.text):
        return False
    head = group.notes[0].text
    open_list = head.endswith(":") and not _LIST_BINDS.search(head)
    return not open_list and not re.search(r"such as|tobacco|external cause|associated", group.text)


def _how_bad(group: NoteGroup, others: list[Entry]) -> str:
    refs = [ref for note in group.notes for ref in note.refs]
    if not refs:
        if others:
            return ""
        # The germ is often unknown; the finding, the infection or the complication is not.
        return "info" if re.search("organism|infectious agent", group.text) else "warning"
    families = {ref.first[:3] for ref in refs}
    if any(e.code.category in families for e in others):
        return "info"
    return "warning" if _IMPLIED.search(group.text) else "info"


def _stands_alone(record: Record, entry: Entry) -> Iterator[Finding]:
    for note in entry.notes:
        found = _ALONE.search(note.text)
        if not found:
            continue
        clash = [e.code.code for e in record.entries if e is not entry and e.code.chapter == found[1]]
        if clash:
            yield Finding(
                "stands-alone",
                "error",
                (entry.code.code, *clash),
                f"{entry.code.code} is listed with {listed(clash, 'and')}. The text at {note.origin} says: "
                f'"{note.text[note.text.rfind("This code") :]}"',
                record.tabular(f"inclusion term at {note.origin}"),
                f"Keep {entry.code.code} only when nothing else of chapter {found[1]} is in the record.",
            )


@cache
def combinations() -> tuple[dict[str, str], ...]:
    """Return the rows of the table of combination codes."""
    with datasets.path(COMBINATIONS).open(encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


def _combinations(record: Record) -> Iterator[Finding]:
    for row in combinations():
        for one in (e for e in record.entries if matches(row["code"], e.code.code)):
            others = [e for e in record.entries if matches(row["with"], e.code.code)]
            if others and not any(matches(row["instead"], e.code.code) for e in record.entries):
                yield Finding(
                    "combination-code",
                    "warning",
                    (one.code.code, others[0].code.code),
                    row["rule"],
                    row["source"],
                    f"Use {row['instead'].replace('.-', '')} in place of {one.code.code}, unless the record "
                    "says that the two are not related.",
                )
