"""CPT: a small sample in our own words, or your own licensed file.

>>> from course_lib import cpt
>>> cpt.load()["99213"].description
>>> cpt.load("my_licensed_file.csv")["99213"].description

CPT belongs to the American Medical Association. The course ships code numbers as facts
and its own wording; it never copies, caches or prints a file that you load.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib.codes.tables import CodeTable, plain, read_text, rows
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOTICE", "CptCode", "CptTable", "Rvu", "kind", "load"]

NOTICE = (
    "CPT is a registered trademark of the American Medical Association. Code numbers appear for "
    "education; the descriptions are the authors' own and are not AMA descriptors."
)
_OWN_NOTICE = (
    "CPT is a registered trademark of the American Medical Association. This is your own licensed "
    "file: it stays where it is, and its text is not to be shared."
)
_KINDS = (
    (re.compile(r"\d{5}"), "Category I"),
    (re.compile(r"\d{4}A"), "Category I"),  # vaccine administration, such as 0001A
    (re.compile(r"\d{4}F"), "Category II"),
    (re.compile(r"\d{4}T"), "Category III"),
    (re.compile(r"\d{4}U"), "PLA"),  # proprietary laboratory analyses
    (re.compile(r"\d{4}M"), "MAAA"),  # multianalyte assays with algorithmic analyses
)
_GLOBAL = {"000": (0, 0), "010": (0, 10), "090": (1, 90)}  # days before and after the day itself


@dataclass(frozen=True, slots=True)
class Rvu:
    """Relative value units of one row of the Medicare Physician Fee Schedule.

    Attributes
    ----------
    year : int
        Calendar year. Values of different years are not to be mixed.
    work, pe_nonfacility, pe_facility, mp : float or None
        Units for work, practice expense (office, facility) and malpractice. None where
        CMS prints NA (not payable there) or where no figure could be verified.
    """

    year: int
    work: float | None
    pe_nonfacility: float | None
    pe_facility: float | None
    mp: float | None

    def total(self, *, facility: bool) -> float | None:
        """Return work + practice expense + malpractice for that setting, or None."""
        parts = (self.work, self.pe_facility if facility else self.pe_nonfacility, self.mp)
        return None if None in parts else round(sum(p for p in parts if p is not None), 2)


@dataclass(frozen=True, slots=True)
class CptCode:
    """One CPT code number.

    Attributes
    ----------
    code, description : str
        The number, and our own wording (or the text of your own file).
    category : str
        ``Category I``, ``Category II``, ``Category III``, ``PLA`` or ``MAAA``.
    section : str
        Section of the book, ``""`` in a file of your own.
    places : tuple of str
        Typical place of service codes (our choice; look them up in `places`).
    global_days : str
        CMS indicator ``000``, ``010``, ``090``, ``XXX``, ``ZZZ`` (add-on), ``MMM``
        (pregnancy), or ``""`` where no CMS row was read.
    pctc : str
        CMS indicator that tells whose work the code holds: ``0`` a clinician's, ``1`` splits
        into 26 and TC, ``2`` the reading only, ``3`` the machine only, ``4`` a whole whose
        parts are codes of their own, and more; ``""`` where no CMS row was read.
    add_on, splits : bool or None
        Add-on code; splits into 26 and TC (PC/TC indicator 1). None when not known.
    office_na, facility_na : bool or None
        CMS marks it as not payable in an office, in a facility.
    rvu : Rvu or None
        The whole service.
    parts : dict
        ``{"26": Rvu, "TC": Rvu}`` of a code that splits.
    effective_to : str
        Last day in force of a retired code, ``YYYY-MM-DD``.
    source, note : str
        The row that the figures come from; what to watch for.
    """

    code: str
    description: str
    category: str
    section: str = ""
    places: tuple[str, ...] = ()
    global_days: str = ""
    pctc: str = ""
    add_on: bool | None = None
    splits: bool | None = None
    office_na: bool | None = None
    facility_na: bool | None = None
    rvu: Rvu | None = None
    parts: dict[str, Rvu] = field(default_factory=dict, hash=False)
    effective_to: str = ""
    source: str = ""
    note: str = ""

    def global_period(self, day: date) -> tuple[date, date] | None:
        """Return the first and the last day that the payment for this code covers.

        Indicator ``000``: the day itself. ``010``: the day and the 10 days after it, 11 in
        all. ``090``: the day before, the day, and the 90 days after it, 92 in all.

        Parameters
        ----------
        day : datetime.date
            The day on which it was done.

        Returns
        -------
        tuple of datetime.date, or None
            None where the indicator is another one (``XXX``, ``ZZZ``, ``MMM``) or not known.

        Notes
        -----
        Medicare Claims Processing Manual (Pub. 100-04), chapter 12, section 40.1; restated
        by National Government Services, Global Surgery, after the CMS booklet MLN907166.
        """
        if self.global_days not in _GLOBAL:
            return None
        before, after = _GLOBAL[self.global_days]
        return day - timedelta(days=before), day + timedelta(days=after)


class CptTable(CodeTable[CptCode]):
    """CPT codes by number; see `load`."""

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a code, RVUs in columns of their own (float, NaN where there is none)."""
        import pandas as pd

        frame = super().to_frame().drop(columns=["rvu", "parts"])
        for name in ("year", "work", "pe_nonfacility", "pe_facility", "mp"):
            column = "rvu_year" if name == "year" else f"{name}_rvu"
            frame[column] = pd.Series([getattr(code.rvu, name, None) for code in self.values()], dtype=float)
        return frame


def kind(code: str) -> str:
    """Return what a CPT-shaped code is, from its shape alone.

    Returns
    -------
    str
        ``"Category I"`` (five digits), ``"Category II"`` (four digits and F, performance
        tracking), ``"Category III"`` (T, emerging), ``"PLA"`` (U) or ``"MAAA"`` (M).

    Raises
    ------
    CourseError
        When no CPT code looks like that; the message says what it looks like instead.
    """
    for pattern, name in _KINDS:
        if pattern.fullmatch(plain(code)):
            return name
    looks = ""
    if re.fullmatch(r"[A-Z]\d{4}", plain(code)):
        looks = " One letter and four digits is the shape of HCPCS Level II."
    elif re.fullmatch(r"[A-Z]\w{2}(\.\w{1,4})?", plain(code)):
        looks = " It looks like ICD-10-CM."
    raise CourseError(
        f"{code!r} does not have the shape of a CPT code.{looks}",
        remedy="A CPT code is five digits, or four digits and one of F, T, U, M, A.",
    )


def load(path: Path | str | None = None) -> CptTable:
    """Return the course's sample, or the codes of your own licensed file.

    Parameters
    ----------
    path : Path or str, optional
        A CSV file with the columns ``code`` and ``description``, or a text file in the
        layout of the AMA's data files: code, a tab, descriptor. It is read in place and
        never copied.

    Raises
    ------
    CourseError
        When the file cannot be read or a line is not a code and its text.
    """
    if path is None:
        return CptTable(
            _sample(),
            name="CPT sample",
            release="2025 and 2026",
            notice=NOTICE,
            hint="The course ships a sample only; a licensed user can load a file: cpt.load('my_file.csv').",
        )
    file, text = read_text(path)
    return CptTable(_own(file, text), name="CPT, your own file", release=file.name, notice=_OWN_NOTICE)


def _sample() -> Iterator[CptCode]:
    table = rows("cpt_sample.csv")
    parts: dict[str, dict[str, Rvu]] = {}
    for row in table:
        if row["modifier"] and (rvu := _rvu(row)):
            parts.setdefault(row["code"], {})[row["modifier"]] = rvu
    for row in table:
        if not row["modifier"]:
            yield CptCode(
                code=row["code"],
                description=row["description"],
                category=kind(row["code"]),
                section=row["section"],
                places=tuple(row["typical_pos"].split()),
                global_days=row["global_days"],
                pctc=row["pctc"],
                add_on=_flag(row["add_on"]),
                splits=_flag(row["splits_26_tc"]),
                office_na=_flag(row["nonfacility_na"]),
                facility_na=_flag(row["facility_na"]),
                rvu=_rvu(row),
                parts=parts.get(row["code"], {}),
                effective_to=row["effective_to"],
                source=row["source"],
                note=row["note"],
            )


def _rvu(row: dict[str, str]) -> Rvu | None:
    if not row["rvu_year"]:
        return None
    work, office, facility, mp = (
        float(row[name]) if row[name] else None
        for name in ("work_rvu", "pe_nonfacility_rvu", "pe_facility_rvu", "mp_rvu")
    )
    return Rvu(int(row["rvu_year"]), work, office, facility, mp)


def _flag(cell: str) -> bool | None:
    return {"yes": True, "no": False}.get(cell)


def _own(file: Path, text: str) -> Iterator[CptCode]:
    """Yield the codes of a user's file: a CSV with a header, or code-tab-descriptor lines."""
    lines = text.splitlines()
    seen: set[str] = set()
    for number, code, description in _tabbed(file, lines) if _is_tabbed(lines) else _csv(file, lines):
        try:
            category = kind(code)
        except CourseError as why:
            raise CourseError(why.message, remedy=why.remedy, path=file, line=number) from None
        if plain(code) in seen:
            raise CourseError(
                f"{code} stands here a second time.", remedy="Keep one row a code.", path=file, line=number
            )
        seen.add(plain(code))
        yield CptCode(plain(code), description.strip(), category, source=f"{file.name}, line {number}")
    if not seen:
        raise CourseError("there is no code in this file.", remedy="Is it the right file?", path=file)


def _is_tabbed(lines: list[str]) -> bool:
    return any("\t" in line for line in lines[:5])


def _tabbed(file: Path, lines: list[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        code, tab, description = line.partition("\t")
        if not tab:
            raise CourseError(
                "there is no tab on this line.",
                remedy="Each line is code, tab, text.",
                path=file,
                line=number,
            )
        if number == 1 and not any(c.isdigit() for c in code):
            continue  # a line of column names
        yield number, code, description


def _csv(file: Path, lines: list[str]) -> Iterator[tuple[int, str, str]]:
    reader = csv.DictReader(lines)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
    missing = [name for name in ("code", "description") if name not in names]
    if missing:
        raise CourseError(
            f"there is no column {' and no column '.join(repr(m) for m in missing)}.",
            remedy="The first line must name the columns: code,description.",
            path=file,
            line=1,
        )
    for row in reader:
        yield reader.line_num, row[names["code"]] or "", row[names["description"]] or ""
