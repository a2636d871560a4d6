"""What a plan costs, when each bill is due, and whether the budget covers it."""

from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING

from course_lib.roadmap.data import Credential, Price, catalogue
from course_lib.roadmap.model import Cost, Profile, Route, Step, add_months

if TYPE_CHECKING:
    from collections.abc import Iterator

HORIZON = 1200  # months that are looked ahead for the money to come


def costs(
    profile: Profile,
    credential: Credential,
    steps: tuple[Step, ...],
    routes: tuple[Route, ...],
) -> tuple[Cost, ...]:
    """Return the bill in the order of its dates, from today to the end of the first cycle."""
    found = list(_lines(profile, credential, {step.id: step for step in steps}, routes))
    return tuple(sorted(found, key=lambda cost: (cost.due, cost.id)))


def _lines(
    profile: Profile, credential: Credential, steps: dict[str, Step], routes: tuple[Route, ...]
) -> "Iterator[Cost]":
    shared, own = catalogue().prices, {price.id: price for price in credential.prices}
    if "diploma" in steps:
        yield _line(profile, shared["ged"], "diploma", steps["diploma"].end)
    if "education" in steps:
        yield _line(profile, shared["tuition"], "education", steps["education"].start)
    first = steps.get("preparation") or steps.get("exam") or steps["upkeep"]
    if "exam" in steps:
        if credential.open_book:
            yield _line(profile, shared["books"], first.id, first.start)
        yield _line(profile, own["exam"], "exam", first.start, "Paid when you register.")
    if any(route.chosen and route.number == 3 for route in routes):
        yield _line(profile, shared["practicode"], "apprentice", steps["apprentice"].start)
    if credential.needs_membership:
        yield from _memberships(profile, own["membership"], first, steps["upkeep"])
    else:
        yield _line(profile, shared["recertification"], "upkeep", steps["upkeep"].end)


def _memberships(profile: Profile, price: Price, first: Step, upkeep: Step) -> "Iterator[Cost]":
    """Yield one year of membership from registration, and one for each year until the cycle ends."""
    due, year = first.start, 1
    while due < upkeep.end:
        yield _line(profile, price, first.id if year == 1 else upkeep.id, due, f"Year {year}.")
        due, year = add_months(first.start, 12 * year), year + 1


def _line(profile: Profile, price: Price, step: str, due: date, more: str = "") -> Cost:
    text = f"{more} {price.text}".strip()
    if price.id in profile.prices:
        own = float(profile.prices[price.id])
        return Cost(price.id, price.item, step, due, own, own, "", "yours", "Your own figure.", "")
    low = None if price.low is None else float(price.low)
    high = None if price.high is None else float(price.high)
    return Cost(price.id, price.item, step, due, low, high, price.year, price.trust, text, price.source)


def cash_risks(profile: Profile, bill: tuple[Cost, ...]) -> tuple[str, ...]:
    """Return one sentence a bill that the budget does not cover on its day, at the highest price."""
    known = [cost for cost in bill if cost.high is not None]
    found = []
    for cost, spent in zip(known, accumulate(c.high or 0 for c in known), strict=True):
        short = spent - money_on(profile, cost.due)
        if short <= 0:
            continue
        when = _covered(profile, spent)
        until = (
            f"does not cover the {_lower(cost.item)} until {when}"
            if when
            else f"never covers the {_lower(cost.item)}"
        )
        found.append(f"The budget {until}: ${short:,.0f} are missing on {cost.due}, when it is due.")
    return tuple(found)


def money_on(profile: Profile, day: date) -> float:
    """Return what has come in by `day`: the budget, and one saving for each full month."""
    start = profile.first_day
    months = (day.year - start.year) * 12 + day.month - start.month
    if months > 0 and add_months(start, months) > day:
        months -= 1
    return profile.budget + profile.monthly * max(0, months)


def _covered(profile: Profile, amount: float) -> date | None:
    if not profile.monthly:
        return None
    months = -int(-(amount - profile.budget) // profile.monthly)
    return add_months(profile.first_day, months) if months <= HORIZON else None


def _lower(item: str) -> str:
    return item if item[:2].isupper() else item[0].lower() + item[1:]
