"""Visits with a code, counted through time."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

VISIT = ["member", "service_date", "place"]


def coded(claims: Any, codes: Sequence[str]) -> Any:
    """Return which claims carry a code that begins with one of `codes`, first-listed or not.

    Parameters
    ----------
    claims : DataFrame
        With a column ``diagnoses``: codes parted by semicolons.
    codes : sequence of str
        Codes, categories or beginnings: ``["J10", "J11"]``.

    Raises
    ------
    CourseError
        When `codes` is one text, or empty.
    """
    if isinstance(codes, str) or not codes:
        raise CourseError("the codes are not a list.", remedy='Give a list, for example ["J10", "J11"].')
    pattern = rf"(?:^|;)(?:{'|'.join(re.escape(code) for code in codes)})"
    return claims["diagnoses"].str.contains(pattern, regex=True)


def trend(
    claims: Any, codes: Sequence[str], *, by: Literal["week", "month"] = "month", place: str | None = None
) -> "pd.DataFrame":
    """Return visits, and visits with a code, by week (from Sunday) or month.

    Two claims of one member for one day at one kind of place are one visit: a duplicate
    that was filed is not a second case.

    Parameters
    ----------
    claims : DataFrame
        pandas or Dask.
    codes : sequence of str
        Beginnings of codes; see `coded`.
    by : str
        ``week`` or ``month``.
    place : str, optional
        Place of service: ``23`` for emergency rooms only.

    Returns
    -------
    DataFrame
        ``week`` or ``month`` (its first day), ``visits, cases, per_1000`` (cases in 1,000 visits). Weeks
        without a visit have zeros and a missing rate. The last weeks of an extract are too low: some of
        their claims are not filed yet.
    """
    days = _daily(claims, codes, place)
    if days.empty:
        raise CourseError("there is no visit to count.", remedy="Check the place of service.")
    rule = "W-SUN" if by == "week" else "MS"
    counted = days.resample(rule, label="left", closed="left").sum()
    counted.index = counted.index.astype("datetime64[ms]")
    counted = counted.rename_axis(by).reset_index()
    return counted.assign(
        visits=counted["visits"].astype("int64"),
        cases=counted["cases"].astype("int64"),
        per_1000=1000 * counted["cases"] / counted["visits"].where(counted["visits"] > 0),
    )


def _daily(claims: Any, codes: Sequence[str], place: str | None) -> "pd.DataFrame":
    """Return visits and cases of each day that has one, by date."""
    if place is not None:
        claims = claims[claims["place"] == place]
    marked = claims[VISIT].assign(case=coded(claims, codes).astype("int64"))
    each = marked.groupby(VISIT)["case"].max().reset_index()
    each = each.assign(visits=1, cases=each["case"])
    counts = each.groupby("service_date")[["visits", "cases"]].sum()
    frame: pd.DataFrame = counts.compute() if hasattr(counts, "compute") else counts
    return frame.sort_index()
