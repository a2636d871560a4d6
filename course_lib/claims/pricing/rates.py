"""What a price is made of: RVU rows by year, geographic indices, conversion factors by day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from course_lib.claims.tables import rows
from course_lib.codes.tables import rows as code_rows
from course_lib.errors import CourseError

NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class RvuRow:
    """One row of the Medicare Physician Fee Schedule.

    Attributes
    ----------
    year : int
        Calendar year.
    code, modifier : str
        Number, and ``26``, ``TC`` or nothing.
    work, mp : Decimal or None
        Units for work and malpractice; None where only the total was read.
    pe : dict
        Practice expense by ``facility`` and ``non-facility``; a setting that is not paid, or
        whose figure was not read, is absent.
    total : dict
        The same for the sum of the three, where only that was read.
    na : tuple of str
        Settings that CMS marks NA: not paid there.
    source : str
        File and row.
    """

    year: int
    code: str
    modifier: str
    work: Decimal | None
    mp: Decimal | None
    pe: dict[str, Decimal]
    total: dict[str, Decimal]
    na: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Gpci:
    """Geographic practice cost indices of a locality: work (with its floor of 1.0), PE, MP."""

    locality: str
    name: str
    work: Decimal
    pe: Decimal
    mp: Decimal
    source: str


def rvu(code: str, modifier: str, year: int) -> RvuRow | None:
    """Return the row of a code and year, or None when the course has none for that year."""
    return _rvus().get((code, modifier, year))


def rvu_years(code: str, modifier: str = "") -> tuple[int, ...]:
    """Return the years for which the course has a row of a code, oldest first."""
    return tuple(sorted(y for c, m, y in _rvus() if (c, m) == (code, modifier)))


def gpci(year: int, locality: str | None) -> Gpci:
    """Return the indices of a locality, such as ``CA-18``; 1 throughout for the whole country.

    Raises
    ------
    CourseError
        When the course has no such locality for that year.
    """
    one = Decimal("1.000")
    if locality is None:
        return Gpci(NATIONAL, "National amount", one, one, one, "All indices are 1")
    here = {row["locality"]: row for row in rows("gpci") if row["year"] == str(year)}
    if row := here.get(locality.strip().upper()):
        work, pe, mp = (Decimal(row[name]) for name in ("work", "pe", "mp"))
        return Gpci(row["locality"], row["name"], work, pe, mp, row["source"])
    raise CourseError(
        f"the course has no geographic index of {locality!r} for {year}.",
        remedy=f"For {year} it has {', '.join(here) or 'none'}. Without a locality: the national amount.",
    )


def conversion_factor(day: date, *, qualifying_apm: bool = False) -> tuple[Decimal, str]:
    """Return dollars per RVU on a day, and the source.

    In 2024 the factor changed on March 9. Since 2026 there are two: a higher one for
    participants of a qualifying alternative payment model (APM).

    Raises
    ------
    CourseError
        When the course has no factor for that day.
    """
    for row in rows("conversion_factors"):
        right_kind = row["qualifying_apm"] in ("any", "yes" if qualifying_apm else "no")
        if right_kind and row["start"] <= day.isoformat() <= row["end"]:
            return Decimal(row["factor"]), row["source"]
    years = sorted({row["year"] for row in rows("conversion_factors")})
    raise CourseError(
        f"the course has no conversion factor for {day}.",
        remedy=f"It has those of {years[0]} to {years[-1]}.",
    )


@cache
def _rvus() -> dict[tuple[str, str, int], RvuRow]:
    found = {}
    for row in code_rows("cpt_sample.csv"):
        if row["rvu_year"]:
            made = _sample_row(row)
            found[made.code, made.modifier, made.year] = made
    for row in rows("rvus"):
        made = _other_row(row)
        found[made.code, made.modifier, made.year] = made
    return found


def _sample_row(row: dict[str, str]) -> RvuRow:
    return RvuRow(
        year=int(row["rvu_year"]),
        code=row["code"],
        modifier=row["modifier"],
        work=Decimal(row["work_rvu"]),
        mp=Decimal(row["mp_rvu"]),
        pe=_settings(row["pe_nonfacility_rvu"], row["pe_facility_rvu"]),
        total={},
        na=_na(row),
        source=row["source"],
    )


def _other_row(row: dict[str, str]) -> RvuRow:
    return RvuRow(
        year=int(row["year"]),
        code=row["code"],
        modifier=row["modifier"],
        work=Decimal(row["work"]) if row["work"] else None,
        mp=Decimal(row["mp"]) if row["mp"] else None,
        pe=_settings(row["pe_nonfacility"], row["pe_facility"]),
        total=_settings(row["total_nonfacility"], row["total_facility"]),
        na=_na(row),
        source=row["source"],
    )


def _settings(nonfacility: str, facility: str) -> dict[str, Decimal]:
    cells = {"non-facility": nonfacility, "facility": facility}
    return {name: Decimal(cell) for name, cell in cells.items() if cell}


def _na(row: dict[str, str]) -> tuple[str, ...]:
    cells = {"non-facility": row["nonfacility_na"], "facility": row["facility_na"]}
    return tuple(name for name, cell in cells.items() if cell == "yes")
