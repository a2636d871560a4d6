"""Edits on units: medically unlikely edits (MUE), the most that is plausible of one code in a day."""

from collections.abc import Iterator

from course_lib.claims.edits.model import Case, Hit, Rule
from course_lib.claims.tables import by_code

_PER_LINE = "1"
_WHY = {
    "1": "It counts line by line (indicator 1).",
    "2": "It counts all lines of the day, and is a rule, not an estimate (indicator 2).",
    "3": "It counts all lines of the day; with proof, more can be paid on appeal (indicator 3).",
    "": "How it counts is not in our copy; we count the day.",
}


def too_many(case: Case) -> Iterator[Hit]:
    """Yield each code with more units than its ceiling, on a line or in a day."""
    for day, lines in case.days().items():
        for code in dict.fromkeys(line.code for _, line in lines):
            row = by_code("mue").get(code)
            mine = [(number, line) for number, line in lines if line.code == code]
            if row is None:
                continue
            groups = [[one] for one in mine] if row["adjudication"] == _PER_LINE else [mine]
            for group in groups:
                units = sum(line.units for _, line in group)
                if units > int(row["units"]):
                    yield Hit(
                        f"{units} units of {code} on {day}; the ceiling is {row['units']}. "
                        f"{_WHY[row['adjudication']]}",
                        (code,),
                        tuple(number for number, _ in group),
                        severity="error" if row["edition"] == "Medicare" else "warning",
                        source=f"{row['source']}, row {code}",
                    )


RULES = (
    Rule(
        "mue",
        "error",
        "The units of a code may not go over its medically unlikely edit.",
        "Check the count against the record, and what one unit means. Correct it, or appeal with proof.",
        "CMS NCCI medically unlikely edits",
        too_many,
    ),
)
