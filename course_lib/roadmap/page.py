"""A plan as HTML: a fragment for a notebook, and a page to print."""

import base64
from html import escape

from course_lib.roadmap import export, frames
from course_lib.roadmap.data import catalogue
from course_lib.roadmap.markup import bullets, link, table
from course_lib.roadmap.model import Plan
from course_lib.roadmap.text import assumed, exam_facts

_STYLE = """
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff;
  font: 16px/1.5 system-ui, sans-serif; }
table { width: 100%; margin: 1rem 0; border-collapse: collapse; font-size: 0.9em; }
caption { padding-bottom: 0.3rem; font-weight: 600; text-align: start; }
th, td { padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid #ccc; vertical-align: top; }
th { font-weight: 400; } thead th { font-weight: 600; }
figure { margin: 1rem 0; } img { max-width: 100%; } a { color: #1f5fa8; overflow-wrap: anywhere; }
@media print { body { margin: 0; font-size: 11pt; } table, figure, section { break-inside: avoid; } }
"""


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
    title = f"Road to the {plan.credential.id}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{as_html(plan)}</main></body></html>\n"
    )
