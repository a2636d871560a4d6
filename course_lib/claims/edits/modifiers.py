"""Edits on modifiers: does each fit its code, and do they fit each other."""

from collections.abc import Iterator

from course_lib.claims.edits.model import MANUAL, NUCC, Case, Hit, Rule
from course_lib.claims.tables import is_visit, known_modifiers, procedures

_SPLIT = frozenset({"26", "TC"})
_VISITS_ONLY = frozenset({"24", "25", "57"})
_NEVER_ON_VISITS = frozenset({"59", "XE", "XP", "XS", "XU"})
_SIDES = frozenset({"LT", "RT", "50"})
_CPT = "CPT book, Appendix A, in our own words"


def unknown(case: Case) -> Iterator[Hit]:
    """Yield each modifier that is not in our table."""
    for number, line in case.numbered:
        for modifier in line.modifiers:
            if modifier not in known_modifiers():
                yield Hit(
                    f"Modifier {modifier} on {line.code} is not in our table.",
                    (line.code,),
                    (number,),
                )


def twice(case: Case) -> Iterator[Hit]:
    """Yield each line that carries a modifier twice."""
    for number, line in case.numbered:
        if len(set(line.modifiers)) < len(line.modifiers):
            yield Hit(f"{line.code} carries {' '.join(line.modifiers)}.", (line.code,), (number,))


def does_not_split(case: Case) -> Iterator[Hit]:
    """Yield 26 or TC on a code that has no such parts."""
    for number, line in case.numbered:
        code = procedures().get(line.code)
        used = sorted(_SPLIT & set(line.modifiers))
        if code and code.splits is False and used:
            yield Hit(
                f"{line.code} does not split, and carries {' and '.join(used)}. {code.note}".strip(),
                (line.code,),
                (number,),
                source=code.source,
            )


def both_parts(case: Case) -> Iterator[Hit]:
    """Yield each line with 26 and TC together."""
    for number, line in case.numbered:
        if set(line.modifiers) >= _SPLIT:
            yield Hit(f"{line.code} carries 26 and TC: both parts are the whole.", (line.code,), (number,))


def add_on_51(case: Case) -> Iterator[Hit]:
    """Yield 51 on an add-on code."""
    for number, line in case.numbered:
        code = procedures().get(line.code)
        if code and code.add_on and "51" in line.modifiers:
            yield Hit(
                f"{line.code} is an add-on code and carries 51.", (line.code,), (number,), source=code.source
            )


def not_a_visit(case: Case) -> Iterator[Hit]:
    """Yield a modifier for visits on something else."""
    for number, line in case.numbered:
        used = sorted(_VISITS_ONLY & set(line.modifiers))
        if used and not is_visit(line.code):
            yield Hit(f"{line.code} is no visit, and carries {', '.join(used)}.", (line.code,), (number,))


def distinct_visit(case: Case) -> Iterator[Hit]:
    """Yield 59 or one of its kind on a visit."""
    for number, line in case.numbered:
        used = sorted(_NEVER_ON_VISITS & set(line.modifiers))
        if used and is_visit(line.code):
            yield Hit(f"{line.code} is a visit, and carries {', '.join(used)}.", (line.code,), (number,))


def sides(case: Case) -> Iterator[Hit]:
    """Yield more than one of LT, RT and 50 on a line."""
    for number, line in case.numbered:
        used = sorted(_SIDES & set(line.modifiers))
        if len(used) > 1:
            yield Hit(f"{line.code} carries {' and '.join(used)}.", (line.code,), (number,))


def both_sides_units(case: Case) -> Iterator[Hit]:
    """Yield 50 with more than one unit."""
    for number, line in case.numbered:
        if "50" in line.modifiers and line.units != 1:
            yield Hit(f"{line.code}-50 has {line.units} units.", (line.code,), (number,))


RULES = (
    Rule(
        "modifier-unknown",
        "info",
        "The course can check only the modifiers of its table.",
        "Look it up in a current CPT or HCPCS book.",
        "datasets/codes/modifiers.csv",
        unknown,
    ),
    Rule(
        "modifier-twice",
        "error",
        "A modifier stands once on a line.",
        "Take one out.",
        NUCC + "24D",
        twice,
    ),
    Rule(
        "modifier-split",
        "error",
        "26 and TC go only on codes that split into a reading and a machine.",
        "Take it out, or use the code for that part if there is one.",
        "CMS PFS Relative Value File, PC/TC indicator",
        does_not_split,
    ),
    Rule(
        "modifier-both-parts",
        "error",
        "26 and TC are never on one line.",
        "Bill the code without them if you did both parts.",
        "CMS PFS Relative Value File, PC/TC indicator",
        both_parts,
    ),
    Rule(
        "modifier-51-add-on",
        "error",
        "An add-on code is never billed with 51.",
        "Take 51 out.",
        _CPT,
        add_on_51,
    ),
    Rule(
        "modifier-visit",
        "error",
        "24, 25 and 57 go on visits only.",
        "Put it on the visit of that day, if there was one.",
        "CMS NCCI Policy Manual, chapter I, section E; " + _CPT,
        not_a_visit,
    ),
    Rule(
        "modifier-59-visit",
        "error",
        "59 and XE, XP, XS, XU do not go on visits.",
        "If the visit was separate, use 25.",
        "CMS NCCI Policy Manual, chapter I, section E",
        distinct_visit,
    ),
    Rule(
        "modifier-sides",
        "error",
        "A line has one of LT, RT and 50.",
        "Both sides in one session: 50 alone, if the payer wants it so, or two lines with LT and RT.",
        f"{MANUAL}, section 40.7",
        sides,
    ),
    Rule(
        "modifier-50-units",
        "warning",
        "With 50, the line has one unit.",
        "Write 1 unit. Medicare pays both sides for it.",
        f"{MANUAL}, section 40.7",
        both_sides_units,
    ),
)
