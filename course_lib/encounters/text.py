"""A chart as text and as HTML: a head with the facts of the visit, then the note as it was written."""

import html

from course_lib.encounters.model import Encounter

NOTICE = "Synthetic chart. Nobody in it is real."


def facts(encounter: Encounter) -> list[tuple[str, str]]:
    """Return the head of a chart: names of facts and their values, in reading order."""
    from course_lib.codes import places

    place = encounter.place_of_service
    where = f"{encounter.setting}, place {place} ({places.load()[place].name})"
    age = f"{encounter.age} years" if encounter.age_days is None else f"{encounter.age_days} days"
    rows = [
        ("Chart", encounter.id),
        ("Patient", f"{age}, {'female' if encounter.sex == 'F' else 'male'}"),
        ("Specialty", encounter.specialty),
        ("Setting", where),
    ]
    if encounter.admission_date:
        rows += [("Admitted", str(encounter.admission_date)), ("Discharged", str(encounter.service_date))]
    else:
        rows.append(("Date of service", str(encounter.service_date)))
    level = f"{encounter.level}, about {encounter.minutes} minutes"
    return [*rows, ("Payer", encounter.payer), ("Level", level)]


def chart_text(encounter: Encounter) -> str:
    """Return the chart as plain text, without its key."""
    head = "\n".join(f"{name}: {value}" for name, value in facts(encounter))
    return f"{encounter.title}\n{head}\n{NOTICE}\n\n{encounter.note.strip()}\n"


def chart_html(encounter: Encounter) -> str:
    """Return the chart as HTML, without its key; a notebook shows this."""
    cells = "".join(
        f'<tr><th scope="row" style="text-align:left">{html.escape(name)}</th>'
        f'<td style="text-align:left">{html.escape(value)}</td></tr>'
        for name, value in facts(encounter)
    )
    title, note = html.escape(encounter.title), html.escape(encounter.note.strip())
    return (
        f'<section aria-label="Chart: {title}">'
        f"<table><caption><strong>{title}</strong><br><small>{NOTICE}</small></caption>"
        f"<tbody>{cells}</tbody></table>"
        f'<div style="white-space:pre-wrap;max-width:44em;line-height:1.5">{note}</div></section>'
    )
