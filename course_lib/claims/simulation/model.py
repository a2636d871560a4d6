"""The parameters, made ready to draw from: curves by day, rates by age and sex, prices in cents."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from course_lib.claims.simulation import parameters as par
from course_lib.errors import CourseError

if TYPE_CHECKING:
    from course_lib.claims.simulation.draw import Bools, Floats, Ints

EPOCH = date(1970, 1, 1)
YEAR = 365.25
NEWBORN = 29  # days; care of newborns is not simulated
OFFICE, EMERGENCY = "11", "23"
WITHOUT_CONDITION = 0.5  # weight of a person without a known condition among the follow-up visits


@dataclass(frozen=True)
class Calendar:
    """The window of service in fiscal years.

    Attributes
    ----------
    first, last : int
        Days since 1970-01-01; the last day is also that of the extract.
    starts : array of int
        First day of each fiscal year, and the day after the last one.
    """

    first: int
    last: int
    starts: "Ints"

    @property
    def years(self) -> int:
        """How many fiscal years."""
        return len(self.starts) - 1

    @property
    def middle(self) -> float:
        """The day at which people have the ages of the population table."""
        return (self.first + self.last + 1) / 2


@dataclass(frozen=True)
class Model:
    """Everything that a chunk of claims is drawn from; see the modules that use each part."""

    params: par.Parameters
    calendar: Calendar
    groups: "Floats"
    reasons: dict[str, par.Reason]
    rates: dict[tuple[str, str], "Floats"]
    curves: dict[tuple[str, bool], "Floats"]
    levels: dict[tuple[str, bool], "Floats"]
    conditions: dict[str, par.Condition]
    providers: dict[str, par.Provider]
    payers: dict[str, par.Payer]
    problems: dict[str, par.Problem]
    days: par.Days
    codes: list[str]
    charges: "Ints"
    allowed: "Ints"

    def season_level(self, reason: par.Reason) -> "Floats":
        """Return how busy each fiscal year is for a reason, 1 on average."""
        return self.levels[reason.season, reason.place == EMERGENCY]

    def cents(self, code: str) -> int:
        """Return the position of a procedure code in the price tables."""
        return self.codes.index(code)


def day(text: str) -> int:
    """Return a date as days since 1970-01-01."""
    return (date.fromisoformat(text) - EPOCH).days


@cache
def build() -> Model:
    """Return the model of the course's parameters (built once)."""
    return make(par.load())


def make(params: par.Parameters) -> Model:
    """Return the model of any set of parameters.

    Raises
    ------
    CourseError
        When the reasons ask for more visits than the surveys have.
    """
    calendar = _calendar(*params.get_as("window", list[str]))
    reasons = params.group("reason", par.Reason)
    seasons = params.group("season", par.Season)
    curves, levels = {}, {}
    for season in seasons:
        for emergency in (False, True):
            kind = "emergency" if emergency else "office"
            weekdays = np.array(params.get_as(f"weekdays.{kind}", list[float]))
            curve = _curve(seasons[season], calendar, weekdays)
            curves[season, emergency] = np.cumsum(curve)
            levels[season, emergency] = _levels(curve, calendar)
    payers = params.get_as("payers", dict[str, par.Payer])
    codes, charges, allowed = _prices(params, payers)
    return Model(
        params=params,
        calendar=calendar,
        groups=np.array(params.get_as("age_groups", list[float])),
        reasons=reasons,
        rates=_rates(params, reasons),
        curves=curves,
        levels=levels,
        conditions=params.group("condition", par.Condition),
        providers=params.get_as("providers", dict[str, par.Provider]),
        payers=payers,
        problems=params.group("problem", par.Problem),
        days=params.get_as("days", par.Days),
        codes=codes,
        charges=charges,
        allowed=allowed,
    )


def by_age(ages: list[float], values: list[float], age: "Floats") -> "Floats":
    """Return the value of the group that each age is in; 0 below the first group."""
    found = np.searchsorted(ages, age, side="right")
    return np.concatenate([[0.0], values])[found]


def share(condition: par.Condition, age: "Floats", female: "Bools") -> "Floats":
    """Return the share of people of each age and sex who have a condition."""
    return np.where(
        female,
        by_age(condition.ages, condition.F, age),
        by_age(condition.ages, condition.M, age),
    )


def follow_up_weight(model: Model, age: "Floats", female: "Bools") -> "Floats":
    """Return the expected weight of a person among the follow-up visits: more with each known condition."""
    weight = np.full(len(age), WITHOUT_CONDITION)
    for condition in model.conditions.values():
        weight += share(condition, age, female) * by_age(condition.ages, condition.known, age)
    return weight


def _calendar(first: str, last: str) -> Calendar:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    starts = [day(f"{year}-10-01") for year in range(begin.year, end.year + 1)]
    if starts[0] != day(first) or starts[-1] != day(last) + 1:
        raise CourseError(
            "the window is not whole fiscal years.", remedy="Begin on October 1 and end on September 30."
        )
    return Calendar(day(first), day(last), np.array(starts))


def _curve(season: par.Season, calendar: Calendar, weekdays: "Floats") -> "Floats":
    """Return the weight of each day of the window."""
    days = np.arange(calendar.first, calendar.last + 1)
    height = np.full(len(days), season.base)
    for wave in season.waves:
        peaks = [wave.day] if len(wave.day) > len("01-15") else _every_year(wave.day, calendar)
        for peak in peaks:
            height += wave.height * np.exp(-((days - day(peak)) ** 2) / (2 * wave.sd**2))
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    curve: Floats = height * weekdays[weekday]
    return curve


def _every_year(month_day: str, calendar: Calendar) -> list[str]:
    first, last = (date.fromordinal(EPOCH.toordinal() + d).year for d in (calendar.first, calendar.last))
    return [f"{year}-{month_day}" for year in range(first, last + 1)]


def _levels(curve: "Floats", calendar: Calendar) -> "Floats":
    totals = np.add.reduceat(curve, calendar.starts[:-1] - calendar.first)
    levels: Floats = totals / totals.mean()
    return levels


def _rates(params: par.Parameters, reasons: dict[str, par.Reason]) -> dict[tuple[str, str], "Floats"]:
    """Return visits per person and year by (reason, sex) and age group, the rest of each survey filled in."""
    rates: dict[tuple[str, str], Floats] = {}
    left = {
        (place, sex): np.array(params.get_as(name, list[float]))
        for place, name in ((OFFICE, "office_visits"), (EMERGENCY, "emergency_visits"))
        for sex in "MF"
    }
    for name, reason in reasons.items():
        for sex in "MF" if not isinstance(reason.per_100, str) else "":
            per_100 = np.array(reason.per_100, dtype=float) * (reason.sex in ("", sex))
            rates[name, sex] = per_100 / 100
            if (reason.place, sex) in left:
                left[reason.place, sex] = left[reason.place, sex] - per_100
    for (place, _), rest in left.items():
        if (rest < 0).any():
            raise CourseError(
                f"the reasons at place {place} ask for more visits than the survey has: {rest} left.",
                remedy="Lower a rate of that age group.",
            )
    for name, reason in reasons.items():
        if reason.per_100 == "rest":
            for sex in "MF":
                rates[name, sex] = left[reason.place, sex] / 100
    return rates


def _prices(params: par.Parameters, payers: dict[str, par.Payer]) -> tuple[list[str], "Ints", "Ints"]:
    """Return the codes, what the practice asks (cents), and what each payer allows (cents, payer by code)."""
    fees = params.group("fee", float)
    base = np.array(list(fees.values()))
    charges = np.round(base * params.get_as("charge_factor", float)).astype(np.int64) * 100
    allows = np.array([payer.allows for payer in payers.values()])
    allowed = np.floor(allows[:, None] * base[None, :] * 100 + 0.5).astype(np.int64)
    return list(fees), charges, np.minimum(allowed, charges[None, :])
