"""Certifications side by side, and the figures behind the plans, as tables."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from course_lib.roadmap.data import catalogue
from course_lib.roadmap.frames import amount
from course_lib.roadmap.model import Profile
from course_lib.roadmap.plan import plan

if TYPE_CHECKING:
    import pandas as pd


def targets() -> tuple[str, ...]:
    """Return the certifications that can be planned, the two best known first."""
    return tuple(catalogue().credentials)


def compare(profile: Profile, targets: Sequence[str] | None = None) -> "pd.DataFrame":
    """Return one row a certification, all planned from the same profile.

    Parameters
    ----------
    profile : Profile
        Its own target is ignored.
    targets : sequence of str, optional
        Default: all five.

    Returns
    -------
    DataFrame
        ``target, body, setting, exam day, study hours, known cost (US dollars), bills not
        known, apprentice until, units in two years, experience to sit``.
    """
    import pandas as pd

    rows = []
    for name in targets or tuple(catalogue().credentials):
        road = plan(replace(profile, target=name))
        low, high = road.total
        chosen = next((route for route in road.routes if route.chosen), None)
        rows.append(
            (
                road.credential.id,
                road.credential.body,
                road.credential.setting,
                road.exam_day.isoformat() if road.exam_day else "held",
                round(road.hours),
                f"{low:,.0f} to {high:,.0f}" if low != high else f"{low:,.0f}",
                len(road.unknown),
                chosen.earliest.isoformat() if chosen else "none known",
                road.credential.ceus,
                road.credential.eligibility,
            )
        )
    columns = ["target", "body", "setting", "exam day", "study hours", "known cost (US dollars)"]
    columns += ["bills not known", "apprentice until", "units in two years", "to sit the exam"]
    return pd.DataFrame(rows, columns=columns)


def assumptions() -> "pd.DataFrame":
    """Return the figures that the course assumes; put your own in ``Profile(assumptions={id: figure})``."""
    import pandas as pd

    rows = [(a.id, a.value, a.unit, a.text) for a in catalogue().assumptions.values()]
    return pd.DataFrame(rows, columns=["id", "figure", "unit", "what it stands for"])


def prices(target: str = "CPC") -> "pd.DataFrame":
    """Return the prices of a certification; put your own in ``Profile(prices={id: dollars})``."""
    import pandas as pd

    road = plan(Profile(start=catalogue().example.start, target=target, diploma=False))
    found = {cost.id: cost for cost in road.costs}
    rows = [(c.id, c.item, amount(c), c.year, c.text, c.source) for c in found.values()]
    return pd.DataFrame(rows, columns=["id", "bill", "US dollars", "price of", "note", "source"])
