"""`planner`: the one upward step, to the view on floor 3, taken when it is called."""

from typing import TYPE_CHECKING

from course_lib.roadmap.model import Profile

if TYPE_CHECKING:
    from course_lib.widgets.roadmap import PlannerWidget


def planner(profile: Profile | None = None) -> "PlannerWidget":
    """Return the planner as a widget; make it the last line of a cell.

    Parameters
    ----------
    profile : Profile, optional
        What the form starts with.

    Examples
    --------
    >>> roadmap.planner()    # doctest: +SKIP
    """
    from course_lib.widgets.roadmap import PlannerWidget

    return PlannerWidget(profile)
