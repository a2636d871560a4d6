"""What is still owed, and how old it is."""

from datetime import date
from typing import TYPE_CHECKING, Any

from course_lib.claims.desk.common import Measure, day_of, now
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

BUCKETS = {"0-30": 30, "31-60": 60, "61-90": 90, "91-120": 120, "over 120": None}
"""Age of a receivable in days since it was filed: name of the bucket, last day in it."""


def balances(claims: Any, on: "date | str | None" = None) -> Any:
    """Return claims filed by the day, with ``balance`` (dollars open) and ``age`` (days since filed).

    The frame is of the kind that came in: pandas or Dask.
    """
    import pandas as pd

    day = day_of(claims, on)
    open_ = claims[claims["filed_date"] <= day]
    posted = 0.0
    for when, amounts in (
        ("decided_date", ["contractual", "paid"]),
        ("patient_paid_date", ["patient_paid"]),
        ("rework_decided_date", ["rework_paid", "rework_contractual"]),
        ("written_off_date", ["written_off"]),
    ):
        for amount in amounts:
            posted = posted + open_[amount].where(open_[when] <= day, 0.0)
    balance = (open_["charge"] - posted).round(2)
    return open_.assign(balance=balance, age=(pd.Timestamp(day) - open_["filed_date"]).dt.days)


def days_in_ar(claims: Any, on: "date | str | None" = None) -> Measure:
    """Return days in accounts receivable on a day.

    Receivables are everything that is charged and not yet paid, adjusted or written off.
    They are divided by the average charge of a day in the 365 days before.

    Raises
    ------
    CourseError
        When no claim was filed in that year.
    """
    import pandas as pd

    day = day_of(claims, on)
    receivable = float(now(balances(claims, day)["balance"].sum()))
    year = claims[
        (claims["filed_date"] <= day) & (claims["filed_date"] > pd.Timestamp(day) - pd.Timedelta(days=365))
    ]
    charged = float(now(year["charge"].sum()))
    if not charged:
        raise CourseError(f"no claim was filed in the year to {day}.", remedy="Choose a day within the data.")
    return Measure(
        f"Days in A/R on {day}", receivable / (charged / 365), receivable, charged / 365, "days",
        "open balances in dollars, divided by the average charge a day of the last 365 days.",
    )  # fmt: skip


def ageing(claims: Any, on: "date | str | None" = None) -> "pd.DataFrame":
    """Return the open balances by age: ``bucket, claims, balance, share``; days count from filing.

    What is watched is the share over 90 days: the older a balance, the less of it comes in.
    """
    import pandas as pd

    held = balances(claims, on)
    held = held[held["balance"] > 0]
    place = sum((held["age"] > last).astype("int64") for last in BUCKETS.values() if last is not None)
    counted = held.assign(place=place, claims=1).groupby("place")[["claims", "balance"]].sum()
    frame: pd.DataFrame = now(counted).reindex(range(len(BUCKETS)), fill_value=0)
    frame = frame.reset_index(drop=True).assign(balance=frame["balance"].to_numpy().round(2))
    frame.insert(0, "bucket", list(BUCKETS))
    total = frame["balance"].sum()
    return frame.assign(share=frame["balance"] / total if total else 0.0)
