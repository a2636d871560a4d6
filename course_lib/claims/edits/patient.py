"""Edits on age and sex against the service; those of the diagnosis stand in the code book."""

from collections.abc import Iterator

from course_lib.claims.edits.model import Case, Hit, Rule
from course_lib.claims.tables import by_code

_WORD = {"F": "female", "M": "male"}


def wrong_sex(case: Case) -> Iterator[Hit]:
    """Yield each service that is for the other sex."""
    for number, line in case.numbered:
        row = by_code("procedure_limits").get(line.code)
        if row and row["sex"] and row["sex"] != case.claim.patient.sex:
            yield Hit(
                f"{line.code} for a patient recorded as {_WORD[case.claim.patient.sex]}. {row['why']}",
                (line.code,),
                (number,),
                source=row["source"],
            )


def wrong_age(case: Case) -> Iterator[Hit]:
    """Yield each service that is for another age."""
    years = case.claim.patient.years
    for number, line in case.numbered:
        row = by_code("procedure_limits").get(line.code)
        if row and not int(row["age_min"] or 0) <= years < int(row["age_max"] or 200) + 1:
            yield Hit(
                f"{line.code} for a patient of {case.claim.patient.age} years. {row['why']}",
                (line.code,),
                (number,),
                source=row["source"],
            )


RULES = (
    Rule(
        "service-sex",
        "error",
        "Some services are for one sex.",
        "Check the code, and the sex on the record. If both are right, ask the payer how to bill it.",
        "datasets/claims/procedure_limits.csv",
        wrong_sex,
    ),
    Rule(
        "service-age",
        "error",
        "Some services are for one age.",
        "Check the code, and the date of birth.",
        "datasets/claims/procedure_limits.csv",
        wrong_age,
    ),
)
