"""A plan as HTML: a fragment for a notebook, and a page to print."""

import base64
from html import escape

from course_lib.roadmap import export, frames
from course_lib.roadmap.data import catalogue
from course_lib.roadmap.markup import bullets, link, page, table
from course_lib.roadmap.model import Plan
from course_lib.roadmap.text import assumed, exam_facts


def as_html(plan: Plan, *, headline: bool = True) -> str:
    """Return the plan as a fragment: the `headline`, bars, tables and reasons."""
    name = plan.credential
    parts = [
        f"<p><strong>{escape(name.id)}, {escape(name.name)} ({escape(name.body)}).</strong>"
        f" {escape(frames.headline(plan)) if headline else ''}</p>",
        bullets("What may go wrong", plan.risks),
        plan.figure()._repr_html_(),
        table(frames.steps_frame(plan), "Steps"),
        table(frames.costs_frame(plan), "Bills, in US dollars"),
    ]
    if plan.routes:
        parts.append(table(frames.routes_frame(plan), "Ways out of apprentice status (CPC-A)"))
        parts.append(f"<p>Source: {link(catalogue().routes_source)}</p>")
    parts += [
        table(frames.calendar_frame(plan), "Continuing education"),
        bullets("About this plan", plan.notes),
        bullets("The exam", exam_facts(plan)),
        f"<details><summary>What the course assumes</summary>{bullets('', assumed(plan))}</details>",
    ]
    return f'<div class="cw-plan">{"".join(parts)}</div>'


def downloads(plan: Plan) -> str:
    """Return links that save the plan; each holds its file, so they work without a server."""
    name = export.plan_name(plan)
    kinds = [
        ("Calendar (.ics)", "ics", "text/calendar", export.to_ics(plan).encode()),
        ("Table (.csv)", "csv", "text/csv", export.to_csv(plan).encode()),
        ("Page to print (.html)", "html", "text/html", whole_page(plan).encode()),
        ("Plan to open again (.json)", "json", "application/json", export.encode(plan.profile)),
    ]
    links = "".join(
        f'<li><a download="{escape(name)}.{ending}" href="data:{kind};base64,'
        f'{base64.b64encode(data).decode("ascii")}">{escape(label)}</a></li>'
        for label, ending, kind, data in kinds
    )
    return f'<p>Save this plan:</p><ul class="cw-downloads">{links}</ul>'


def whole_page(plan: Plan) -> str:
    """Return a page of its own, with nothing loaded from outside."""
    return page(f"Road to the {plan.credential.id}", as_html(plan))
