"""Modifiers: two characters behind a procedure code that tell what was special."""

from dataclasses import dataclass

from course_lib.codes.cpt import NOTICE
from course_lib.codes.tables import CodeTable, rows

__all__ = ["Modifier", "load"]


@dataclass(frozen=True, slots=True)
class Modifier:
    """One modifier, in our own words.

    Attributes
    ----------
    code, name, meaning, used_on : str
        Two characters; what it says; what kind of code it goes with.
    owner : str
        ``AMA`` (CPT) or ``CMS`` (HCPCS Level II).
    own_rvu_row : bool
        Whether Medicare's relative value file can hold a row of its own for a code with it.
    source : str
        Where the meaning comes from.
    """

    code: str
    name: str
    meaning: str
    used_on: str
    owner: str
    own_rvu_row: bool
    source: str


def load() -> CodeTable[Modifier]:
    """Return the 21 modifiers of the course: ``modifiers.load()["25"].meaning``."""
    entries = (
        Modifier(
            code=row["code"],
            name=row["name"],
            meaning=row["meaning"],
            used_on=row["used_on"],
            owner=row["owner"],
            own_rvu_row=row["own_rvu_row"] == "yes",
            source=row["source"],
        )
        for row in rows("modifiers.csv")
    )
    return CodeTable(entries, name="Modifiers", release="2026", notice=NOTICE)
