"""Order around injuries and drugs: sequelae, poisoning, underdosing."""

from collections.abc import Iterator

from course_lib.codes.checks.model import GUIDELINES, Entry, Finding, Record
from course_lib.codes.checks.refs import matches

_DRUGS_AND_TOXINS = "T36-T65"


def check(record: Record) -> Iterator[Finding]:
    """Yield injury and drug codes in a place that the guidelines do not allow."""
    for entry in record.entries:
        title = entry.code.title.lower()
        if title.endswith(", sequela") and entry.code.chapter != "20":
            yield from _sequela(record, entry)
        elif title.startswith("underdosing") and entry.place == 0:
            yield _underdosing(record, entry)
        elif title.startswith(("poisoning", "toxic effect")):
            yield from _poisoning(record, entry)


def _sequela(record: Record, entry: Entry) -> Iterator[Finding]:
    if entry.place == 0:
        yield Finding(
            "sequela-first",
            "warning",
            (entry.code.code,),
            f"{entry.code.code} says what a condition came from; the condition itself is the "
            f"{record.first_word}.",
            GUIDELINES + ("I.B.10 and I.C.19.a" if entry.code.chapter == "19" else "I.B.10"),
            f"List what the patient has now (a scar, a contracture), then {entry.code.code}.",
        )


def _underdosing(record: Record, entry: Entry) -> Finding:
    return Finding(
        "underdosing-first",
        "error",
        (entry.code.code,),
        f"{entry.code.code} is an underdosing, which is never the {record.first_word}.",
        GUIDELINES + "I.C.19.e.5.c",
        "List the condition that got worse or was left untreated first.",
    )


def _poisoning(record: Record, entry: Entry) -> Iterator[Finding]:
    before = [e for e in record.entries if e.place < entry.place]
    if before and not any(matches(_DRUGS_AND_TOXINS, e.code.code) for e in before):
        code, other = entry.code.code, before[0].code.code
        yield Finding(
            "poisoning-order",
            "warning",
            (code, other),
            f"{code} stands after {other}. A poisoning or toxic effect goes before its manifestations.",
            GUIDELINES + "I.C.19.e.5.b and d",
            f"List {code} first, unless {other} has nothing to do with it.",
        )
