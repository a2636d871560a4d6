"""Influenza: what the claims say week by week, beside real emergency visits in Boston."""

from functools import cache
from typing import TYPE_CHECKING, Any

from course_lib.surveillance.series import trend

if TYPE_CHECKING:
    import pandas as pd

INFLUENZA = ("J09", "J10", "J11")
"""Categories of influenza in ICD-10-CM."""

CREDIT = (
    "Boston: emergency visits for influenza-like illness per 100,000 residents, Boston Public Health "
    "Commission; unweighted mean of the neighborhoods that reported."
)


@cache
def _boston() -> "pd.DataFrame":
    from course_lib import datasets

    frame = datasets.read_csv("surveillance/boston_ili_weekly.csv", dtype={"rate": float, "areas": "int64"})
    return frame.assign(week=frame["week"].astype("datetime64[ms]"))


def boston() -> "pd.DataFrame":
    """Return emergency visits for influenza-like illness in Boston by week, 2017-12-31 to 2026-05-03.

    Source: Boston Public Health Commission, public dashboard. The commission gives rates of
    14 neighborhoods. ``rate`` is their plain mean, not weighted by population, over the
    ``areas`` that were not suppressed that week for small counts: in quiet weeks it is
    somewhat too high. It counts what patients complain of, not what is coded.

    Returns
    -------
    DataFrame
        ``week`` (a Sunday), ``rate`` (visits per 100,000 residents), ``areas``.
    """
    return _boston().copy()


def seasons(series: "pd.DataFrame", value: str = "rate") -> "pd.DataFrame":
    """Return the peak of each season; a season runs from July to June.

    Parameters
    ----------
    series : DataFrame
        With a column ``week`` and one of numbers.
    value : str
        The column of numbers.

    Returns
    -------
    DataFrame
        ``season`` (2024-25), ``peak_week, peak`` (highest value), ``weeks`` (with a value).
    """
    import pandas as pd

    rows = []
    year = (series["week"] - pd.DateOffset(months=6)).dt.year
    for first, part in series[series[value].notna()].groupby(year):
        top = part.nlargest(1, value).iloc[0]
        rows.append((f"{first}-{(first + 1) % 100:02d}", top["week"], float(top[value]), len(part)))
    return pd.DataFrame(rows, columns=["season", "peak_week", "peak", "weeks"])


def influenza(tables: Any, place: str | None = None) -> "pd.DataFrame":
    """Return coded influenza of synthetic claims by week, beside the Boston series.

    The two are not the same thing. Boston counts complaints of residents in emergency
    rooms; the claims count coded influenza of insured members (all places, or one). The
    simulator was told the peak weeks and heights of Boston, so that the peaks fall together
    proves nothing; look at the shapes, at the level between seasons, and at the last weeks.

    Parameters
    ----------
    tables : Tables
        Of `course_lib.claims.simulate` or `read_simulated`.
    place : str, optional
        Place of service, ``23`` for emergency rooms.

    Returns
    -------
    DataFrame
        ``week, boston`` (visits per 100,000 residents), ``cases, coded`` (cases per 100,000 insured members).
    """
    insured = (tables.members["payer"] != "uninsured").sum()
    people = int(insured.compute() if hasattr(insured, "compute") else insured)
    weeks = trend(tables.claims, INFLUENZA, by="week", place=place)
    weeks = weeks.merge(boston().rename(columns={"rate": "boston"}), on="week", how="left")
    return weeks.assign(coded=100_000 * weeks["cases"] / people)[["week", "boston", "cases", "coded"]]
