"""What a claim is: plain, frozen dataclasses that refuse what no claim form could hold."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

    from course_lib.claims.form import Form

LETTERS = "ABCDEFGHIJKL"  # box 21 has twelve places
MAX_POINTERS = 4
MAX_MODIFIERS = 4
MAX_LINES = 50  # of one 837P claim; the paper form holds six

# Made up. Their last digit is not the check digit that the first nine call for, so no
# clinician and no clinic can ever be given them.
BILLING_NPI = "1999999990"
RENDERING_NPI = "1999999991"

PAYERS = {
    "medicare": "Medicare",
    "medicaid": "Medicaid",
    "commercial": "Commercial plan",
    "self-pay": "Self-pay",
}


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody invented.

    Attributes
    ----------
    control : str
        Made-up member number.
    age : int
        Completed years on the first day of service.
    sex : str
        ``F`` or ``M``.
    age_days : int, optional
        Days of life, of a child who is not yet one year old; needed then.
    """

    control: str
    age: int
    sex: str
    age_days: int | None = None

    def __post_init__(self) -> None:
        if self.sex not in ("F", "M"):
            raise CourseError(f"the sex is {self.sex!r}.", remedy="Write 'F' or 'M', as it is recorded.")
        if not 0 <= self.age <= 130:
            raise CourseError(f"the age is {self.age} years.", remedy="Give completed years, 0 to 130.")
        if (self.age == 0) != (self.age_days is not None) or not 0 <= (self.age_days or 0) <= 365:
            raise CourseError(
                f"the age is {self.age} years and {self.age_days} days.",
                remedy="Give age_days, 0 to 365, for a child of age 0, and for nobody else.",
            )

    @property
    def years(self) -> float:
        """The age in years, a part of one for an infant."""
        return self.age + (self.age_days or 0) / 365.25

    def born(self, on: date) -> date:
        """Return a made-up date of birth that gives this age on that day."""
        if self.age_days is not None:
            return on - timedelta(days=self.age_days)
        return date(on.year - self.age, 1, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One service line (box 24).

    Attributes
    ----------
    date : datetime.date
        Day of service (24A).
    place_of_service : str
        Two digits (24B).
    code : str
        CPT or HCPCS number (24D).
    modifiers : tuple of str
        Up to four, in order (24D).
    charge : Decimal
        Dollars for the whole line (24F).
    units : int
        How many (24G).
    pointers : tuple of str
        Up to four letters of box 21, the main reason first (24E).
    """

    date: date
    place_of_service: str
    code: str
    modifiers: tuple[str, ...] = ()
    charge: Decimal = Decimal("0.00")
    units: int = 1
    pointers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.modifiers) > MAX_MODIFIERS:
            raise CourseError(
                f"{self.code} carries {len(self.modifiers)} modifiers; a line has room for {MAX_MODIFIERS}.",
                remedy="Keep those that change payment first, and drop the rest.",
            )
        if len(self.pointers) > MAX_POINTERS:
            raise CourseError(
                f"{self.code} points to {len(self.pointers)} diagnoses; a line has room for {MAX_POINTERS}.",
                remedy="Keep the four that explain this service best, the main reason first.",
            )
        if self.units < 1:
            raise CourseError(f"{self.code} has {self.units} units.", remedy="Give 1 or more.")
        if self.charge < 0:
            raise CourseError(f"{self.code} has a charge below zero.", remedy="Give dollars, 0 or more.")


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """One professional claim, synthetic throughout.

    Attributes
    ----------
    id : str
        Number of the claim at the practice (box 26); 1 to 20 letters, digits and hyphens.
    patient : Patient
        Who was treated.
    payer : str
        ``medicare``, ``medicaid``, ``commercial`` or ``self-pay``.
    diagnoses : tuple of str
        Up to 12 ICD-10-CM codes in order, with their dots (box 21 A to L).
    lines : tuple of Line
        Services, 1 to 50.
    filed_on : datetime.date
        Day on which it was, or is to be, sent.
    admitted_on : datetime.date, optional
        First day of the hospital stay that the services belong to (box 18).
    billing_npi, rendering_npi : str
        Made-up provider numbers whose check digit is wrong on purpose.
    """

    id: str
    patient: Patient
    payer: str
    diagnoses: tuple[str, ...]
    lines: tuple[Line, ...]
    filed_on: date
    admitted_on: date | None = None
    billing_npi: str = BILLING_NPI
    rendering_npi: str = RENDERING_NPI

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9-]{1,20}", self.id):
            raise CourseError(
                f"the claim's number is {self.id!r}.", remedy="Use 1 to 20 letters, digits and hyphens."
            )
        if self.payer not in PAYERS:
            raise CourseError(f"there is no payer {self.payer!r}.", remedy=f"Choose {', '.join(PAYERS)}.")
        if not self.diagnoses:
            raise CourseError("the claim has no diagnosis.", remedy="Say why the services were given.")
        if len(self.diagnoses) > len(LETTERS):
            raise CourseError(
                f"the claim lists {len(self.diagnoses)} diagnoses; a claim has room for {len(LETTERS)}.",
                remedy="Keep the 12 that explain the services. The record keeps all of them.",
            )
        if not 1 <= len(self.lines) <= MAX_LINES:
            raise CourseError(
                f"the claim has {len(self.lines)} service lines.",
                remedy=f"A claim has 1 to {MAX_LINES}. Split a longer one.",
            )

    @property
    def total(self) -> Decimal:
        """The sum of all charges (box 28), in dollars."""
        return sum((line.charge for line in self.lines), Decimal("0.00"))

    @property
    def service_date(self) -> date:
        """The first day of service."""
        return min(line.date for line in self.lines)

    def pointed(self, line: Line) -> tuple[str, ...]:
        """Return the diagnoses that a line points to; letters that lead nowhere are left out."""
        places = (self.place(letter) for letter in line.pointers)
        return tuple(self.diagnoses[place] for place in places if place is not None)

    def place(self, letter: str) -> int | None:
        """Return where a pointer leads among the diagnoses, from 0, or None when nowhere."""
        there = LETTERS[: len(self.diagnoses)]
        return there.index(letter) if len(letter) == 1 and letter in there else None

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a service line.

        Columns: claim, line (from 1), date, place_of_service, code, modifiers (joined by
        blanks), units, charge (float, dollars), pointers (joined), diagnoses (joined by
        blanks).
        """
        import pandas as pd

        rows = [
            {
                "claim": self.id,
                "line": number,
                "date": line.date.isoformat(),
                "place_of_service": line.place_of_service,
                "code": line.code,
                "modifiers": " ".join(line.modifiers),
                "units": line.units,
                "charge": float(line.charge),
                "pointers": "".join(line.pointers),
                "diagnoses": " ".join(self.pointed(line)),
            }
            for number, line in enumerate(self.lines, start=1)
        ]
        return pd.DataFrame(rows)

    def form(self) -> "Form":
        """Return the claim as two tables that read like the CMS-1500, by box number."""
        from course_lib.claims.form import form

        return form(self)

    def __repr__(self) -> str:
        codes = ", ".join(line.code for line in self.lines)
        why = ", ".join(self.diagnoses)
        return f"<Claim {self.id}: {self.payer}, {codes} for {why}, {self.total:,.2f} dollars>"

    def _repr_html_(self) -> str:
        return self.form()._repr_html_()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an edit found.

    Attributes
    ----------
    rule : str
        Id of the rule; `rules` lists them all.
    severity : str
        ``error``: it would be rejected or denied. ``warning``: likely wrong, the record
        decides. ``info``: nothing is wrong; something to know.
    codes : tuple of str
        What it is about.
    message, remedy, source : str
        What is the matter; what to do; where the rule stands.
    lines : tuple of int
        Numbers of the service lines, from 1; empty when it is about the whole claim.
    """

    rule: str
    severity: str
    codes: tuple[str, ...]
    message: str
    remedy: str
    source: str
    lines: tuple[int, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return it as a plain dict, for a frame or for JSON."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "codes": list(self.codes),
            "lines": list(self.lines),
            "message": self.message,
            "remedy": self.remedy,
            "source": self.source,
        }
