"""How much is denied, and why."""

from datetime import date
from typing import TYPE_CHECKING, Any

from course_lib.claims.desk.common import Measure, as_of, day_of, decided_claims, divide, now
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd


def denial_rate(claims: Any, by: str | None = None) -> "Measure | pd.DataFrame":
    """Return the initial denial rate: the share of decided claims with a denied line at the first decision.

    Parameters
    ----------
    claims : DataFrame
        pandas or Dask.
    by : str, optional
        A column (``payer``, ``provider``, ``place``), or ``month`` of the decision. Without
        it one `Measure`, with it a frame: ``by, decided, denied_claims, rate, denied_dollars``, the
        highest rate first (months in their order).

    Raises
    ------
    CourseError
        When there is no such column.
    """
    decided = decided_claims(claims)
    if by is None:
        top, bottom = (float(now(x)) for x in (decided["is_denied"].sum(), decided["is_decided"].sum()))
        return Measure(
            "Initial denial rate", divide(top, bottom), top, bottom, "share",
            "claims with one denied line or more at the payer's first decision, divided by decided claims.",
        )  # fmt: skip
    if by == "month":
        decided = decided.assign(month=decided["decided_date"].dt.strftime("%Y-%m"))
    _need(decided, by)
    sums: pd.DataFrame = now(decided.groupby(by)[["is_decided", "is_denied", "denied"]].sum()).reset_index()
    sums = sums.rename(
        columns={"is_decided": "decided", "is_denied": "denied_claims", "denied": "denied_dollars"}
    )
    sums.insert(3, "rate", sums["denied_claims"] / sums["decided"])
    order, upward = ("month", True) if by == "month" else ("rate", False)
    return sums.sort_values([order, by], ascending=[upward, True], ignore_index=True)


def denials(claims: Any, on: "date | str | None" = None) -> "pd.DataFrame":
    """Return one row a reason code of denials, the costliest first.

    Returns
    -------
    DataFrame
        ``group, carc, meaning, claims, share`` (of all denials), ``rate`` (of all decided claims),
        ``denied`` (dollars charged on the denied lines), ``recovered`` (dollars), ``at_risk`` (dollars
        neither recovered nor given up on the day), ``lost`` (dollars written off).
    """
    import pandas as pd

    from course_lib import datasets

    day = day_of(claims, on)
    decided = as_of(decided_claims(claims), day)
    keys = ["denial_group", "denial_carc"]
    columns = ["is_denied", "denied", "recovered", "at_risk", "lost"]
    denied = decided[decided["is_denied"] == 1]
    sums: pd.DataFrame = now(denied.groupby(keys)[columns].sum()).reset_index().round(2)  # cents
    sums.columns = pd.Index(["group", "carc", "claims", "denied", "recovered", "at_risk", "lost"])
    total, everything = float(sums["claims"].sum()), float(now(decided["is_decided"].sum()))
    meanings = datasets.read_csv("claims/carc.csv").set_index("carc")["meaning"]
    sums.insert(2, "meaning", [str(meanings.get(carc, "")) for carc in sums["carc"]])
    sums.insert(4, "share", sums["claims"] / total if total else 0.0)
    sums.insert(5, "rate", sums["claims"] / everything if everything else 0.0)
    return sums.sort_values(["denied", "carc"], ascending=[False, True], ignore_index=True)


def first_pass(claims: Any, by: str | None = None) -> "Measure | pd.DataFrame":
    """Return the first-pass rate, with its definition; by a column when `by` names one.

    A claim passes at first when the payer's first decision denies none of its lines. What
    the patient owes of an accepted line does not count against it.
    """
    rate = denial_rate(claims, by)
    if isinstance(rate, Measure):
        top = rate.bottom - rate.top
        return Measure(
            "First-pass rate", divide(top, rate.bottom), top, rate.bottom, "share",
            "claims whose first decision denied no line, divided by decided claims; claims that wait for a "
            "decision are left out.",
        )  # fmt: skip
    passed = rate[[by, "decided"]].assign(passed=rate["decided"] - rate["denied_claims"])
    return passed.assign(rate=passed["passed"] / passed["decided"])


def visit_levels(claims: Any, lines: Any, *, high: tuple[str, ...] = ("99214", "99215")) -> "pd.DataFrame":
    """Return how each provider bills known patients' office visits, the highest levels first.

    Parameters
    ----------
    claims, lines : DataFrame
        The two tables of one simulation.
    high : tuple of str
        The levels to add up.

    Returns
    -------
    DataFrame
        ``provider, visits, high, share``. A provider far above the others is a reason to read charts,
        not a proof.
    """
    known = [f"9921{n}" for n in range(1, 6)]
    visits = lines[lines["code"].isin(known)][["claim", "code"]]
    of = visits.merge(claims[["claim", "provider"]], on="claim")
    of = of.assign(visits=1, high=of["code"].isin(list(high)).astype("int64"))
    sums: pd.DataFrame = now(of.groupby("provider")[["visits", "high"]].sum()).reset_index()
    sums["share"] = sums["high"] / sums["visits"]
    return sums.sort_values(["share", "provider"], ascending=[False, True], ignore_index=True)


def _need(claims: Any, column: str) -> None:
    if column not in claims.columns:
        raise CourseError(
            f"the claims have no column {column!r}.", remedy="Group by payer, provider, place or month."
        )
