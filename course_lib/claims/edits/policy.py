"""An edit on reason: a diagnosis that the service points to must explain it.

The table ``datasets/claims/policy.csv`` is the course's own and marked teaching. Real payers
publish such lists as coverage policies (for Medicare, NCDs and LCD articles).
"""

from collections.abc import Iterator

from course_lib.claims.edits.model import Case, Hit, Rule
from course_lib.claims.tables import by_code


def not_explained(case: Case) -> Iterator[Hit]:
    """Yield each service of the policy table whose pointed diagnoses are not on its list."""
    for number, line in case.numbered:
        row, pointed = by_code("policy").get(line.code), case.claim.pointed(line)
        if row is None or not pointed:  # a line without any pointer has its own edit
            continue
        allowed = row["diagnoses"].split(";")
        if not any(code.startswith(tuple(allowed)) for code in pointed):
            yield Hit(
                f"Line {number}: the policy for {line.code} does not list {' or '.join(pointed)}. "
                f"{row['why']}",
                (line.code, *pointed),
                (number,),
            )


RULES = (
    Rule(
        "policy-diagnosis",
        "warning",
        "A service is paid only for a diagnosis that can explain it (medical necessity).",
        "Read the record: point to the diagnosis that was the reason. If there is none, do not bill it so.",
        "Teaching policy of the course, datasets/claims/policy.csv; not a coverage decision of any payer",
        not_explained,
    ),
)
