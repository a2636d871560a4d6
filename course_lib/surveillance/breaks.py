"""Breaks that coding makes in a series: another revision of ICD, a code that is new."""

from typing import TYPE_CHECKING, Any

from course_lib.errors import CourseError
from course_lib.surveillance.series import trend

if TYPE_CHECKING:
    import pandas as pd

SWITCH = "2015-10-01"
"""First day on which HIPAA asked for ICD-10-CM instead of ICD-9-CM, by date of service or discharge."""

PUBLISHED = (
    "Among 18 million privately insured people, about one diagnosis category in six went up or down by 20 % "
    "or more at the change (interrupted time series 2010-2017, PMC7142382)."
)


def icd9_break(seed: int = 9, *, ratio: float = 1.25, yearly: float = 0.02) -> "pd.DataFrame":
    """Return a **synthetic** series of a condition through the change from ICD-9-CM to ICD-10-CM.

    Only the day of the change (`SWITCH`) and the size of such jumps (`PUBLISHED`) are real. Everything
    else is made up: 2,000 cases a month, a winter peak, a slow rise.

    Parameters
    ----------
    seed : int
    ratio : float
        Cases under the new codes over cases that the old ones would have caught (comparability ratio).
    yearly : float
        True rise in a year.

    Returns
    -------
    DataFrame
        ``month, code_set, cases`` (as coded), ``truth`` (as the old codes would have counted), four years
        around the change. ``attrs["about"]`` says that it is synthetic.
    """
    import numpy as np
    import pandas as pd

    months = pd.date_range("2013-10-01", "2017-09-01", freq="MS", unit="ms")
    n = np.arange(len(months))
    u = np.random.Generator(np.random.PCG64(seed)).random((12, len(months)))
    noise = (u.sum(axis=0) - 6) * 40  # twelve uniform numbers less six: close to a bell curve
    truth = 2000 * (1 + yearly) ** (n / 12) * (1 + 0.15 * np.cos(2 * np.pi * (months.month - 1) / 12)) + noise
    new = months >= pd.Timestamp(SWITCH)
    frame = pd.DataFrame(
        {
            "month": months,
            "code_set": np.where(new, "ICD-10-CM", "ICD-9-CM"),
            "cases": np.round(truth * np.where(new, ratio, 1)).astype("int64"),
            "truth": np.round(truth).astype("int64"),
        }
    )
    frame.attrs["about"] = f"Synthetic, seed {seed}. Real: the day {SWITCH}. {PUBLISHED}"
    return frame


def level_shift(series: "pd.DataFrame", on: str = SWITCH, value: str = "cases") -> float:
    """Return the mean of the twelve months from a day on, over that of the twelve months before.

    The same twelve calendar months stand on both sides, so the season falls out; a true
    change from year to year does not.

    Raises
    ------
    CourseError
        When there are not twelve months on both sides.
    """
    before = series[series["month"] < on].tail(12)
    after = series[series["month"] >= on].head(12)
    if len(before) < 12 or len(after) < 12:
        raise CourseError(
            f"there are not twelve months on both sides of {on}.", remedy="Choose another day, or more data."
        )
    return float(after[value].mean() / before[value].mean())


def code_events() -> "pd.DataFrame":
    """Return some days on which a code of ICD-10-CM began: ``code, title, from, replaces, note, source``.

    A series of the code begins on that day, whatever the disease did.
    """
    from course_lib import datasets
    from course_lib.codes import icd10cm

    frame = datasets.read_csv("surveillance/code_events.csv")
    book = icd10cm.load()
    frame.insert(1, "title", [book[code].title for code in frame["code"]])
    return frame


def uptake(claims: Any, new: list[str], old: list[str]) -> "pd.DataFrame":
    """Return visits with a new code, with an old one, and with either, by month.

    A new code takes over slowly. Who counts only the new code sees an epidemic; who counts only the old
    one sees the end of a disease; both together stay level.

    Parameters
    ----------
    claims : DataFrame
        pandas or Dask.
    new, old : list of str
        Codes, for example ``["E66.81"]`` and ``["E66.9", "E66.01"]``.

    Returns
    -------
    DataFrame
        ``month, new, old, either`` (visits).
    """
    parts = {"new": new, "old": old, "either": [*new, *old]}
    counts = {name: trend(claims, codes, by="month") for name, codes in parts.items()}
    months = counts["either"][["month"]]
    return months.assign(**{name: part["cases"] for name, part in counts.items()})
