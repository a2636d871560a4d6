"""A plan as tables."""

from typing import TYPE_CHECKING

from course_lib.roadmap.model import Cost, Plan

if TYPE_CHECKING:
    import pandas as pd


def steps_frame(plan: Plan) -> "pd.DataFrame":
    """Return one row a step, in the order of the plan."""
    import pandas as pd

    rows = [
        (
            step.number,
            step.title,
            step.start.isoformat(),
            step.end.isoformat(),
            -(-((step.end - step.start).days + 1) // 7),
            round(step.hours),
            f"{step.weekly:g}" if step.hours else "",
        )
        for step in plan.steps
    ]
    columns = ["step", "what", "first day", "last day", "weeks", "hours in all", "hours a week"]
    return pd.DataFrame(rows, columns=columns)


def costs_frame(plan: Plan) -> "pd.DataFrame":
    """Return one row a bill: what, when, how much, how sure, and from where."""
    import pandas as pd

    rows = [
        (cost.item, cost.due.isoformat(), amount(cost), cost.year, trust(cost), cost.text, cost.source)
        for cost in plan.costs
    ]
    columns = ["bill", "due", "US dollars", "price of", "how sure", "note", "source"]
    return pd.DataFrame(rows, columns=columns)


def routes_frame(plan: Plan) -> "pd.DataFrame":
    """Return the ways out of apprentice status with the first day that each can end on."""
    import pandas as pd

    rows = [
        (f"{route.number}. {route.title}", route.earliest.isoformat(), route.chosen, route.text)
        for route in plan.routes
    ]
    return pd.DataFrame(rows, columns=["way", "earliest day", "in this plan", "what AAPC asks for"])


def calendar_frame(plan: Plan) -> "pd.DataFrame":
    """Return the continuing-education calendar: units to have by each day."""
    import pandas as pd

    rows = [(mark.day.isoformat(), mark.title) for mark in plan.calendar]
    return pd.DataFrame(rows, columns=["by", "target"])


def amount(cost: Cost) -> str:
    """Return a price as people write it, or "check the page"."""
    if cost.low is None or cost.high is None:
        return "check the page"
    return f"{cost.low:,.0f}" if cost.low == cost.high else f"{cost.low:,.0f} to {cost.high:,.0f}"


def trust(cost: Cost) -> str:
    """Return in words how far a price can be trusted."""
    return {
        "official": "the body's own page, perhaps old",
        "secondary": "another site: confirm it",
        "conflict": "pages disagree: confirm it",
        "unknown": "not found on a page that we trust",
        "yours": "your own figure",
    }[cost.trust]


def money(plan: Plan) -> str:
    """Return the known totals and what they leave out, in a few sentences."""
    left_out = ", ".join(cost.item for cost in plan.unknown)
    said = f"Known costs: {_dollars(plan.to_exam)} to the exam, " if plan.exam_day else "Known costs: "
    said += f"{_dollars(plan.total)} to the end of the first two years with the credential."
    return said + (f" Not in it, check the page: {left_out}." if left_out else "")


def _dollars(amounts: tuple[float, float]) -> str:
    low, high = amounts
    return f"${low:,.0f}" if low == high else f"${low:,.0f} to ${high:,.0f}"


def headline(plan: Plan) -> str:
    """Return the plan in two or three short sentences."""
    name, end = plan.credential.id, plan.steps[-1].end
    if plan.exam_day is None:
        return f"You hold the {name}. First cycle of continuing education until {end}. {money(plan)}"
    said = f"{name} exam on {plan.exam_day}, after {plan.hours:,.0f} hours of study. {money(plan)}"
    if chosen := next((route for route in plan.routes if route.chosen), None):
        said += f" Apprentice status (CPC-A) until {chosen.earliest} at the earliest."
    return said
