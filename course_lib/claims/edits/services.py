"""Edits on the service itself: is the code known, in force, paid in that place, allowed alone."""

import re
from collections.abc import Iterator

from course_lib.claims.edits.model import Case, Hit, Rule
from course_lib.claims.tables import by_code, known_places, procedures, supplies

_MOCK = re.compile(r"P\d{4}")
_TECHNICAL, _PROFESSIONAL = "TC", "26"


def unknown(case: Case) -> Iterator[Hit]:
    """Yield each code that the course's samples do not hold."""
    for number, line in case.numbered:
        known = line.code in procedures() or line.code in supplies() or _MOCK.fullmatch(line.code)
        if not known:
            yield Hit(
                f"{line.code} is not in the course's samples of CPT and HCPCS.", (line.code,), (number,)
            )


def ended(case: Case) -> Iterator[Hit]:
    """Yield each code that was no longer in force on the day of service."""
    for number, line in case.numbered:
        code = procedures().get(line.code)
        if code and code.effective_to and line.date.isoformat() > code.effective_to:
            yield Hit(
                f"{line.code} ended on {code.effective_to}, the service was on {line.date}. {code.note}",
                (line.code,),
                (number,),
                source=code.source,
            )


def unknown_place(case: Case) -> Iterator[Hit]:
    """Yield each place of service that the course does not know."""
    for number, line in case.numbered:
        if line.place_of_service not in known_places():
            yield Hit(
                f"Line {number} ({line.code}) has place of service {line.place_of_service!r}.",
                (line.code,),
                (number,),
            )


def not_paid_there(case: Case) -> Iterator[Hit]:
    """Yield each service that Medicare's fee schedule marks NA for that kind of place."""
    for number, line in case.numbered:
        code = procedures().get(line.code)
        if code is None or line.place_of_service not in known_places():
            continue
        place = known_places()[line.place_of_service]
        barred = code.facility_na if place.facility else code.office_na
        if barred and not (place.facility and _PROFESSIONAL in line.modifiers):
            what = f"{line.code}-{_TECHNICAL}" if _TECHNICAL in line.modifiers else line.code
            yield Hit(
                f"{what} at place {place.code} ({place.name}): the fee schedule marks it NA there.",
                (line.code,),
                (number,),
                severity="error" if case.claim.payer == "medicare" else "warning",
                source=code.source,
            )


def add_on_alone(case: Case) -> Iterator[Hit]:
    """Yield each add-on code without a first service on the same day."""
    for lines in case.days().values():
        there = {line.code for _, line in lines}
        for number, line in lines:
            row = by_code("add_ons").get(line.code)
            if row and not there & set(row["primary"].split(";")):
                first = row["primary"].replace(";", ", ")
                yield Hit(
                    f"{line.code} is an add-on code. Its first service ({first}) is not there that day.",
                    (line.code,),
                    (number,),
                )


RULES = (
    Rule(
        "code-unknown",
        "info",
        "The course can check only the codes of its samples.",
        "Look the code up in a current CPT or HCPCS book. No edit here has judged it.",
        "datasets/codes/cpt_sample.csv and hcpcs_sample.csv",
        unknown,
    ),
    Rule(
        "code-ended",
        "error",
        "A procedure code must be in force on the day of service.",
        "Use the code that took its place.",
        "45 CFR 162.1000(a): code sets that are valid when the care is given",
        ended,
    ),
    Rule(
        "place-unknown",
        "warning",
        "The place of service is a code of the CMS list.",
        "Compare with places.load(); the course knows 25 of the codes.",
        "CMS Place of Service Code Set",
        unknown_place,
    ),
    Rule(
        "place-not-paid",
        "error",
        "Medicare sets an amount for some services only in an office, for some only in a facility.",
        "Check the place. A test in a hospital: bill the reading alone (26). The machine is the hospital's.",
        "CMS PFS Relative Value File, NA indicators",
        not_paid_there,
    ),
    Rule(
        "add-on-alone",
        "error",
        "An add-on code is never billed without its first service.",
        "Add the first service if it was done, or take the add-on out.",
        "CMS NCCI add-on code edits; CMS global indicator ZZZ",
        add_on_alone,
    ),
)
