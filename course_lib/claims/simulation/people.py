"""Synthetic people: age, sex, coverage, long-term conditions, and the providers that they go to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from course_lib.claims.simulation import draw, parameters
from course_lib.claims.simulation.model import NEWBORN, YEAR, Model, by_age, share

if TYPE_CHECKING:
    from course_lib.claims.simulation.draw import Bools, Floats, Ints

UNINSURED = -1
MEDICARE_AGE = 65
MEDICARE, MEDICAID, COMMERCIAL_A, COMMERCIAL_B = range(4)


@dataclass(frozen=True)
class People:
    """One chunk of members, an array entry each.

    Attributes
    ----------
    born : array of int
        Days since 1970-01-01. Some are born within the window, so that there are infants in each year.
    female : array of bool
    coverage, senior_coverage : array of int
        Payer before and from 65 on, `UNINSURED` for none.
    has, known : dict of array of bool
        Conditions that a survey would find, and those that the clinic knows of.
    codes : dict of array of str
        The codes of each condition, for example ``E11.9``; empty where it is not known.
    obesity : array of int
        Class of obesity, counted from 0.
    providers : dict of array of int
        Position of the provider whom the person sees, by specialty.
    """

    born: "Ints"
    female: "Bools"
    coverage: "Ints"
    senior_coverage: "Ints"
    has: dict[str, "Bools"]
    known: dict[str, "Bools"]
    codes: dict[str, "np.ndarray[tuple[int], np.dtype[np.object_]]"]
    obesity: "Ints"
    providers: dict[str, "Ints"]

    def __len__(self) -> int:
        return len(self.born)

    def payer(self, who: "Ints", when: "Ints") -> "Ints":
        """Return the payer of some members on some days."""
        senior = (when - self.born[who]) / YEAR >= MEDICARE_AGE
        return np.where(senior, self.senior_coverage[who], self.coverage[who])


def sample(rng: np.random.Generator, model: Model, n: int) -> People:
    """Return `n` people."""
    age, female = _age_and_sex(rng, model, n)
    born = np.floor(model.calendar.middle - age * YEAR).astype(np.int64)
    coverage, senior = _coverage(rng, model, age)
    has, known = _conditions(rng, model, age, female)
    codes, obesity = _codes(rng, model, known)
    return People(born, female, coverage, senior, has, known, codes, obesity, _providers(rng, model, n))


def earliest(people: People, who: "Ints") -> "Ints":
    """Return the first day on which some members can be seen; care of newborns is not simulated."""
    return people.born[who] + NEWBORN


def _age_and_sex(rng: np.random.Generator, model: Model, n: int) -> tuple["Floats", "Bools"]:
    """Return ages in the middle of the window; negative for those who are born later."""
    table = model.params.get_as("population", parameters.Population)
    low, high = np.array(table.ages[:-1]), np.array(table.ages[1:])
    # As many are born in each year to come as are in their first year now.
    ahead = (model.calendar.last + 1 - model.calendar.first) / YEAR / 2
    births = (high[0] - low[0] + ahead) / (high[0] - low[0])
    low[0] -= ahead
    weights = np.array([table.M, table.F])
    weights[:, 0] *= births
    cell = draw.pick(rng, n, weights.ravel())
    group = cell % len(low)
    age = low[group] + (high[group] - low[group]) * rng.random(n)
    return age, cell >= len(low)


def _coverage(rng: np.random.Generator, model: Model, age: "Floats") -> tuple["Ints", "Ints"]:
    n, params = len(age), model.params
    share_a = params.get_as("commercial_share_a", float)
    commercial = np.where(draw.chance(rng, share_a, n), COMMERCIAL_A, COMMERCIAL_B)
    u = rng.random(n)
    coverage = np.empty(n, dtype=np.int64)
    for young, name in ((True, "coverage_child"), (False, "coverage_adult")):
        split = params.get_as(name, dict[str, float])
        of = np.where(
            u < split["commercial"],
            commercial,
            np.where(u < split["commercial"] + split["medicaid"], MEDICAID, UNINSURED),
        )
        coverage = np.where((age < 18) == young, of, coverage)
    medicare = params.get_as("coverage_senior", dict[str, float])["medicare"]
    return coverage, np.where(draw.chance(rng, medicare, n), MEDICARE, commercial)


def _conditions(
    rng: np.random.Generator, model: Model, age: "Floats", female: "Bools"
) -> tuple[dict[str, "Bools"], dict[str, "Bools"]]:
    """Return who has each condition, and of whom it is known.

    A shared uniform number decides several conditions of a person now and then: they
    come together more often than by chance, while each has the share that it should.
    """
    n, frailty = len(age), model.params.get_as("frailty", float)
    shared = rng.random(n)
    has, known = {}, {}
    for name, condition in model.conditions.items():
        own = np.where(draw.chance(rng, frailty, n), shared, rng.random(n))
        has[name] = own < share(condition, age, female)
        known[name] = has[name] & draw.chance(rng, by_age(condition.ages, condition.known, age), n)
    return has, known


def _codes(
    rng: np.random.Generator, model: Model, known: dict[str, "Bools"]
) -> tuple[dict[str, "np.ndarray[tuple[int], np.dtype[np.object_]]"], "Ints"]:
    """Return the codes of the known conditions: those of diabetes and hypertension depend on the kidney."""
    n, params = len(known["diabetes"]), model.params

    def of(name: str) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
        split = params.get_as(f"codes.{name}", dict[str, float])
        return np.array(list(split), dtype=object)[draw.pick(rng, n, list(split.values()))]

    kidney = known["kidney"]
    chosen = {
        "diabetes": np.where(kidney, "E11.22", of("diabetes")),
        "hypertension": np.where(kidney, "I12.9", "I10"),
        "kidney": of("kidney"),
        "drug": of("diabetes_drug"),
        "lipids": np.full(n, "E78.5"),
        "copd": np.full(n, "J44.9"),
        "asthma": np.full(n, "J45.909"),
        "depression": of("depression"),
        "anxiety": np.full(n, "F41.1"),
        "thyroid": np.full(n, "E03.9"),
    }
    classes = params.get_as("codes.obesity", list[parameters.ObesityClass])
    return (
        {name: codes.astype(object) for name, codes in chosen.items()},
        draw.pick(rng, n, [c.share for c in classes]),
    )


def _providers(rng: np.random.Generator, model: Model, n: int) -> dict[str, "Ints"]:
    found = {}
    for specialty in dict.fromkeys(p.specialty for p in model.providers.values()):
        these = [i for i, p in enumerate(model.providers.values()) if p.specialty == specialty]
        found[specialty] = np.array(these)[draw.pick(rng, n, [1.0] * len(these))]
    return found
