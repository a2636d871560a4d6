"""Rows of the simulation as claims that can be scrubbed, priced and written as X12."""

from decimal import Decimal
from typing import Any

from course_lib.claims.model import Claim, Line, Patient
from course_lib.claims.simulation.frames import Tables

PAYERS = {
    "Medicare": "medicare",
    "Medicaid": "medicaid",
    "Commercial A": "commercial",
    "Commercial B": "commercial",
}


def as_claims(tables: Tables, numbers: "list[str] | None" = None) -> list[Claim]:
    """Return claims of the simulation as `Claim` objects, as they were filed, faults and all.

    Parameters
    ----------
    tables : Tables
        pandas frames; of a Dask folder take a part first.
    numbers : list of str, optional
        Which claims, in that order; all when left out. Twelve diagnoses fit on a claim, and
        the simulation never has more.

    Returns
    -------
    list of Claim
        What they are scrubbed against is known: ``tables.truth``.
    """
    claims = tables.claims.set_index("claim")
    wanted = list(claims.index) if numbers is None else numbers
    chosen = claims.loc[wanted]
    born = tables.members.set_index("member")["birth_date"]
    mine = tables.lines[tables.lines["claim"].isin(set(wanted))]
    lines = {claim: rows.to_dict("records") for claim, rows in mine.groupby("claim")}
    days = (chosen["service_date"] - chosen["member"].map(born)).dt.days
    return [
        _claim(str(row["claim"]), row, lines[row["claim"]], int(day))
        for row, day in zip(chosen.reset_index().to_dict("records"), days, strict=True)
    ]


def _claim(number: str, row: dict[Any, Any], lines: list[dict[Any, Any]], day: int) -> Claim:
    service = row["service_date"].date()
    return Claim(
        id=number,
        patient=Patient(
            control=row["member"],
            age=row["age"],
            sex=row["sex"],
            age_days=day if row["age"] == 0 else None,
        ),
        payer=PAYERS[row["payer"]],
        diagnoses=tuple(row["diagnoses"].split(";")),
        lines=tuple(
            Line(
                date=service,
                place_of_service=row["place"],
                code=line["code"],
                modifiers=(line["modifiers"],) if line["modifiers"] else (),
                charge=Decimal(f"{line['charge']:.2f}"),
                units=line["units"],
                pointers=tuple(line["pointers"]),
            )
            for line in lines
        ),
        filed_on=row["filed_date"].date(),
    )
