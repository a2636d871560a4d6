"""What the parts of the billing desk share: a day, decided claims, pandas and Dask alike."""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from course_lib.errors import CourseError

__all__ = ["Measure", "as_of", "day_of", "decided_claims", "divide", "now"]


@dataclass(frozen=True)
class Measure:
    """One figure with its definition, because offices count these differently.

    Attributes
    ----------
    name, definition : str
    value : float
        A share from 0 to 1, or days.
    top, bottom : float
        What was divided by what.
    unit : str
        ``"share"`` or ``"days"``.
    """

    name: str
    value: float
    top: float
    bottom: float
    unit: str
    definition: str

    def __repr__(self) -> str:
        value = f"{100 * self.value:.1f} %" if self.unit == "share" else f"{self.value:.1f} days"
        return f"{self.name}: {value} ({self.top:,.0f} of {self.bottom:,.0f})\nDefinition: {self.definition}"

    def _repr_html_(self) -> str:
        first, second = repr(self).split("\n")
        return f"<p><strong>{escape(first)}</strong><br>{escape(second)}</p>"


def now(data: Any) -> Any:
    """Return a Dask collection computed, anything else as it is."""
    return data.compute() if hasattr(data, "compute") else data


def divide(top: float, bottom: float) -> float:
    """Return a share, 0 of nothing."""
    return float(top) / float(bottom) if bottom else 0.0


def decided_claims(claims: Any) -> Any:
    """Return the claims that the payer has decided, with ``is_decided`` and ``is_denied`` to sum up."""
    decided = claims[claims["decided_date"].notnull()]
    return decided.assign(is_decided=1, is_denied=(decided["denied"] > 0).astype("int64"))


def day_of(claims: Any, on: "date | str | None") -> str:
    """Return a day as text, the last one of filing when none is given."""
    if on is None:
        last: str = now(claims["filed_date"].max()).date().isoformat()
        return last
    try:
        return (on if isinstance(on, date) else date.fromisoformat(on)).isoformat()
    except ValueError:
        raise CourseError(f"{on!r} is not a day.", remedy="Write it as year-month-day: 2026-09-30.") from None


def as_of(decided: Any, day: str) -> Any:
    """Return decided claims with what became of the denied dollars by the day: recovered, at risk, lost.

    The account of a claim has one write-off for patient and payer together; the part of
    the denial is what is neither recovered nor adjusted when the claim is closed.
    """
    decided = decided[decided["decided_date"] <= day]
    worked = decided["rework_decided_date"].fillna("2999-01-01") <= day
    closed = decided["written_off_date"].fillna("2999-01-01") <= day
    recovered = decided["rework_paid"].where(worked, 0.0)
    left = decided["denied"] - recovered - decided["rework_contractual"].where(worked, 0.0)
    return decided.assign(
        recovered=recovered,
        at_risk=left.where(~(worked | closed), 0.0),
        lost=left.where(worked | closed, 0.0),
    )
