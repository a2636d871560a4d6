"""`practice`: the one upward step, to the view on floor 3, taken when it is called."""

from random import SystemRandom
from typing import TYPE_CHECKING

from course_lib.drills.families import deck, named

if TYPE_CHECKING:
    from course_lib.widgets.drills import DrillWidget


def practice(family: str, seed: int | None = None) -> "DrillWidget":
    """Return a drill as a widget; make it the last line of a cell.

    Parameters
    ----------
    family : str
        See `families`.
    seed : int, optional
        The first item's number; each next item adds one. Default: another start each time.

    Examples
    --------
    >>> drills.practice("seventh-character")            # doctest: +SKIP
    >>> drills.practice("seventh-character", seed=7)    # doctest: +SKIP
    """
    from course_lib.widgets.drills import DrillWidget

    start = SystemRandom().randrange(1, 1_000_000) if seed is None else seed
    return DrillWidget(named(family), start, deck())
