"""Edits on the diagnoses: what the code book says of the list on the day of service."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from course_lib.claims.edits.model import NUCC, Case, Hit, Rule

if TYPE_CHECKING:
    from course_lib.codes.check import Finding as BookFinding

_EMERGENCY = "23"


def book_findings(case: Case) -> Iterator[Hit]:
    """Yield what `CodeBook.check` finds, for each day on which something was done.

    A claim that runs over October 1 is judged twice: a code may hold on one day only. The
    clinician's own claim follows the rules for outpatients wherever the patient was.
    """
    patient, seen = case.claim.patient, set()
    for day, lines in sorted(case.days().items()):
        places = {line.place_of_service for _, line in lines}
        found = case.book.check(
            case.claim.diagnoses,
            on=day,
            setting="emergency" if places == {_EMERGENCY} else "outpatient",
            age=patient.years,
            sex=patient.sex,
        )
        for finding in found:
            if finding not in seen:
                seen.add(finding)
                yield _hit(finding)


def unused(case: Case) -> Iterator[Hit]:
    """Yield each diagnosis that no line points to."""
    used = {code for line in case.claim.lines for code in case.claim.pointed(line)}
    for code in case.claim.diagnoses:
        if code not in used:
            yield Hit(f"No service points to {code}.", (code,))


def _hit(finding: "BookFinding") -> Hit:
    return Hit(
        finding.rule,
        finding.codes,
        kind=finding.kind,
        severity=finding.severity,
        remedy=finding.remedy or "Read the note or the guideline that is named, and the record.",
        source=finding.source,
    )


RULES = (
    Rule(
        "dx",
        "error",
        "The diagnosis codes hold together on the day of service: valid, specific, in order, no Excludes1 "
        "pair, right age and sex. The kind of finding follows the name, as in dx-excludes1.",
        "Mend the list of diagnoses.",
        "ICD-10-CM Tabular List and Official Guidelines; each finding names its place",
        book_findings,
    ),
    Rule(
        "dx-unused",
        "info",
        "A diagnosis may stand on the claim without a service that points to it.",
        "Nothing, if it tells of the patient. Else add its letter to the service that it explains.",
        NUCC + "24E",
        unused,
    ),
)
