"""Visits: how many, on which day, and why."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from course_lib.claims.simulation import draw
from course_lib.claims.simulation.model import (
    EMERGENCY,
    OFFICE,
    WITHOUT_CONDITION,
    YEAR,
    Model,
    follow_up_weight,
)
from course_lib.claims.simulation.parameters import Reason
from course_lib.claims.simulation.people import UNINSURED, People, earliest

if TYPE_CHECKING:
    from course_lib.claims.simulation.draw import Floats, Ints

WEEK = 7


@dataclass(frozen=True)
class Visits:
    """Visits of insured members, in the order of member and day.

    Attributes
    ----------
    member : array of int
        Position in `People`.
    day : array of int
        Days since 1970-01-01.
    reason : array of int
        Position in ``model.reasons``.
    payer : array of int
        Position in ``model.payers``.
    """

    member: "Ints"
    day: "Ints"
    reason: "Ints"
    payer: "Ints"

    def __len__(self) -> int:
        return len(self.member)


def sample(rng: np.random.Generator, model: Model, people: People) -> Visits:
    """Return the visits of `people` that end in a claim: those of uninsured people do not."""
    parts = [_of_reason(rng, model, people, n) for n in range(len(model.reasons))]
    member, day, reason = (np.concatenate([p[i] for p in parts]) for i in range(3))
    day, kept = _apart(member, day, reason, model)
    member, day, reason = member[kept], day[kept], reason[kept]
    payer = people.payer(member, day)
    insured = payer != UNINSURED
    member, day, reason, payer = member[insured], day[insured], reason[insured], payer[insured]
    order = np.lexsort((reason, day, member))
    return Visits(member[order], day[order], reason[order], payer[order])


def _of_reason(
    rng: np.random.Generator, model: Model, people: People, n: int
) -> tuple["Ints", "Ints", "Ints"]:
    """Return member, day and reason of the visits for one reason, uninsured members included."""
    name, reason = list(model.reasons.items())[n]
    members, days = [], []
    for year in range(model.calendar.years):
        mean = _mean(model, people, name, reason, year)
        if mean is None:
            continue
        counts = (
            draw.chance(rng, mean, len(people)).astype(np.int64) if reason.yearly else draw.poisson(rng, mean)
        )
        who = np.repeat(np.arange(len(people)), counts)
        members.append(who)
        days.append(_days(rng, model, people, reason, year, who))
    none = np.empty(0, dtype=np.int64)
    member = np.concatenate([none, *members])
    return member, np.concatenate([none, *days]), np.full(len(member), n)


def _mean(model: Model, people: People, name: str, reason: Reason, year: int) -> "Floats | None":
    """Return how many visits of a reason each member is expected to have in a fiscal year."""
    if (name, "M") not in model.rates:
        return None
    first, end = model.calendar.starts[year], model.calendar.starts[year + 1]
    age = ((first + end) / 2 - people.born) / YEAR
    group = np.searchsorted(model.groups, age, side="right") - 1
    mean = np.where(people.female, model.rates[name, "F"][group], model.rates[name, "M"][group])
    mean = mean * model.season_level(reason)[year]
    if reason.place == OFFICE and reason.per_100 == "rest":
        # Those with more known conditions come back more often; on average the rate stays.
        then = (model.calendar.middle - people.born.astype(np.float64)) / YEAR
        known = WITHOUT_CONDITION + np.sum(list(people.known.values()), axis=0)
        mean = mean * known / follow_up_weight(model, then, people.female)
    begin = np.maximum(first, earliest(people, np.arange(len(people))))
    exposed = np.clip((end - begin) / (end - first), 0, 1)
    # Who is born late in the year has the rate of infants for the rest of it.
    infant = model.rates[name, "M"][0] * model.season_level(reason)[year]
    expected: Floats = np.where(age < 0, infant, mean) * exposed
    return expected


def _days(
    rng: np.random.Generator, model: Model, people: People, reason: Reason, year: int, who: "Ints"
) -> "Ints":
    calendar = model.calendar
    first, end = int(calendar.starts[year]), int(calendar.starts[year + 1])
    curve = model.curves[reason.season, reason.place == EMERGENCY]
    low = curve[first - calendar.first - 1] if first > calendar.first else 0.0
    high = curve[end - calendar.first - 1]
    u = rng.random(len(who))
    day = calendar.first + np.searchsorted(curve, low + u * (high - low), side="right")
    day = np.clip(day, first, end - 1)
    # Who is born within the year is seen from then on, on any weekday.
    begin = earliest(people, who)
    again = begin + np.floor(u * (end - begin)).astype(np.int64)
    return np.where(day < begin, again, day)


def _apart(member: "Ints", day: "Ints", reason: "Ints", model: Model) -> tuple["Ints", "Ints"]:
    """Return days on which nobody is twice at one kind of place, and which visits are kept.

    A second visit on the same day moves by a week; past the end of the window it is left out.
    """
    emergency = np.array([r.place == EMERGENCY for r in model.reasons.values()])[reason]
    for _ in range(3):
        order = np.lexsort((reason, day, emergency, member))
        same = np.zeros(len(day), dtype=bool)
        same[order[1:]] = (
            (member[order[1:]] == member[order[:-1]])
            & (day[order[1:]] == day[order[:-1]])
            & (emergency[order[1:]] == emergency[order[:-1]])
        )
        day = np.where(same, day + WEEK, day)
    return day, np.flatnonzero((day <= model.calendar.last) & ~same)
