"""Pricing a claim, line by line, with the steps shown."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from course_lib.claims.model import Claim, Line
from course_lib.claims.pricing.model import Price, PriceLine, Step
from course_lib.claims.pricing.rates import Gpci, RvuRow, conversion_factor, gpci, rvu, rvu_years
from course_lib.claims.tables import known_places, procedures
from course_lib.errors import CourseError

_CENT = Decimal("0.01")
_PARTS = ("26", "TC")
# Paid under another schedule, or not at all: by section of the CPT book, by number, by HCPCS letter.
_OTHER_SECTIONS = {
    "Pathology and Laboratory": "paid by the Clinical Laboratory Fee Schedule",
    "Anesthesia": "paid by base and time units, not by RVUs",
    "Performance measures": "a tracking code, never paid",
}
_OTHER_CODES = {"36415": "paid by the Clinical Laboratory Fee Schedule"}
_OTHER_LETTERS = {
    "A": "paid by the schedule for ambulance, supplies and tracers",
    "B": "paid by the schedule for tube and vein feeding",
    "C": "an item of hospital outpatients, paid to the hospital",
    "E": "paid by the schedule for equipment",
    "H": "a code of State Medicaid programs, not paid by Medicare",
    "J": "a drug, paid by its average sales price",
    "K": "paid by the schedule for equipment",
    "L": "paid by the schedule for orthotics and prosthetics",
    "P": "a mock code of the course: it has no price",
    "Q": "paid under another schedule",
    "S": "a code of private payers, not paid by Medicare",
    "T": "a code of State Medicaid programs, not paid by Medicare",
    "V": "paid by the schedule for vision and hearing",
}
_NOT_APPLIED = {
    "50": "for both sides Medicare can pay one and a half times",
    "51": "the multiple procedure rule can halve it",
    "52": "the payer lowers it for what was not done",
    "53": "the payer lowers it for what was not done",
    "78": "only the part of the operation itself is paid",
}
_MULTIPLE = (
    "Lines {lines} are procedures of one day. Under Medicare's multiple procedure rule the dearest is paid "
    "in full and each of the next four at half, where their indicator says so. It is not applied here "
    "(Medicare Claims Processing Manual, chapter 12, section 40.6)."
)


def price(
    claim: Claim,
    year: int | None = None,
    locality: str | None = None,
    *,
    qualifying_apm: bool = False,
    missing: Literal["raise", "note"] = "raise",
) -> Price:
    """Return what Medicare's fee schedule allows for a claim.

    Parameters
    ----------
    claim : Claim
        Any payer: many contracts are a multiple of this amount.
    year : int, optional
        Year of the schedule, 2021 to 2026; the year of service when left out. The day and
        month of the service decide where a year has two factors.
    locality : str, optional
        A Medicare locality such as ``"CA-18"``; left out, the national amount.
    qualifying_apm : bool
        Whether the clinician is in a qualifying alternative payment model (from 2026 on).
    missing : {"raise", "note"}
        What to do when the course has no RVUs of a code for that year: raise, or leave the
        line without a price and say so. A row of another year is never used.

    Returns
    -------
    Price
        Dollars. Each unit is rounded once, at the end, half a cent up; nothing before it is
        rounded. A service of another schedule, or one that is not paid in that place, has no
        price and a note. Edits are not applied: run `scrub` first.

    Raises
    ------
    CourseError
        When a row, a locality or a factor is missing, or 26 or TC stands on a code that does
        not split.

    Notes
    -----
    42 CFR 414.20 to 414.26; formula as CMS prints it in the Relative Value File. What Medicare
    then pays is less: deductible, coinsurance and sequestration come off.
    """
    year = claim.service_date.year if year is None else year
    place = gpci(year, locality)
    lines = tuple(
        _line(number, line, year, place, qualifying_apm, missing == "note")
        for number, line in enumerate(claim.lines, start=1)
    )
    factor, _ = conversion_factor(_moved(claim.lines[0].date, year), qualifying_apm=qualifying_apm)
    return Price(year, place.locality, factor, lines, tuple(_notes(claim)))


def _line(number: int, line: Line, year: int, place: Gpci, apm: bool, lenient: bool) -> PriceLine:
    setting = _setting(line)
    same = (number, line.code, line.modifiers, line.units, setting)

    def unpriced(why: str) -> PriceLine:
        return PriceLine(*same, None, None, (Step("No price", why, ""),), why)

    if why := _elsewhere(line.code):
        return unpriced(f"{line.code} is {why}.")
    part = _part(line)
    row = rvu(line.code, part, year)
    if row is None:
        if lenient:
            return unpriced(f"The course has no RVUs of {line.code} for {year}.")
        raise _no_row(line.code, part, year)
    if setting in row.na:
        return unpriced(f"The fee schedule marks {line.code} NA, no amount, in a {setting} place.")
    if why := _gap(row, setting, place):
        if lenient:
            return unpriced(why)
        raise CourseError(why, remedy="Leave out the locality, or take missing='note'.")
    factor, _ = conversion_factor(_moved(line.date, year), qualifying_apm=apm)
    unit, steps = _calculate(row, setting, place, factor, line)
    return PriceLine(*same, unit, unit * line.units, steps, _note(line), row.source)


def _calculate(
    row: RvuRow, setting: str, place: Gpci, factor: Decimal, line: Line
) -> tuple[Decimal, tuple[Step, ...]]:
    name = known_places()[line.place_of_service].name
    label = " ".join((row.code, row.modifier)).strip()
    steps = [
        Step("Row of the fee schedule", label, str(row.year)),
        Step("Place of service", f"{line.place_of_service} {name}", f"{setting} practice expense"),
    ]
    if row.work is not None and row.mp is not None:
        parts = [
            ("Work", row.work, place.work),
            (f"Practice expense, {setting}", row.pe[setting], place.pe),
            ("Malpractice", row.mp, place.mp),
        ]
        steps += [Step(what, f"{units} x {index}", f"{units * index:.5f}") for what, units, index in parts]
        total = sum((units * index for _, units, index in parts), Decimal(0))
        steps.append(Step("Sum of the three", "", f"{total:.5f}"))
    else:
        total = row.total[setting]
        steps.append(Step("Total RVUs (its parts were not read)", "", str(total)))
    unit = (total * factor).quantize(_CENT, ROUND_HALF_UP)
    steps.append(Step("Times the conversion factor, to the cent", f"{total} x {factor}", f"{unit:,.2f}"))
    if line.units != 1:
        steps.append(Step("Times the units", f"{unit:,.2f} x {line.units}", f"{unit * line.units:,.2f}"))
    return unit, tuple(steps)


def _setting(line: Line) -> str:
    try:
        return "facility" if known_places()[line.place_of_service].facility else "non-facility"
    except KeyError as why:
        raise CourseError(
            f"place of service {line.place_of_service!r} is not in the course's table.",
            remedy="Its rate, facility or not, is not known. See places.load() for those that are.",
        ) from why


def _part(line: Line) -> str:
    used = [modifier for modifier in _PARTS if modifier in line.modifiers]
    code = procedures().get(line.code)
    if len(used) > 1 or (used and code is not None and code.splits is False):
        raise CourseError(
            f"{line.code} cannot be priced with {' and '.join(used)}.", remedy="claims.scrub(claim) says why."
        )
    return used[0] if used else ""


def _elsewhere(code: str) -> str:
    known = procedures().get(code)
    if known is not None:
        return _OTHER_SECTIONS.get(known.section, "") or _OTHER_CODES.get(code, "")
    return _OTHER_LETTERS.get(code[:1], "")


def _gap(row: RvuRow, setting: str, place: Gpci) -> str:
    """Return what is missing to price a row there, or nothing."""
    if row.work is None:
        if setting not in row.total:
            return f"the course has no {setting} figure of {row.code} for {row.year}."
        if place.work != 1 or place.pe != 1 or place.mp != 1:
            return (
                f"the course has only the total RVUs of {row.code} for {row.year}, so it knows the national "
                f"amount and not that of {place.locality}."
            )
        return ""
    return "" if setting in row.pe else f"the course has no {setting} figure of {row.code} for {row.year}."


def _no_row(code: str, part: str, year: int) -> CourseError:
    years = rvu_years(code, part)
    has = f"It has {', '.join(map(str, years))}." if years else "It has none for any year."
    label = f"{code}-{part}" if part else code
    return CourseError(
        f"the course has no RVUs of {label} for {year}.",
        remedy=f"{has} Another year's figure would be a wrong price. missing='note' prices the rest.",
    )


def _moved(day: date, year: int) -> date:
    """Return the same day and month in another year; February 29 becomes 28."""
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _note(line: Line) -> str:
    found = [f"{m}: {_NOT_APPLIED[m]}" for m in line.modifiers if m in _NOT_APPLIED]
    return f"Not applied here, modifier {'; '.join(found)}." if found else ""


def _notes(claim: Claim) -> list[str]:
    by_day: dict[date, list[str]] = {}
    for number, line in enumerate(claim.lines, start=1):
        code = procedures().get(line.code)
        if code is not None and code.global_days in ("000", "010", "090"):
            by_day.setdefault(line.date, []).append(str(number))
    return [_MULTIPLE.format(lines=" and ".join(lines)) for lines in by_day.values() if len(lines) > 1]
