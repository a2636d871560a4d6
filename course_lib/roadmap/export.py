"""A plan as a calendar, a table, a page to print, and a file to open again."""

import csv
import hashlib
import io
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib import documents
from course_lib.documents import DamagedError, Document
from course_lib.errors import CourseError
from course_lib.files import atomic_write
from course_lib.roadmap.model import Plan, Profile
from course_lib.roadmap.plan import plan as make_plan

if TYPE_CHECKING:
    from icalendar import Event

FORMAT = "crosswalk-roadmap"
VERSION = 1


@dataclass(frozen=True)
class _File(Document):
    profile: Profile


def to_ics(plan: Plan) -> str:
    """Return the plan as an iCalendar file of all-day events.

    Equal profiles give equal bytes. An event's UID hangs on the target and the step
    alone, so importing a changed plan moves the old events instead of doubling them.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Crosswalk//Roadmap planner//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Road to the {plan.credential.id}")
    for step in plan.steps:
        text = step.text + (f" {step.hours:g} hours, {step.weekly:g} a week." if step.hours else "")
        title = f"Step {step.number}: {step.title}"
        calendar.add_component(_event(plan, step.id, title, (step.start, step.end), text))
    seen: Counter[str] = Counter()
    for cost in plan.costs:
        seen[cost.id] += 1
        price = "check the page" if cost.low is None else f"${cost.low:,.0f} to ${cost.high:,.0f}"
        calendar.add_component(
            _event(
                plan,
                f"bill-{cost.id}-{seen[cost.id]}",
                f"Due: {cost.item}",
                (cost.due, cost.due),
                f"{price}. {cost.text}",
            )
        )
    for n, mark in enumerate(plan.calendar, 1):
        calendar.add_component(
            _event(plan, f"units-{n}", mark.title, (mark.day, mark.day), plan.credential.ceu_text)
        )
    written: bytes = calendar.to_ical()
    return written.decode("utf-8")


def _event(plan: Plan, name: str, title: str, days: tuple[date, date], text: str) -> "Event":
    from icalendar import Event

    first, last = days
    event = Event()
    event.add("uid", f"{plan.credential.id.lower()}-{name}@crosswalk.invalid")
    # The clock would make two exports of one plan differ: the plan's own first day stands for it.
    event.add("dtstamp", datetime.combine(plan.profile.first_day, time(), UTC))
    event.add("summary", title)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))  # the end of an all-day event is the day after
    event.add("description", text)
    event.add("transp", "TRANSPARENT")  # a year of study does not make a year of "busy"
    return event


def to_csv(plan: Plan) -> str:
    """Return the plan's steps, bills and continuing-education targets as one table."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    columns = ["kind", "name", "first_day", "last_day", "hours", "hours_a_week", "usd_low", "usd_high"]
    table.writerow([*columns, "price_year", "trust", "source"])
    for step in plan.steps:
        study = [f"{step.hours:g}", f"{step.weekly:g}"]
        table.writerow(["step", step.title, step.start, step.end, *study, "", "", "", "", ""])
    for cost in plan.costs:
        price = ["" if cost.low is None else cost.low, "" if cost.high is None else cost.high]
        about = [cost.year, cost.trust, cost.source]
        table.writerow(["bill", cost.item, cost.due, cost.due, "", "", *price, *about])
    for mark in plan.calendar:
        table.writerow(["units", mark.title, mark.day, mark.day, *[""] * 7])
    return out.getvalue()


def to_html(plan: Plan) -> str:
    """Return the plan as a whole page that prints well."""
    from course_lib.roadmap.page import whole_page

    return whole_page(plan)


def save(plan: Plan, path: Path | str) -> Path:
    """Keep a plan in a file; `open_plan` makes it again from the same profile.

    The file holds the profile alone, so a plan that is opened later has today's prices.

    Raises
    ------
    CourseError
        When the file cannot be written.
    """
    with atomic_write(Path(path), "wb") as out:
        out.write(encode(plan.profile))
    return Path(path)


def encode(profile: Profile) -> bytes:
    """Return the bytes of a saved plan."""
    return documents.encode(_File(FORMAT, VERSION, profile))


def open_plan(path: Path | str) -> Plan:
    """Open a plan that `save` wrote.

    Raises
    ------
    CourseError
        When the file is missing, is no plan, or comes from a newer course.
    """
    file = Path(path)
    try:
        saved = documents.decode(file.read_bytes(), _File, Document(FORMAT, VERSION), file)
    except OSError as why:
        raise CourseError(f"cannot be read ({why.strerror}).", path=file) from None
    except DamagedError as why:
        raise CourseError(
            f"this is no saved plan ({why}).", remedy="Choose a file that roadmap.save wrote.", path=file
        ) from None
    return make_plan(saved.profile)


def plan_name(plan: Plan) -> str:
    """Return a file name without its ending, the same for equal profiles."""
    mark = hashlib.sha256(encode(plan.profile)).hexdigest()[:6]
    return f"roadmap-{plan.credential.id.lower()}-{plan.profile.start}-{mark}"
