"""A role as HTML."""

from html import escape

from course_lib.careers.model import Role
from course_lib.careers.text import pay_lines
from course_lib.roadmap.markup import bullets, link, table


def as_html(role: Role) -> str:
    """Return a role as a fragment: duties, a day, education, pay with its pages, links."""
    import pandas as pd

    day = pd.DataFrame([(t.time, t.task, t.uses) for t in role.day], columns=["time", "task", "what it uses"])
    pay = [role.stands_for, *pay_lines(role), *role.caveats]
    links = "".join(f"<li>{link(escape(page.url), escape(page.title))}</li>" for page in role.links)
    return (
        f'<div class="cw-role"><p><strong>{escape(role.name)}.</strong> {escape(role.short)}</p>'
        f"{bullets('Duties', [*role.duties, f'Source: {role.duties_source}'])}"
        f"{table(day, 'A day: an illustration that we wrote, not measured')}"
        f"<p><strong>Education.</strong> {escape(role.education)}</p>"
        f"<p><strong>Credentials.</strong> {escape(', '.join(role.credentials))}</p>"
        f"{bullets(f'Pay and growth, BLS {role.occupation}', pay)}"
        f"<p><strong>Read on</strong></p><ul>{links}</ul></div>"
    )
