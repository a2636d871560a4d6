"""A claim as a table that reads like the CMS-1500: our own drawing, box by box.

The form itself belongs to the National Uniform Claim Committee and is not shown. Box
numbers are facts; the words beside them are ours.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from course_lib.claims.model import LETTERS, PAYERS, Claim
from course_lib.plots import Table, table

if TYPE_CHECKING:
    import pandas as pd

_PAPER_LINES = 6


@dataclass(frozen=True)
class Form:
    """Two tables: the boxes of the claim, and its service lines (box 24)."""

    boxes: Table
    lines: Table

    def __repr__(self) -> str:
        return f"{self.boxes!r}\n\n{self.lines!r}"

    def _repr_html_(self) -> str:
        return self.boxes._repr_html_() + self.lines._repr_html_()


def form(claim: Claim) -> Form:
    """Return the claim by box number; see `Claim.form`."""
    import pandas as pd

    boxes = pd.DataFrame(_boxes(claim), columns=["box", "it asks for", "entry"])
    paper = (
        " The paper form has six lines, so this takes more than one."
        if len(claim.lines) > _PAPER_LINES
        else ""
    )
    return Form(
        table(boxes, caption=f"Claim {claim.id} by box of the CMS-1500. Synthetic: nobody in it is real."),
        table(_lines(claim), caption=f"Box 24: service lines of claim {claim.id}, in dollars.{paper}"),
    )


def _boxes(claim: Claim) -> list[tuple[str, str, str]]:
    patient = claim.patient
    born = patient.born(claim.service_date)
    stay = claim.admitted_on.isoformat() if claim.admitted_on else "none"
    return [
        ("1", "Kind of payer", PAYERS[claim.payer]),
        ("1a", "Number of the insured", patient.control),
        ("2", "Patient's name", "TEST, PATIENT (made up)"),
        ("3", "Date of birth and sex", f"{born.isoformat()} (made up), {patient.sex}"),
        ("18", "Hospital stay from", stay),
        ("21 ICD Ind.", "Which ICD", "0 (ICD-10-CM)"),
        *((f"21 {at}", "Diagnosis", code) for at, code in zip(LETTERS, claim.diagnoses, strict=False)),
        ("26", "Number of the account", claim.id),
        ("28", "Total charge", f"{claim.total:,.2f}"),
        ("31", "Signed and sent on", claim.filed_on.isoformat()),
        ("33", "Who bills", f"TEST CLINIC (made up), NPI {claim.billing_npi} (check digit wrong on purpose)"),
    ]


def _lines(claim: Claim) -> "pd.DataFrame":
    import pandas as pd

    columns = [
        "24", "24A date", "24B place", "24D code", "24D modifiers",
        "24E pointer", "24F charge", "24G units", "24J rendering NPI",
    ]  # fmt: skip
    rows = [
        (
            str(number),
            line.date.isoformat(),
            line.place_of_service,
            line.code,
            " ".join(line.modifiers),
            "".join(line.pointers),
            f"{line.charge:,.2f}",
            line.units,
            claim.rendering_npi,
        )
        for number, line in enumerate(claim.lines, start=1)
    ]
    return pd.DataFrame(rows, columns=columns)
