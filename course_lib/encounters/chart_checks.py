"""What a chart must hold, and what it may not give away."""

import re
from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from course_lib.codes import cpt, hcpcs, places
from course_lib.codes.book import CodeBook
from course_lib.codes.shapes import ICD10CM_SHAPE
from course_lib.encounters.model import Chart, Key
from course_lib.encounters.names import names

# Where in the YAML (``$.patient.age``), what is wrong, what to do.
Fault: TypeAlias = tuple[str, str, str]

EDITION = "2026-04-01"  # every chart is dated inside it
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ONLY_AT = {"inpatient": "21", "emergency": "23"}
_JARGON = re.compile(r"\b(?:ICD-?(?:9|10)?(?:-CM)?|CPT|HCPCS|[Mm]odifier)\b")
_SERVICE = re.compile(r"\b(?:\d{5}|\d{4}[FTU]|[A-Z]\d{4})\b")
_TELLING = 6  # words from which on a title reads like the book, not like a doctor
_SHORTEST = 40  # words of a note


def chart_faults(name: str, chart: Chart, book: CodeBook) -> Iterator[Fault]:
    """Yield what is wrong with a chart by itself."""
    if chart.id != name or not ID.fullmatch(name):
        yield "$.id", f"the id {chart.id!r} is not the file's name {name!r}.", "Lower case words and hyphens."
    if not chart.synthetic:
        yield "$.synthetic", "a chart is synthetic.", "Write `synthetic: true`; no real record is used."
    if not chart.specialty.strip() or not chart.title.strip():
        yield "$.title", "title or specialty is empty.", "Fill it in."
    if not 1 <= chart.minutes <= 60:
        yield "$.minutes", f"{chart.minutes} minutes.", "Say how long a learner takes: 1 to 60."
    if len(chart.note.split()) < _SHORTEST:
        yield "$.note", "the note is too short to code from.", f"Write {_SHORTEST} words or more."
    yield from _patient_faults(chart)
    yield from _date_faults(chart, book)
    yield from _place_faults(chart)
    for place, text in (("$.title", chart.title), ("$.note", chart.note)):
        for hint in _hints(text, book):
            yield place, f"{hint!r} gives a code away.", "Write what a clinician writes."
        for person in dict.fromkeys(names(text)):
            yield place, f"{person!r} could be a real name.", 'Write "the patient", "Dr. A", "the clinic".'


def title_faults(chart: Chart, key: Key, book: CodeBook) -> Iterator[Fault]:
    """Yield titles of the key's codes that the chart repeats.

    In the chart's title any of them counts. In the note, those of six words or more: a
    short one (heartburn, chronic kidney disease stage 3b) is also what a doctor calls it.
    """
    note, title = _words(chart.note), _words(chart.title)
    for node in filter(None, map(book.get, key.codes)):
        words = _words(node.title)
        if f" {words} " in f" {title} ":
            yield "$.title", f"it is the title of {node.code}.", "Say what the visit was about instead."
        if len(words.split()) >= _TELLING and f" {words} " in f" {note} ":
            yield "$.note", f"it repeats the title of {node.code}: {node.title!r}.", "Say it in other words."


def _patient_faults(chart: Chart) -> Iterator[Fault]:
    age, days = chart.patient.age, chart.patient.age_days
    if not 0 <= age <= 110:
        yield "$.patient.age", f"an age of {age} years.", "Write completed years, 0 to 110."
    if (age == 0) != (days is not None):
        yield "$.patient.age_days", "days of age are for the first year.", "Write `{age: 0, age_days: 12}`."
    elif days is not None and not 0 <= days <= 365:
        yield "$.patient.age_days", f"{days} days are not within the first year.", "Write 0 to 365."


def _date_faults(chart: Chart, book: CodeBook) -> Iterator[Fault]:
    start, end = book.effective
    service = day_of(chart.service_date)
    if service is None or not start <= service <= end:
        yield (
            "$.service_date",
            f"{chart.service_date!r} is no day from {start} to {end}.",
            "Date the chart in the edition that the course teaches.",
        )
    if (chart.setting == "inpatient") != (chart.admission_date is not None):
        yield "$.admission_date", "an admission date is for inpatients, and they need one.", "Mend it."
    elif chart.admission_date:
        admitted = day_of(chart.admission_date)
        if admitted is None or (service and admitted > service):
            yield "$.admission_date", f"{chart.admission_date!r} is no day before discharge.", "Mend it."


def _place_faults(chart: Chart) -> Iterator[Fault]:
    place, only = chart.place_of_service, _ONLY_AT.get(chart.setting)
    if place not in places.load():
        yield "$.place_of_service", f"there is no place of service {place!r}.", "See `places.load()`."
    elif only and place != only:
        yield "$.place_of_service", f"{chart.setting} care is given at {only}, not {place}.", "Mend one."
    elif not only and place in _ONLY_AT.values():
        yield "$.place_of_service", f"{place} is not for {chart.setting} care.", "Mend one."


def _hints(text: str, book: CodeBook) -> Iterator[str]:
    """Yield codes, and names of code sets, in a text."""
    procedures, supplies = cpt.load(), hcpcs.load()
    yield from (code for code in ICD10CM_SHAPE.findall(text) if code in book)
    for code in _SERVICE.findall(text):
        if code in procedures or code in supplies or not code.isdigit():
            yield code
    yield from _JARGON.findall(text)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def day_of(text: str) -> date | None:
    """Return a date, or None when the text is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
