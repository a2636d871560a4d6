"""The text twin of the planner."""

import textwrap

from course_lib.roadmap.data import catalogue
from course_lib.roadmap.frames import amount, headline, trust
from course_lib.roadmap.model import Plan, Profile
from course_lib.roadmap.plan import plan

WIDTH = 96


def ask(profile: Profile) -> None:
    """Print the plan of a profile, as the widget shows it.

    Examples
    --------
    >>> ask(Profile(start="2027-01-11", target="CPC"))    # doctest: +SKIP
    """
    print(plan(profile))


def as_text(plan: Plan) -> str:
    """Return a plan as plain text, one fact a line."""
    credential = plan.credential
    parts = [_wrap(f"Plan for the {credential.id}, {credential.name} ({credential.body})", "")]
    parts.append(_wrap(headline(plan), ""))
    parts.append(_block("Steps", [_step_line(plan, n) for n in range(len(plan.steps))]))
    bills = [
        f"{c.due}  {c.item}: {amount(c)}. {trust(c).capitalize()}"
        + (f", {c.year}" if c.year else "")
        + f". {c.text}"
        + (f" {c.source}" if c.source else "")
        for c in plan.costs
    ]
    parts.append(_block("Bills, in US dollars", bills))
    if plan.routes:
        ways = [
            f"{r.number}. {r.title}, {r.earliest} at the earliest"
            f"{' (in this plan)' if r.chosen else ''}: {r.text}"
            for r in plan.routes
        ]
        parts.append(_block("Ways out of apprentice status (CPC-A)", [*ways, catalogue().routes_source]))
    parts.append(_block("Continuing education", [f"{m.day}  {m.title}" for m in plan.calendar]))
    parts.append(_block("Risks", plan.risks))
    parts.append(_block("About this plan", plan.notes))
    parts.append(_block("The exam", exam_facts(plan)))
    parts.append(_block("Assumed by the course, not published by anyone", assumed(plan)))
    return "\n\n".join(part for part in parts if part)


def exam_facts(plan: Plan) -> list[str]:
    """Return what is known about the exam, each sentence with its page."""
    c = plan.credential
    return [
        f"To sit: {c.eligibility} {c.eligibility_source}",
        f"Form: {c.exam} {c.exam_source}",
        f"Where: {c.where}.".replace("..", "."),
        f"Code sets: {c.code_sets}.",
        f"To keep it: {c.ceu_text} {c.ceu_source}",
        f"Its page: {c.page}",
    ]


def assumed(plan: Plan) -> list[str]:
    """Return every assumption with the figure that this plan uses."""
    return [
        f"{plan.profile.assume(a.id):g} {a.unit}. {a.text}"
        + (" (your figure)" if a.id in plan.profile.assumptions else "")
        for a in catalogue().assumptions.values()
    ]


def _step_line(plan: Plan, n: int) -> str:
    step = plan.steps[n]
    when = f"{step.start}" if step.start == step.end else f"{step.start} to {step.end}"
    study = f", {step.hours:g} hours at {step.weekly:g} a week" if step.hours else ""
    return f"{when}  Step {step.number}, {step.title}{study}"


def _block(title: str, lines: "list[str] | tuple[str, ...]") -> str:
    return "\n".join([title, *(_wrap(line, "  ") for line in lines)]) if lines else ""


def _wrap(text: str, indent: str) -> str:
    more = indent + "  " if indent else ""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=more,
        break_long_words=False,
        break_on_hyphens=False,
    )
