"""Age standardization by the direct method, with the 2000 standard population of the United States."""

from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd


@cache
def _standard() -> "pd.DataFrame":
    import pandas as pd

    from course_lib import datasets

    table = datasets.read_csv("surveillance/us2000_standard.csv")
    ends = [int(age) if age else None for age in table["age_to"]]
    starts = table["age_from"].astype(int)
    ages = [
        f"{a} and over" if b is None else (f"{a}-{b}" if b > a else f"{a}")
        for a, b in zip(starts, ends, strict=True)
    ]
    return pd.DataFrame(
        {
            "ages": ages,
            "age_from": starts,
            "population": 1000 * table["population_thousands"].astype(int),
            "weight": table["weight"].astype(float),
        }
    )


def standard_population() -> "pd.DataFrame":
    """Return the 2000 standard population: ``ages, age_from, population, weight`` (weights add up to 1).

    Source: NCHS, Klein and Schoenborn, Healthy People Statistical Notes 20, January 2001.
    """
    return _standard().copy()


def age_group(age: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return the age group of the standard population that each age in years is in."""
    import pandas as pd

    table = _standard()
    edges = [*table["age_from"], 200]
    return pd.cut(age, edges, right=False, labels=list(table["ages"])).astype("str")


@dataclass(frozen=True)
class Adjusted:
    """A rate as it is, and as it would be with the ages of the standard population.

    Attributes
    ----------
    crude, adjusted : float
        Cases per person.
    error : float
        Standard error of the adjusted rate, each group taken as binomial.
    groups : DataFrame
        ``ages, cases, people, rate, weight, part`` (weight times rate).
    """

    crude: float
    adjusted: float
    error: float
    groups: "pd.DataFrame"

    def __repr__(self) -> str:
        low, high = self.adjusted - 1.96 * self.error, self.adjusted + 1.96 * self.error
        return (
            f"crude {1000 * self.crude:.1f} in 1,000; age-adjusted {1000 * self.adjusted:.1f} in 1,000 "
            f"(95 % interval {1000 * max(low, 0):.1f} to {1000 * high:.1f})"
        )


def adjust(counts: "pd.DataFrame") -> Adjusted:
    """Return the crude and the age-adjusted rate of cases in groups of people.

    The direct method: ``adjusted = sum(weight * cases / people) / sum(weight)`` over the age groups
    that are given. With adults only, both rates are those of adults.

    Parameters
    ----------
    counts : DataFrame
        ``ages`` (labels of `standard_population`), ``cases``, ``people``; a row an age group.

    Raises
    ------
    CourseError
        When a group is unknown, comes twice or has nobody in it.
    """
    table = _standard().set_index("ages")["weight"]
    unknown = [a for a in counts["ages"] if a not in table.index]
    if unknown or counts["ages"].duplicated().any():
        what = f"there is no age group {unknown[0]!r}" if unknown else "an age group comes twice"
        raise CourseError(f"{what}.", remedy=f"The groups are {', '.join(table.index)}.")
    if not (counts["people"] > 0).all():
        raise CourseError("an age group has nobody in it.", remedy="Leave it out, and say so.")
    groups = counts[["ages", "cases", "people"]].reset_index(drop=True)
    groups["rate"] = groups["cases"] / groups["people"]
    weights = groups["ages"].map(table)
    groups["weight"] = weights / weights.sum()
    groups["part"] = groups["weight"] * groups["rate"]
    spread = groups["weight"] ** 2 * groups["rate"] * (1 - groups["rate"]) / groups["people"]
    crude = float(groups["cases"].sum() / groups["people"].sum())
    return Adjusted(crude, float(groups["part"].sum()), sqrt(float(spread.sum())), groups)
