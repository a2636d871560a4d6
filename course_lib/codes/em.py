"""Evaluation and management: the level of an office visit, by decisions or by time.

>>> from course_lib import em
>>> em.level("moderate", "limited", "moderate", new_patient=False)
'99214'
>>> em.level_by_time(34, new_patient=False)
'99214'

The rules are those of CPT since 2021, with the single minimum times of 2024. What makes a
problem, a piece of data or a risk low or moderate is in ``datasets/codes/mdm_elements.csv``,
in our words: a person reads the record and decides that. This module does the rest.
"""

from dataclasses import dataclass
from functools import cache

from course_lib.codes.cpt import NOTICE
from course_lib.codes.tables import CodeTable, rows
from course_lib.errors import CourseError

__all__ = ["DATA", "MDM", "PROBLEMS", "RISK", "OfficeVisit", "decisions", "level", "level_by_time", "levels"]

# The four levels of each element, lowest first, and of the decision making that they make.
PROBLEMS = ("minimal", "low", "moderate", "high")
DATA = ("minimal", "limited", "moderate", "extensive")
RISK = ("minimal", "low", "moderate", "high")
MDM = ("straightforward", "low", "moderate", "high")
_WORDS = {"problems": PROBLEMS, "data": DATA, "risk": RISK}


@dataclass(frozen=True, slots=True)
class OfficeVisit:
    """One office visit code.

    Attributes
    ----------
    code : str
        A CPT number.
    new_patient : bool
        Nobody of the group with the same specialty saw the patient face to face in three years.
    mdm : str
        Level of decision making, one of `MDM`; ``""`` for 99211, which has none.
    minutes : int or None
        Time on the day of the visit that must be met or exceeded; None for 99211.
    minutes_2021_to_2023 : str
        The range that stood in its place before 2024.
    source : str
        Where the numbers come from.
    """

    code: str
    new_patient: bool
    mdm: str
    minutes: int | None
    minutes_2021_to_2023: str
    source: str


@cache
def levels() -> CodeTable[OfficeVisit]:
    """Return the nine office visit codes: ``levels()["99213"].minutes``."""
    entries = (
        OfficeVisit(
            code=row["code"],
            new_patient=row["new_patient"] == "yes",
            mdm=row["mdm"],
            minutes=int(row["minutes"]) if row["minutes"] else None,
            minutes_2021_to_2023=row["minutes_2021_to_2023"],
            source=row["source"],
        )
        for row in rows("office_visit_levels.csv")
    )
    return CodeTable(entries, name="Office visit levels", release="since 2024", notice=NOTICE)


def decisions(problems: str, data: str, risk: str) -> str:
    """Return the level of medical decision making: the highest that two of the three elements reach.

    Sort the three; two of them stand at the middle one or above it.

    Parameters
    ----------
    problems, data, risk : str
        One of `PROBLEMS`, of `DATA` and of `RISK`.

    Returns
    -------
    str
        One of `MDM`.

    Raises
    ------
    CourseError
        When a word is not a level of its element.

    Notes
    -----
    CPT guidelines for evaluation and management since 2021; restated by First Coast Service
    Options (Medicare), Medical decision making and the impact of prescription drug management.
    """
    ranks = sorted([_rank("problems", problems), _rank("data", data), _rank("risk", risk)])
    return MDM[ranks[1]]


def level(problems: str, data: str, risk: str, *, new_patient: bool) -> str:
    """Return the office visit code for a level of decision making; see `decisions`.

    Parameters
    ----------
    problems, data, risk : str
        One of `PROBLEMS`, of `DATA` and of `RISK`.
    new_patient : bool
        Whether the patient is new to the group and specialty.
    """
    reached = decisions(problems, data, risk)
    return next(v.code for v in levels().values() if v.new_patient == new_patient and v.mdm == reached)


def level_by_time(minutes: float, *, new_patient: bool) -> str | None:
    """Return the office visit code for a total time: the highest whose minimum is met or exceeded.

    Parameters
    ----------
    minutes : float
        What the clinician spent on the patient on the day of the visit, with or without
        the patient. Time of staff, travel, teaching and separately billed services is not in it.
    new_patient : bool
        Whether the patient is new to the group and specialty.

    Returns
    -------
    str or None
        None when the time is below the lowest minimum: time then chooses no code.

    Raises
    ------
    CourseError
        When `minutes` is below zero.

    Notes
    -----
    CPT guidelines since 2024-01-01: no range and no rounding to the middle.
    """
    if not minutes >= 0:
        raise CourseError(f"{minutes} minutes is no time.", remedy="Give the minutes of the record.")
    reached = [
        v for v in levels().values() if v.new_patient == new_patient and v.minutes and v.minutes <= minutes
    ]
    return max(reached, key=lambda v: v.minutes or 0).code if reached else None


def _rank(element: str, word: str) -> int:
    words = _WORDS[element]
    if word not in words:
        raise CourseError(f"{word!r} is no level of {element}.", remedy=f"It is one of: {', '.join(words)}.")
    return words.index(word)
