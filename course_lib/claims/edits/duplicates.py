"""Edits on what was billed already, on this claim or an earlier one."""

from collections.abc import Iterator

from course_lib.claims.edits.model import Case, Hit, Rule
from course_lib.claims.model import Line

# Each says why the same code stands there again.
_REPEAT = frozenset({"59", "76", "77", "91", "XE", "XP", "XS", "XU"})
_SOURCE = "Medicare Claims Processing Manual (Pub. 100-04), chapter 1, section 120"


def _same(one: Line, other: Line) -> bool:
    return (one.date, one.code, sorted(one.modifiers)) == (other.date, other.code, sorted(other.modifiers))


def on_this_claim(case: Case) -> Iterator[Hit]:
    """Yield each line that stands on the claim already."""
    for number, line in case.numbered:
        if _REPEAT & set(line.modifiers):
            continue
        first = next(n for n, other in case.numbered if _same(line, other))
        if first < number:
            what = " ".join((line.code, *line.modifiers))
            yield Hit(
                f"Line {number} repeats line {first}: {what} on {line.date}.",
                (line.code,),
                (first, number),
            )


def on_an_earlier_claim(case: Case) -> Iterator[Hit]:
    """Yield each line that an earlier claim of the same patient and clinician holds."""
    past = [(claim, other) for claim in case.earlier() for other in claim.lines]
    for number, line in case.numbered:
        if _REPEAT & set(line.modifiers):
            continue
        for claim, other in past:
            if _same(line, other):
                yield Hit(
                    f"Line {number} ({line.code}, {line.date}) was billed on claim {claim.id}, filed on "
                    f"{claim.filed_on}.",
                    (line.code,),
                    (number,),
                )
                break


RULES = (
    Rule(
        "duplicate-line",
        "error",
        "One service is billed once.",
        "Add up the units on one line, or say with 76, 77 or 59 why it was done again.",
        _SOURCE,
        on_this_claim,
    ),
    Rule(
        "duplicate-claim",
        "error",
        "A service that was billed is not billed again.",
        "Look up what became of the first claim. To change it, send a corrected claim, not a second one.",
        _SOURCE,
        on_an_earlier_claim,
    ),
)
