"""HCPCS Level II: what CPT does not name, such as drugs, supplies, equipment and ambulance.

>>> from course_lib import hcpcs
>>> hcpcs.load()["J1885"].description
>>> hcpcs.load("HCPC2026_OCT_ANWEB.txt")     # the whole file, from CMS

The codes are public, but for the dental D codes, which belong to the American Dental
Association: they are neither shipped nor loaded.
"""

import csv
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from course_lib.codes.book import UnknownCodeError
from course_lib.codes.tables import CodeTable, plain, read_text, rows
from course_lib.errors import CourseError

__all__ = ["HcpcsCode", "HcpcsTable", "Letter", "letters", "load"]

_CODE = re.compile(r"[A-Z]\d{4}")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_DENTAL = "D codes are dental (CDT) and belong to the American Dental Association."
# Names of the columns that CMS and those who repackage its file use.
_COLUMNS = {
    "code": ("hcpc", "hcpcs", "code"),
    "description": ("long description", "long_description", "description"),
}


@dataclass(frozen=True, slots=True)
class HcpcsCode:
    """One HCPCS Level II code.

    Attributes
    ----------
    code, description : str
        One letter and four digits; CMS's long description.
    group : str
        What the letter stands for, in our words; ``""`` in a file of your own.
    dose, unit : float or None, str
        What one billed unit of a drug holds, for example ``15.0``, ``"mg"``.
    also_listed_in : str
        A second CMS file of 2025 that lists the code, a sign that it was in force.
    ended : str
        Last day in force (``YYYY-MM-DD``) where the CMS file gives one.
    source : str
        File and row.
    """

    code: str
    description: str
    group: str = ""
    dose: float | None = None
    unit: str = ""
    also_listed_in: str = ""
    ended: str = ""
    source: str = ""

    def units(self, amount: float, unit: str) -> int:
        """Return how many units to bill for an amount of a drug.

        The amount divided by what one unit holds. When that is no whole number, the next
        higher one.

        Parameters
        ----------
        amount : float
            What the patient received, above zero.
        unit : str
            In which measure: it must be the code's own (``"mg"``), for a conversion by
            guess is a common mistake.

        Raises
        ------
        CourseError
            When the code has no single dose, the measure is another one, or the amount is
            not above zero.

        Notes
        -----
        Medicare Claims Processing Manual (Pub. 100-04), chapter 17, section 10; CMS, Recovery
        Audit topic 0074. What is thrown away from a single-dose vial is a line of its own.
        """
        if not self.dose:
            raise CourseError(
                f"{self.code} does not say how much one unit holds.", remedy="Read its description."
            )
        if unit != self.unit:
            raise CourseError(
                f"the amount is in {unit}, but {self.code} counts in {self.unit}.",
                remedy=f"Convert it to {self.unit} first.",
            )
        if not amount > 0:
            raise CourseError(f"{amount} {unit} is no amount.", remedy="Give a number above zero.")
        # As written, not as stored: 0.3 / 0.1 must be 3, not a hair above it.
        return math.ceil(Fraction(str(amount)) / Fraction(str(self.dose)))


@dataclass(frozen=True, slots=True)
class Letter:
    """One first letter of HCPCS Level II.

    Attributes
    ----------
    code, name, meaning : str
        The letter; what it stands for, in our words.
    codes : int
        How many codes of the October 2025 file begin with it, ended ones among them.
    source : str
        File and check.
    """

    code: str
    name: str
    meaning: str
    codes: int
    source: str


class HcpcsTable(CodeTable[HcpcsCode]):
    """HCPCS Level II codes; see `load`."""

    def __getitem__(self, code: str) -> HcpcsCode:
        """Return one code; a `KeyError` that names near misses when it is not there."""
        if re.fullmatch(r"D\d{4}", plain(code)):
            raise UnknownCodeError(
                f"{code!r} is not here. {_DENTAL}", remedy="Look it up in the ADA's CDT book."
            )
        return super().__getitem__(code)


def letters() -> CodeTable[Letter]:
    """Return the first letters: ``letters()["J"].meaning``. D, dental, is not among them."""
    entries = (
        Letter(row["code"], row["name"], row["meaning"], int(row["codes_oct2025"]), row["source"])
        for row in rows("hcpcs_letters.csv")
    )
    return CodeTable(entries, name="HCPCS Level II letters", release="October 2025", hint=_DENTAL)


def load(path: Path | str | None = None) -> HcpcsTable:
    """Return the course's sample, or all codes of a file from CMS.

    Parameters
    ----------
    path : Path or str, optional
        The ``HCPC...ANWEB`` file of a quarterly update, as its fixed-width ``.txt`` or
        saved as ``.csv`` (columns ``HCPC`` and ``LONG DESCRIPTION``). Modifiers in it are
        left out.

    Raises
    ------
    CourseError
        When the file cannot be read, is an ``.xlsx``, or holds dental D codes.
    """
    if path is None:
        return HcpcsTable(
            (
                HcpcsCode(
                    code=row["code"],
                    description=row["description"],
                    group=row["group"],
                    dose=float(row["dose_amount"]) if row["dose_amount"] else None,
                    unit=row["dose_unit"],
                    also_listed_in=row["also_listed_in"],
                    source=row["source"],
                )
                for row in rows("hcpcs_sample.csv")
            ),
            name="HCPCS Level II sample",
            release="October 2025",
            hint="The course ships a sample; for all codes load the file from CMS: hcpcs.load(path).",
        )
    file, text = read_text(path)
    lines = text.splitlines()
    parts = _fixed_width(lines) if file.suffix.lower() == ".txt" else _csv(file, lines)
    return HcpcsTable(_joined(file, parts), name="HCPCS Level II", release=file.name)


def _joined(file: Path, parts: Iterable[tuple[int, str, str, str]]) -> Iterator[HcpcsCode]:
    """Join the lines of each code; a long description runs over several of them."""
    found: dict[str, tuple[int, list[str], str]] = {}
    for number, code, words, ended in parts:
        if _MODIFIER.fullmatch(code):
            continue
        if not _CODE.fullmatch(code):
            raise CourseError(
                f"{code!r} is not a HCPCS Level II code.",
                remedy="Load the HCPC...ANWEB file of a quarterly update from CMS, unchanged.",
                path=file,
                line=number,
            )
        if code[0] == "D":
            raise CourseError(
                f"{code} is not loaded. {_DENTAL}", remedy="Take the D rows out.", path=file, line=number
            )
        first, text, end = found.setdefault(code, (number, [], ended))
        text.append(words)
        found[code] = (first, text, end or ended)
    if not found:
        raise CourseError("there is no HCPCS code in this file.", remedy="Is it the right file?", path=file)
    for code, (number, text, ended) in found.items():
        yield HcpcsCode(code, " ".join(text), ended=ended, source=f"{file.name}, line {number}")


def _fixed_width(lines: list[str]) -> Iterator[tuple[int, str, str, str]]:
    """Yield (line, code, text, end date) of the CMS layout; lines above the data are skipped.

    Columns 1-5 the code (a modifier stands right-aligned), 6-10 the number of the line
    within the code, 11 the kind of record (3 and 4 codes, 7 and 8 modifiers), 12-91 a
    piece of the long description, 285-292 the end date. Read off HCPC2020_ANWEB.
    """
    for number, line in enumerate(lines, start=1):
        if re.fullmatch(r"[ A-Z0-9]{5}\d{5}[3478]", line[:11]):
            yield number, line[:5].strip(), line[11:91].strip(), _day(line[284:292])


def _csv(file: Path, lines: list[str]) -> Iterator[tuple[int, str, str, str]]:
    reader = csv.DictReader(lines)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
    columns = {}
    for what, known in _COLUMNS.items():
        column = next((names[name] for name in known if name in names), None)
        if column is None:
            raise CourseError(
                f"no column holds the {what}.",
                remedy=f"The first line must name one of: {', '.join(known)}.",
                path=file,
                line=1,
            )
        columns[what] = column
    for row in reader:
        ended = _day(row[names["term dt"]] or "") if "term dt" in names else ""
        words = (row[columns["description"]] or "").strip()
        yield reader.line_num, plain(row[columns["code"]] or ""), words, ended


def _day(cell: str) -> str:
    """Return ``20251231`` as ``2025-12-31``, and anything else as ``""``."""
    return f"{cell[:4]}-{cell[4:6]}-{cell[6:]}" if re.fullmatch(r"\d{8}", cell.strip()) else ""
