"""Modifiers: two characters behind a procedure code that tell what was special."""

from dataclasses import dataclass

from course_lib.codes.cpt import NOTICE, CptCode
from course_lib.codes.tables import CodeTable, rows
from course_lib.errors import CourseError

__all__ = ["Modifier", "attach", "load"]

_VISITS = "Evaluation and Management"
_PCTC = {
    "0": "a clinician's own work, and nothing of it is a machine's",
    "2": "the reading only already",
    "3": "the machine and the staff only already",
    "4": "a whole whose parts have codes of their own",
    "5": "the work of staff under a clinician",
    "7": "therapy",
    "9": "outside this idea",
}


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


def attach(code: CptCode, modifier: str) -> str:
    """Return the code with its modifier as a claim line writes them, such as ``71046-26``.

    26 and TC go only with a code that splits (PC/TC indicator 1). 24, 25 and 57 go only
    with a visit. 51 never goes with an add-on code. Other pairs are not judged here: they
    hang on the record and on the payer.

    Parameters
    ----------
    code : CptCode
        From ``cpt.load()``.
    modifier : str
        Two characters.

    Raises
    ------
    CourseError
        When the pair is wrong for every record. The remedy says what to look at instead.

    Notes
    -----
    PC/TC indicators: Medicare Physician Fee Schedule payment policy indicators, restated by
    Palmetto GBA (HCPCS modifier TC). 24, 25, 57: NCCI Policy Manual, chapter I, sections D and E.
    51: Noridian Healthcare Solutions, modifier 51.
    """
    found = load()[modifier]
    pair = f"{code.code}-{found.code}"
    if found.code in ("26", "TC") and code.splits is False:
        what = _PCTC.get(code.pctc, "a service that does not split")
        raise CourseError(
            f"{pair} is not a pair: {code.code} is {what} (PC/TC indicator {code.pctc}).",
            remedy=f"{code.note}." if code.pctc == "4" else "Leave the modifier off.",
        )
    if found.code in ("24", "25", "57") and code.section not in ("", _VISITS):
        raise CourseError(
            f"{pair} is not a pair: modifier {found.code} goes with a visit, and {code.code} is none.",
            remedy="Put it on the line of the visit.",
        )
    if found.code == "51" and code.add_on:
        raise CourseError(
            f"{pair} is not a pair: {code.code} is an add-on code, and its value already allows for that.",
            remedy="Leave the modifier off.",
        )
    return pair
