"""What a price is: one line a service, each with the steps that lead to it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation, in the order in which a learner would do it."""

    what: str
    how: str
    result: str


@dataclass(frozen=True, slots=True)
class PriceLine:
    """The price of one service line.

    Attributes
    ----------
    number, code, modifiers, units
        As on the claim; lines count from 1.
    setting : str
        ``facility`` or ``non-facility``.
    unit_price, allowed : Decimal or None
        Dollars for one unit, and for all of them; None when it is not priced here.
    steps : tuple of Step
        How it came about.
    note : str
        Why it is not priced, or what changes the payment and was not applied.
    source : str
        Where the RVUs stand.
    """

    number: int
    code: str
    modifiers: tuple[str, ...]
    units: int
    setting: str
    unit_price: Decimal | None
    allowed: Decimal | None
    steps: tuple[Step, ...]
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Price:
    """The Medicare amount of a claim before what the patient pays; see `claims.price`.

    Attributes
    ----------
    year : int
        Year of the fee schedule.
    locality : str
        ``national``, or a locality such as ``CA-18``.
    factor : Decimal
        Conversion factor of the first line's day.
    lines : tuple of PriceLine
        In the order of the claim.
    notes : tuple of str
        What concerns several lines.
    """

    year: int
    locality: str
    factor: Decimal
    lines: tuple[PriceLine, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def total(self) -> Decimal:
        """The sum of the lines that are priced, in dollars."""
        return sum((line.allowed for line in self.lines if line.allowed is not None), Decimal("0.00"))

    @property
    def complete(self) -> bool:
        """Whether every line is priced."""
        return all(line.allowed is not None for line in self.lines)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a line.

        Columns: line, code, modifiers, units, setting, unit_price and allowed (float, dollars,
        NaN when not priced), note, source.
        """
        import pandas as pd

        rows = [
            {
                "line": line.number,
                "code": line.code,
                "modifiers": " ".join(line.modifiers),
                "units": line.units,
                "setting": line.setting,
                "unit_price": None if line.unit_price is None else float(line.unit_price),
                "allowed": None if line.allowed is None else float(line.allowed),
                "note": line.note,
                "source": line.source,
            }
            for line in self.lines
        ]
        return pd.DataFrame(rows).astype({"unit_price": float, "allowed": float})

    def explain(self) -> "pd.DataFrame":
        """Return every step of every line: columns line, code, step, calculation, result (text)."""
        import pandas as pd

        rows = [
            (line.number, line.code, step.what, step.how, step.result)
            for line in self.lines
            for step in line.steps
        ]
        return pd.DataFrame(rows, columns=["line", "code", "step", "calculation", "result"])

    def __repr__(self) -> str:
        open_lines = sum(line.allowed is None for line in self.lines)
        rest = f", {open_lines} of {len(self.lines)} lines not priced" if open_lines else ""
        return f"<Price {self.year}, {self.locality}: {self.total:,.2f} dollars{rest}>"

    def _repr_html_(self) -> str:
        from html import escape

        from course_lib.plots import table

        caption = f"Medicare amount {self.year}, {self.locality}: {self.total:,.2f} dollars, step by step."
        notes = [
            f"Line {line.number}: {text}" for line in self.lines for text in (line.note, line.source) if text
        ]
        notes += self.notes
        below = "".join(f"<li>{escape(note)}</li>" for note in notes)
        return table(self.explain(), caption=caption)._repr_html_() + (f"<ul>{below}</ul>" if below else "")
