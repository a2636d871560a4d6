"""The plan as bars over time."""

from typing import TYPE_CHECKING

from course_lib.roadmap.model import Plan

if TYPE_CHECKING:
    from course_lib.plots import Figure


def timeline(plan: Plan) -> "Figure":
    """Return one bar a step from its first to its last day; a step of one day is a diamond."""
    import pandas as pd

    from course_lib import plots

    frame = pd.DataFrame(
        [(f"{s.number}. {_short(s.title)}", s.start, s.end) for s in plan.steps],
        columns=["step", "first day", "last day"],
    )
    first, last = plan.steps[0], plan.steps[-1]
    exam = f" The exam is on {plan.exam_day}." if plan.exam_day else ""
    return plots.gantt(
        frame,
        title=f"Your road to the {plan.credential.id}",
        alt=f"A bar for each of {len(plan.steps)} steps, one after another, from {first.start} to {last.end}."
        f"{exam}",
        caption="Numbers are those of the five steps. Lengths rest on assumptions, listed with the plan.",
    )


def _short(title: str) -> str:
    return title.partition(":")[0]
