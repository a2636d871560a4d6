"""Edits on two services of one day: NCCI procedure-to-procedure pairs, and visit beside procedure.

The pairs are real, ``datasets/claims/ncci_pairs.csv``, a small part of Medicare's list. A pair that is not
there may still be one of Medicare's edits.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

from course_lib.claims.edits.model import MANUAL, Case, Hit, Rule
from course_lib.claims.model import Line
from course_lib.claims.tables import is_visit, procedures, rows

# Modifiers that can lift a pair with indicator 1: NCCI Policy Manual, chapter I, section E.
_ON_VISITS = frozenset({"24", "25", "57"})
_DISTINCT = frozenset({"58", "59", "78", "79", "91", "XE", "XP", "XS", "XU"})
_SITES = frozenset({"LT", "RT"} | {f"{a}{b}" for a in "FT" for b in "A123456789"}
                   | {"E1", "E2", "E3", "E4", "LC", "LD", "RC", "LM", "RI"})  # fmt: skip
_POLICY = "CMS NCCI Policy Manual, chapter I, section E"


@cache
def _pairs() -> dict[tuple[str, str], tuple[dict[str, str], ...]]:
    found: dict[tuple[str, str], tuple[dict[str, str], ...]] = {}
    for row in rows("ncci_pairs"):
        key = row["column_1"], row["column_2"]
        found[key] = (*found.get(key, ()), row)
    return found


def edit_on(column_1: str, column_2: str, day: date) -> dict[str, str] | None:
    """Return the row of a pair that is active on a day, or None.

    A pair with indicator 9 was taken back from its first day on and is never active.
    """
    for row in _pairs().get((column_1, column_2), ()):
        begun = row["effective"] <= day.isoformat()
        if row["indicator"] != "9" and begun and day.isoformat() <= (row["deleted"] or "9999-12-31"):
            return row
    return None


def lifted(one: Line, other: Line) -> tuple[str, ...]:
    """Return the modifiers that lift a pair with indicator 1, or none.

    A pair with a visit is lifted by a modifier for visits that stands on a visit. Other pairs
    are lifted by one for distinct services, or by two different sites.
    """
    visits = [line for line in (one, other) if is_visit(line.code)]
    if visits:
        return tuple(m for line in visits for m in line.modifiers if m in _ON_VISITS)
    distinct = tuple(m for line in (one, other) for m in line.modifiers if m in _DISTINCT)
    here, there = ({m for m in line.modifiers if m in _SITES} for line in (one, other))
    return distinct or (tuple(sorted(here | there)) if here and there and not here & there else ())


def _found(case: Case) -> Iterator[tuple[dict[str, str], int, Line, int | None, Line]]:
    """Yield (edit, number of its column 2 line, that line, number of its column 1 line, that line).

    The second number is None for a line of an earlier claim. A column 2 line of an earlier
    claim was paid already; then the column 1 line is the one to look at.
    """
    past = [line for claim in case.earlier() for line in claim.lines]
    for day, lines in case.days().items():
        beside: list[tuple[int | None, Line]] = [*lines, *((None, line) for line in past if line.date == day)]
        for number, line in lines:
            for other_number, other in beside:
                if other is line:
                    continue
                if edit := edit_on(other.code, line.code, day):
                    yield edit, number, line, other_number, other
                elif other_number is None and (edit := edit_on(line.code, other.code, day)):
                    yield edit, number, line, None, other


def _hit(number: int, line: Line, other_number: int | None, other: Line, what: str, source: str) -> Hit:
    where = f"line {other_number}" if other_number else "an earlier claim"
    return Hit(
        f"{line.code} on line {number} and {other.code} on {where}: {what}",
        (other.code, line.code),
        tuple(sorted({number, other_number or number})),
        source=source,
    )


def _source(row: dict[str, str]) -> str:
    return f"{row['source']}, row {row['column_1']} / {row['column_2']}, indicator {row['indicator']}"


def never_together(case: Case) -> Iterator[Hit]:
    """Yield each pair with indicator 0."""
    for row, number, line, other_number, other in _found(case):
        if row["indicator"] == "0":
            what = f"{row['column_2']} is part of {row['column_1']} and no modifier parts them (indicator 0)."
            yield _hit(number, line, other_number, other, what, _source(row))


def needs_modifier(case: Case) -> Iterator[Hit]:
    """Yield each pair with indicator 1 that no modifier lifts."""
    for row, number, line, other_number, other in _found(case):
        if row["indicator"] == "1" and not lifted(line, other):
            what = f"{row['column_2']} counts as part of {row['column_1']} unless a modifier says why not."
            yield _hit(number, line, other_number, other, what, _source(row))


def modifier_used(case: Case) -> Iterator[Hit]:
    """Yield each pair with indicator 1 that a modifier lifts."""
    for row, number, line, other_number, other in _found(case):
        if row["indicator"] == "1" and (used := lifted(line, other)):
            what = f"modifier {', '.join(used)} lifts the edit (indicator 1)."
            yield _hit(number, line, other_number, other, what, _source(row))


def visit_beside_procedure(case: Case) -> Iterator[Hit]:
    """Yield each visit without a modifier on the day of a procedure with a global period.

    Pairs of the NCCI table are left to their own edit.
    """
    wants = {"000": {"24", "25"}, "010": {"24", "25"}, "090": {"24", "25", "57"}}
    for day, lines in case.days().items():
        for number, visit in lines:
            if not is_visit(visit.code):
                continue
            for other_number, other in lines:
                code = procedures().get(other.code)
                wanted = wants.get(code.global_days) if code else None
                if wanted and not wanted & set(visit.modifiers) and not edit_on(other.code, visit.code, day):
                    yield Hit(
                        f"{visit.code} on line {number} beside {other.code} on line {other_number}, "
                        f"which has a global period of {code.global_days if code else ''}.",
                        (visit.code, other.code),
                        tuple(sorted((number, other_number))),
                    )


RULES = (
    Rule(
        "ncci-never",
        "error",
        "NCCI indicator 0: of these two services of one day, only column 1 is paid.",
        "Take the column 2 code out. No modifier helps.",
        "CMS NCCI procedure-to-procedure edits",
        never_together,
    ),
    Rule(
        "ncci-modifier",
        "error",
        "NCCI indicator 1: column 2 is paid only if a modifier says, and the record shows, it was apart.",
        "Read the record. If they were apart: 25 on a visit; else XE, XS, XP, XU or 59, or the two sides. "
        "If they were not, take column 2 out.",
        "CMS NCCI procedure-to-procedure edits",
        needs_modifier,
    ),
    Rule(
        "ncci-modifier-used",
        "info",
        "A modifier that lifts an NCCI edit must be true.",
        "Make sure that the record shows the separate service.",
        _POLICY,
        modifier_used,
    ),
    Rule(
        "visit-beside-procedure",
        "warning",
        "The usual visit of the day belongs to a procedure with a global period.",
        "If the visit was well beyond that: 25 beside a minor procedure, 57 if it decided on a 90-day one.",
        f"{MANUAL}, sections 30.6.6 and 40.2",
        visit_beside_procedure,
    ),
)
