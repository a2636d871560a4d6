"""From a coded encounter to a claim."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from course_lib.claims.model import Claim, Line, Patient
from course_lib.claims.tables import by_code
from course_lib.errors import CourseError

if TYPE_CHECKING:
    from course_lib.coding import Line as CodedLine
    from course_lib.coding import Submission
    from course_lib.encounters import CodedProcedure, Encounter, Key

# What the made-up charge list does not name, neither by code nor by first letter.
DEFAULT_CHARGE = Decimal("50.00")
_DAYS_TO_FILE = 3


def build(
    encounter: "Encounter", coded: "Key | Submission | None" = None, *, filed_on: date | None = None
) -> Claim:
    """Return the claim of an encounter.

    Parameters
    ----------
    encounter : encounters.Encounter
        The chart: who, when, where, and who pays.
    coded : coding.Submission, optional
        Your codes. Left out: the encounter's own key.
    filed_on : datetime.date, optional
        Day of sending; three days after the service when left out.

    Returns
    -------
    Claim
        With charges from the course's made-up list, ``datasets/claims/charges.csv``.

    Raises
    ------
    CourseError
        When there is no key and nothing was given, when nothing can go on a professional
        claim, or when there is more than a claim can hold (12 diagnoses, 4 pointers).

    Examples
    --------
    >>> from course_lib import claims, encounters  # doctest: +SKIP
    >>> claims.build(encounters.load("ankle-sprain-clinic"))  # doctest: +SKIP
    """
    coded = coded if coded is not None else encounter.key
    if coded is None:
        raise CourseError(
            f"the key of {encounter.id!r} is not in this copy of the course.",
            remedy="Code the chart yourself: claims.build(encounter, coding.Submission(diagnoses=[...])).",
        )
    if not coded.procedures:
        raise CourseError(_no_procedure(encounter), remedy=_instead(encounter))
    digest = hashlib.blake2b(encounter.id.encode(), digest_size=8)
    return Claim(
        id=_number(encounter.id, digest.hexdigest()),
        patient=Patient(
            control=f"SYN{int.from_bytes(digest.digest()[:4]):010d}",
            age=encounter.age,
            sex=encounter.sex,
            age_days=encounter.age_days if encounter.age == 0 else None,
        ),
        payer=encounter.payer,
        diagnoses=tuple(one if isinstance(one, str) else one.code for one in coded.diagnoses),
        lines=tuple(_line(encounter, procedure) for procedure in coded.procedures),
        filed_on=filed_on or encounter.service_date + timedelta(days=_DAYS_TO_FILE),
        admitted_on=encounter.admission_date,
    )


def charge(code: str, units: int = 1) -> Decimal:
    """Return the made-up charge for a code, in dollars."""
    row = by_code("charges").get(code) or by_code("charges").get(code[:1])
    return (Decimal(row["charge"]) if row else DEFAULT_CHARGE) * units


def _line(encounter: "Encounter", procedure: "CodedProcedure | CodedLine") -> Line:
    return Line(
        date=encounter.service_date,
        place_of_service=encounter.place_of_service,
        code=procedure.code,
        modifiers=tuple(procedure.modifiers),
        charge=charge(procedure.code, procedure.units),
        units=procedure.units,
        pointers=tuple(procedure.pointers),
    )


def _number(name: str, digest: str) -> str:
    """Return a number of at most 20 characters; a long name ends in a part of its digest."""
    return name if len(name) <= 20 else f"{name[:15].rstrip('-')}-{digest[:4]}"


def _no_procedure(encounter: "Encounter") -> str:
    if encounter.setting == "inpatient":
        return f"{encounter.id!r} is a hospital stay, which goes on the UB-04 form, not on the CMS-1500."
    return f"{encounter.id!r} has no procedure code, so a claim would have no service line."


def _instead(encounter: "Encounter") -> str:
    if encounter.setting == "inpatient":
        return "See what the stay is worth with claims.drg(...)."
    return "Add one: coding.Submission(diagnoses=[...], procedures=[coding.Line('99213', pointers=['A'])])."
