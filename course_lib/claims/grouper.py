"""What a hospital stay is worth: its MS-DRG, and what each secondary diagnosis does to it.

The grouping is done by `drgpy`, from the definition files of CMS; the weights are those of
the fiscal year 2026 final rule, Table 5. The base rate in dollars differs from hospital to
hospital, so the course stops at the weight.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from course_lib.claims.tables import rows
from course_lib.codes.book import plain
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

# Table 5 holds for discharges of the fiscal year 2026; drgpy has no version after it.
_FIRST, _LAST = date(2018, 10, 1), date(2026, 9, 30)
_WEIGHTS_FROM = date(2025, 10, 1)
_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_UNGROUPED = "000"
_NEWBORN, _AFTERCARE = "15", ("949", "950")


@dataclass(frozen=True, slots=True)
class Severity:
    """What one secondary diagnosis does beside the principal diagnosis alone.

    Attributes
    ----------
    code : str
        The diagnosis.
    level : str
        ``MCC`` (major complication or comorbidity), ``CC``, or ``""`` for neither.
    drg : str
        The MS-DRG with this one secondary diagnosis.
    weight : float or None
        Its relative weight.
    """

    code: str
    level: str
    drg: str
    weight: float | None


@dataclass(frozen=True, repr=False)
class Stay:
    """The MS-DRG of a hospital stay.

    Attributes
    ----------
    version : str
        Version of the grouper, such as ``v43.1``.
    drg, title, mdc, kind : str
        Three digits; CMS's title; major diagnostic category; ``medical`` or ``surgical``.
    weight : float or None
        Relative weight; None outside the fiscal year of the course's table.
    alone : Severity
        The stay with its principal diagnosis and procedures only.
    secondary : tuple of Severity
        One a secondary diagnosis, each alone beside the principal one.
    notes : tuple of str
        What the grouper does not know.
    """

    version: str
    drg: str
    title: str
    mdc: str
    kind: str
    weight: float | None
    alone: Severity
    secondary: tuple[Severity, ...]
    notes: tuple[str, ...] = ()

    def to_frame(self) -> "pd.DataFrame":
        """Return the comparison: columns diagnoses, level, drg, title, weight (float, NaN unknown)."""
        import pandas as pd

        table = [("principal only", self.alone)]
        table += [(f"with {one.code}", one) for one in self.secondary]
        cells = [(what, one.level, one.drg, _row(one.drg)["title"], one.weight) for what, one in table]
        cells.append(("all of them", "", self.drg, self.title, self.weight))
        frame = pd.DataFrame(cells, columns=["diagnoses", "level", "drg", "title", "weight"])
        return frame.astype({"weight": float})

    def __repr__(self) -> str:
        weight = f", weight {self.weight:.4f}" if self.weight is not None else ""
        return f"<MS-DRG {self.drg} {self.title}{weight}, {self.version}>"

    def _repr_html_(self) -> str:
        from html import escape

        from course_lib.plots import table

        frame = self.to_frame()
        frame["weight"] = [f"{w:.4f}" if w == w else "" for w in frame["weight"]]
        caption = f"MS-DRG {self.drg}, {self.version}: what each secondary diagnosis does to the group."
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return table(frame, caption=caption)._repr_html_() + (f"<ul>{notes}</ul>" if notes else "")


def drg(
    diagnoses: Sequence[str],
    procedures: Sequence[str] = (),
    *,
    sex: str,
    on: date | None = None,
    alive: bool = True,
    discharge_status: str = "01",
) -> Stay:
    """Return the MS-DRG of a stay, and what each secondary diagnosis does to it.

    Parameters
    ----------
    diagnoses : sequence of str
        ICD-10-CM codes, the principal diagnosis first.
    procedures : sequence of str
        ICD-10-PCS codes.
    sex : str
        ``F`` or ``M``; there is no default, because some groups depend on it.
    on : datetime.date, optional
        Day of discharge, which picks the version; 2026-09-30 when left out.
    alive : bool
        Whether the patient left alive.
    discharge_status : str
        Two digits of the UB-04; ``01`` is home.

    Raises
    ------
    CourseError
        When `drgpy` is not installed, a code is not valid that day, the principal diagnosis
        leads to no group, or no version covers the day.

    Notes
    -----
    `drgpy` does not use age or birth weight, so groups of newborns can be wrong; `Stay.notes`
    says so. CMS gives an invalid principal diagnosis the groups 998 or 999; here it is an error.
    """
    engine, version, day = _engine(on)
    if sex not in ("F", "M"):
        raise CourseError(f"the sex is {sex!r}.", remedy="Write sex='F' or sex='M', as it is recorded.")
    codes, operations = _checked(diagnoses, procedures, day)

    def group(some: list[str]) -> str:
        return str(
            engine.get_drg(some, operations, gender=sex, is_alive=alive, discharge_status=discharge_status)
        )

    found = group(codes)
    if found == _UNGROUPED:
        raise CourseError(
            f"{diagnoses[0]} leads to no MS-DRG as principal diagnosis.",
            remedy="Many codes cannot stand first: external causes, some Z codes, manifestations.",
        )
    weigh = day >= _WEIGHTS_FROM

    def severity(code: str, some: list[str]) -> Severity:
        level = (engine.ccmap.get(plain(code)) or {}).get("level", "") if code else ""
        number = group(some)
        return Severity(code, level, number, _weight(number) if weigh else None)

    row = _row(found)
    secondary = tuple(
        severity(code, [codes[0], bare]) for code, bare in zip(diagnoses[1:], codes[1:], strict=True)
    )
    return Stay(
        version,
        found,
        row["title"],
        row["mdc"],
        row["type"],
        _weight(found) if weigh else None,
        severity("", codes[:1]),
        secondary,
        tuple(_notes(found, row["mdc"], weigh)),
    )


def _engine(on: date | None) -> tuple[Any, str, date]:
    try:
        from drgpy._versions import get_version_for_date
        from drgpy.msdrg import DRGEngine
    except ImportError as why:
        raise CourseError(
            "the MS-DRG grouper is not installed.", remedy="Run `pip install 'crosswalk-course[payers]'`."
        ) from why
    day = on or _LAST
    if not _FIRST <= day <= _LAST:
        raise CourseError(
            f"there is no grouper for a discharge on {day}.", remedy=f"It covers {_FIRST} to {_LAST}."
        )
    version = get_version_for_date(day).name
    return _loaded(DRGEngine, version), version, day


@cache
def _loaded(kind: Any, version: str) -> Any:
    return kind(version=version)


def _checked(diagnoses: Sequence[str], procedures: Sequence[str], day: date) -> tuple[list[str], list[str]]:
    """Return the codes as the grouper wants them; it would pass over a wrong one in silence."""
    from course_lib.codes import icd10cm
    from course_lib.codes.validity import validity

    if isinstance(diagnoses, str) or not diagnoses:
        raise CourseError("there is no list of diagnoses.", remedy='Give a list: ["J18.9", "N17.9"].')
    book = icd10cm.load()
    for code in diagnoses:
        state = validity(book, code, day)
        if state.valid is False:
            raise CourseError(
                f"{code} is not reportable on {day}. {state.reason}", remedy="Correct the code."
            )
    for code in procedures:
        if not _PCS.fullmatch(code):
            raise CourseError(
                f"{code!r} does not have the shape of an ICD-10-PCS code.",
                remedy="It has seven characters, without a dot, and never I or O.",
            )
    return [plain(code) for code in diagnoses], list(procedures)


@cache
def _table() -> dict[str, dict[str, str]]:
    return {row["drg"]: row for row in rows("drg_weights")}


def _row(number: str) -> dict[str, str]:
    return _table().get(number, {"title": "", "mdc": "", "type": "", "weight": ""})


def _weight(number: str) -> float | None:
    weight = _row(number)["weight"]
    return float(weight) if weight else None


def _notes(number: str, mdc: str, weighed: bool) -> list[str]:
    found = []
    if mdc == _NEWBORN:
        found.append("The grouper does not know age and birth weight, which part the groups of newborns.")
    if number in _AFTERCARE:
        found.append("Groups 949 and 950 (aftercare) are where this grouper and that of CMS differ most.")
    if not weighed:
        found.append("The course has the weights of the fiscal year 2026 only.")
    return found
