"""`explorer`: the one upward step, to the view on floor 3, taken when it is called."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_lib.widgets.careers import ExplorerWidget


def explorer() -> "ExplorerWidget":
    """Return the roles and the fit questionnaire as a widget; make it the last line of a cell.

    Examples
    --------
    >>> careers.explorer()    # doctest: +SKIP
    """
    from course_lib.widgets.careers import ExplorerWidget

    return ExplorerWidget()
