"""ICD-10-PCS: hospital inpatient procedures, built from a table one character at a time.

>>> from course_lib import icd10pcs
>>> icd10pcs.build("0DT", body_part="Appendix", approach="Percutaneous Endoscopic")
'0DTJ4ZZ'
"""

from dataclasses import dataclass
from functools import cache

from course_lib.codes.tables import CodeTable, plain, rows
from course_lib.errors import CourseError

__all__ = [
    "Approach",
    "RootOperation",
    "Section",
    "approaches",
    "build",
    "codes",
    "describe",
    "root_operations",
    "sections",
]

_RELEASE = "FY2027"
# Tables that can be built: what their first three characters mean.
_TABLES = {"0DT": ("Medical and Surgical", "Gastrointestinal System", "Resection")}


@dataclass(frozen=True, slots=True)
class Section:
    """One of the 17 sections, the first character.

    `codes` counts the codes in force on 2026-10-01; `example` is one of them, with
    CMS's title.
    """

    code: str
    name: str
    meaning: str
    codes: int
    example: str
    example_title: str


@dataclass(frozen=True, slots=True)
class RootOperation:
    """One of the 31 root operations of the Medical and Surgical section, the third character.

    `meaning`, `example` and `family` are our words; `codes` counts the codes in force on
    2026-10-01.
    """

    code: str
    name: str
    meaning: str
    example: str
    family: str
    codes: int


@dataclass(frozen=True, slots=True)
class Approach:
    """One of the seven approaches of the Medical and Surgical section, the fifth character."""

    code: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a PCS table: a body part, a device and a qualifier, with the approaches it allows."""

    body_part: str
    approaches: tuple[str, ...]
    device: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class _Table:
    """A PCS table: its lines, and the names of the values on each axis."""

    name: str
    lines: tuple[_Row, ...]
    names: dict[str, dict[str, str]]


def sections() -> CodeTable[Section]:
    """Return the 17 sections by first character."""
    entries = (
        Section(r["code"], r["name"], r["meaning"], int(r["codes_fy2027"]), r["example"], r["example_title"])
        for r in rows("pcs_sections.csv")
    )
    return CodeTable(entries, name="ICD-10-PCS sections", release=_RELEASE)


def root_operations() -> CodeTable[RootOperation]:
    """Return the 31 root operations of the Medical and Surgical section by third character."""
    entries = (
        RootOperation(r["code"], r["name"], r["meaning"], r["example"], r["family"], int(r["codes_fy2027"]))
        for r in rows("pcs_root_operations.csv")
    )
    return CodeTable(entries, name="ICD-10-PCS root operations", release=_RELEASE)


def approaches() -> CodeTable[Approach]:
    """Return the seven approaches of the Medical and Surgical section by fifth character."""
    entries = (Approach(r["code"], r["name"], r["meaning"]) for r in rows("pcs_approaches.csv"))
    return CodeTable(entries, name="ICD-10-PCS approaches", release=_RELEASE)


def build(table: str, *, body_part: str, approach: str, device: str = "Z", qualifier: str = "Z") -> str:
    """Return the seven-character code of a table (``"0DT"``, Resection in the gastrointestinal system).

    Parameters
    ----------
    table : str
        The first three characters: section, body system, root operation.
    body_part, approach, device, qualifier : str
        Each a character (``"J"``) or its name (``"Appendix"``); case does not matter.

    Raises
    ------
    CourseError
        When the table is not in the course; when values do not exist in it (all of them
        are named at once, with what the table has); or when each exists, but not together.
    """
    held = _table(table)
    given = {"body_part": body_part, "approach": approach, "device": device, "qualifier": qualifier}
    chosen = {axis: _value(held.names[axis], value) for axis, value in given.items()}
    if wrong := [axis for axis, character in chosen.items() if character is None]:
        what = "; ".join(
            f"{axis.replace('_', ' ')} {given[axis]!r} is not in table {held.name}" for axis in wrong
        )
        has = " ".join(f"{axis.replace('_', ' ').capitalize()}: {_list(held.names[axis])}." for axis in wrong)
        raise CourseError(f"{what}.", remedy=has)
    code = held.name + "".join(str(character) for character in chosen.values())
    if code not in codes(table):
        raise CourseError(
            f"{code} is not a code: table {held.name} does not offer these values together.",
            remedy=f"For {held.names['body_part'][code[3]]} it has {', '.join(_with(held.name, code[3]))}.",
        )
    return code


def codes(table: str) -> tuple[str, ...]:
    """Return every code of a table, in order."""
    held = _table(table)
    return tuple(
        sorted(
            f"{held.name}{line.body_part}{approach}{line.device}{line.qualifier}"
            for line in held.lines
            for approach in line.approaches
        )
    )


def describe(code: str) -> dict[str, str]:
    """Return what each of the seven characters means, as ``{axis: "character name"}``.

    Raises
    ------
    CourseError
        When the code is not in a table of the course.
    """
    code = plain(code)
    if code not in codes(code[:3]):
        raise CourseError(
            f"{code!r} is not a code of table {code[:3]}.", remedy=f"Try icd10pcs.codes({code[:3]!r})."
        )
    held = _table(code[:3])
    first = dict(zip(("section", "body system", "root operation"), _TABLES[held.name], strict=True))
    rest = {axis.replace("_", " "): held.names[axis][c] for axis, c in zip(held.names, code[3:], strict=True)}
    return {axis: f"{c} {name}" for c, (axis, name) in zip(code, (first | rest).items(), strict=True)}


@cache
def _table(name: str) -> _Table:
    name = plain(name)
    if name not in _TABLES:
        raise CourseError(
            f"the course does not hold ICD-10-PCS table {name!r}.", remedy=f"It holds {', '.join(_TABLES)}."
        )
    lines = rows(f"pcs_table_{name.lower()}.csv")
    ways = {approach.code: approach.name for approach in approaches().values()}
    used = sorted({way for line in lines for way in line["approaches"].split()})
    names = {
        "body_part": {line["body_part"]: line["body_part_name"] for line in lines},
        "approach": {way: ways[way] for way in used},
        "device": {line["device"]: line["device_name"] for line in lines},
        "qualifier": {line["qualifier"]: line["qualifier_name"] for line in lines},
    }
    held = tuple(
        _Row(line["body_part"], tuple(line["approaches"].split()), line["device"], line["qualifier"])
        for line in lines
    )
    return _Table(name, held, names)


def _value(names: dict[str, str], given: str) -> str | None:
    """Return the character that `given` is, or names."""
    for character, name in names.items():
        if plain(given) in (character, name.upper()):
            return character
    return None


def _list(names: dict[str, str]) -> str:
    return "; ".join(f"{character} {name}" for character, name in names.items())


def _with(table: str, body_part: str) -> list[str]:
    return [code for code in codes(table) if code[3] == body_part]
