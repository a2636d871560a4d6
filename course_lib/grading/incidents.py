"""What happened to a submission that a teacher should know: each has a cell, a kind and a sentence."""

from dataclasses import asdict, dataclass
from typing import Any

DIFFERS = {
    "skipped": "stock nbgrader leaves the cell out and gives full marks",
    "neutralised": "stock nbgrader gives the points",
    "forged": "stock nbgrader believes the message",
    "score": "stock nbgrader gives full marks, or no grade",
    "ended": "stock nbgrader gives no grade at all",
    "missing": "stock nbgrader leaves the cell ungraded, with the points of an earlier attempt",
    "flags": "stock nbgrader gives no grade at all",
}
"""Kind -> what stock nbgrader does instead. Other kinds make no difference to the grade."""


@dataclass(frozen=True)
class Incident:
    """One of them.

    Attributes
    ----------
    cell : str
        Its grade id, or ``"cell 3"``; ``""`` for the whole notebook.
    kind : str
        One of `DIFFERS`, or ``altered``, ``unknown``, ``timeout``, ``output``.
    text : str
        A sentence without its full stop.
    by_hand : bool
        Whether a person has to look at the cell.
    """

    cell: str
    kind: str
    text: str
    by_hand: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)
