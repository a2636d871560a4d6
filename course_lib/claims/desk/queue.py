"""Which denial to work first, by what came of the earlier ones."""

from datetime import date
from typing import TYPE_CHECKING, Any

from course_lib.claims.desk.common import as_of, day_of, decided_claims, divide, now

if TYPE_CHECKING:
    import pandas as pd

PRIOR = 5
"""How many denials' worth of the overall chance stands beside the history of one reason."""

LATER = "2999-01-01"  # stands for a day that has not come
PATIENT = "PR"  # the group of what the patient owes


def recoveries(claims: Any, on: "date | str | None" = None) -> "pd.DataFrame":
    """Return what came of the denials that were worked and decided by the day, by reason code.

    Returns
    -------
    DataFrame
        Index ``carc``; ``worked, won`` (claims), ``denied_won`` (dollars denied on those that were won),
        ``recovered`` (dollars), ``chance`` (won of worked, see below) and ``yield_`` (dollars recovered
        a dollar denied, of those won).

    Notes
    -----
    ``chance = (won + PRIOR * overall) / (worked + PRIOR)``: a reason that was worked three
    times is not believed as one that was worked three hundred times. Denials that are the
    patient's to pay (group PR) are left out.
    """
    day = day_of(claims, on)
    done = decided_claims(claims)
    done = done[
        (done["rework_decided_date"].fillna(LATER) <= day)
        & (done["denial_group"] != PATIENT)
        & (done["is_denied"] == 1)
    ]
    done = done.assign(
        worked=1,
        won=(done["rework_paid"] > 0).astype("int64"),
        denied_won=done["denied"].where(done["rework_paid"] > 0, 0.0),
    )
    columns = ["worked", "won", "denied_won", "rework_paid"]
    sums = now(done.groupby("denial_carc")[columns].sum()).rename(columns={"rework_paid": "recovered"})
    total = sums.sum()
    overall = divide(total["won"], total["worked"])
    sums["chance"] = (sums["won"] + PRIOR * overall) / (sums["worked"] + PRIOR)
    usual = divide(total["recovered"], total["denied_won"])
    sums["yield_"] = (sums["recovered"] / sums["denied_won"].where(sums["denied_won"] > 0)).fillna(usual)
    history: pd.DataFrame = sums.sort_index().rename_axis("carc")
    return history


def work_queue(
    claims: Any,
    on: "date | str | None" = None,
    *,
    cost: float | None = None,
    appeal_days: int | None = None,
) -> "pd.DataFrame":
    """Return the open denials that nobody has begun to work, the one worth most first.

    ``expected = denied * chance * yield_ - cost``, and ``-cost`` when the time to appeal is over:

    - ``denied``: dollars charged on the denied lines of the claim;
    - ``chance``, ``yield_``: what came of earlier denials for the same reason by that day (`recoveries`);
      a reason never worked has the overall figures;
    - ``cost``: dollars to work one denial;
    - time is over after ``appeal_days`` days from the decision.

    Parameters
    ----------
    claims : DataFrame
        pandas or Dask.
    on : date or str, optional
    cost : float, optional
        ``desk.rework_cost`` of the parameters when left out.
    appeal_days : int, optional
        ``desk.appeal_days`` of the parameters when left out.

    Returns
    -------
    DataFrame
        ``claim, payer, provider, carc, denied, days_open, days_left, chance, expected``. A negative
        figure says that working it costs more than it brings.
    """
    import pandas as pd

    from course_lib.claims.simulation.parameters import load

    day = day_of(claims, on)
    cost = load().get_as("desk.rework_cost", float) if cost is None else cost
    limit = load().get_as("desk.appeal_days", int) if appeal_days is None else appeal_days
    history = recoveries(claims, day)
    worked, won = history["worked"].sum(), history["won"].sum()
    overall = divide(won, worked), divide(history["recovered"].sum(), history["denied_won"].sum())
    decided = as_of(decided_claims(claims), day)
    waiting = decided[
        (decided["at_risk"] > 0)
        & (decided["denial_group"] != PATIENT)
        & (decided["rework_date"].fillna(LATER) > day)
    ]
    queue: pd.DataFrame = now(
        waiting[["claim", "payer", "provider", "denial_carc", "denied", "decided_date"]]
    ).rename(columns={"denial_carc": "carc"})
    queue["days_open"] = (pd.Timestamp(day) - queue["decided_date"]).dt.days
    queue["days_left"] = (limit - queue["days_open"]).clip(lower=0)
    queue["chance"] = queue["carc"].map(history["chance"]).astype(float).fillna(overall[0])
    brings = queue["carc"].map(history["yield_"]).astype(float).fillna(overall[1])
    worth = queue["denied"] * queue["chance"] * brings
    queue["expected"] = (worth.where(queue["days_left"] > 0, 0.0) - cost).round(2)
    queue = queue.drop(columns="decided_date")
    return queue.sort_values(["expected", "claim"], ascending=[False, True], ignore_index=True)
