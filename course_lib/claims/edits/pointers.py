"""Edits on the links between services and diagnoses (box 24E)."""

from collections.abc import Iterator

from course_lib.claims.edits.model import NUCC, Case, Hit, Rule
from course_lib.claims.model import LETTERS

_SOURCE = NUCC + "24E; ASC X12 005010X222A1, SV107"


def missing(case: Case) -> Iterator[Hit]:
    """Yield each line without any pointer."""
    for number, line in case.numbered:
        if not line.pointers:
            yield Hit(f"Line {number} ({line.code}) points to no diagnosis.", (line.code,), (number,))


def nowhere(case: Case) -> Iterator[Hit]:
    """Yield each pointer that leads to no diagnosis of the claim."""
    there = LETTERS[: len(case.claim.diagnoses)]
    has = f"{len(there)} diagnoses: {there[0]} to {there[-1]}" if len(there) > 1 else "one diagnosis: A"
    for number, line in case.numbered:
        for letter in line.pointers:
            if case.claim.place(letter) is None:
                yield Hit(
                    f"Line {number} ({line.code}) points to {letter!r}, but the claim has {has}.",
                    (line.code,),
                    (number,),
                )


def repeated(case: Case) -> Iterator[Hit]:
    """Yield each line that points to one diagnosis twice."""
    for number, line in case.numbered:
        if len(set(line.pointers)) < len(line.pointers):
            yield Hit(
                f"Line {number} ({line.code}) points to {''.join(line.pointers)}: one letter stands twice.",
                (line.code,),
                (number,),
            )


RULES = (
    Rule(
        "pointer-missing",
        "error",
        "Each service points to the diagnosis that explains it.",
        "Add the letter of the main reason first.",
        _SOURCE,
        missing,
    ),
    Rule(
        "pointer-nowhere",
        "error",
        "A pointer is the letter of a diagnosis in box 21.",
        "Use a letter that stands in box 21, or add the diagnosis there.",
        _SOURCE,
        nowhere,
    ),
    Rule(
        "pointer-repeated",
        "warning",
        "A letter stands once on a line.",
        "Take the second one out, or put in the letter that was meant.",
        _SOURCE,
        repeated,
    ),
)
