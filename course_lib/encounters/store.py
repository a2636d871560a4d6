"""Find and load charts and their keys."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib import datasets
from course_lib.encounters.model import Chart, Encounter, Key, Level, Setting
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

SETS = "encounters/sets.yaml"


def chart_file(encounter_id: str) -> Path:
    """Return where the chart of that id stands, whether or not it is there."""
    return datasets.root() / "encounters" / "charts" / f"{encounter_id}.yaml"


def key_file(encounter_id: str) -> Path:
    """Return where the key of that id stands, whether or not it is there."""
    return datasets.root() / "encounters" / "keys" / f"{encounter_id}.yaml"


def all_ids() -> list[str]:
    """Return the ids of all charts, sorted, without reading them."""
    return sorted(file.stem for file in chart_file("x").parent.glob("*.yaml"))


def ids(
    level: Level | None = None,
    setting: Setting | None = None,
    specialty: str | None = None,
    case_book: bool | None = None,
) -> list[str]:
    """Return the ids of the charts that fit, sorted.

    Parameters
    ----------
    level : {"clean", "realistic", "messy"}, optional
        How hard the note is to read.
    setting : {"outpatient", "emergency", "inpatient"}, optional
        Where care was given.
    specialty : str, optional
        In any case, such as ``"orthopedics"``.
    case_book : bool, optional
        True for the charts of the case book alone, False for all others.
    """
    wanted = {"level": level, "setting": setting, "case_book": case_book}
    asked = {name: value for name, value in wanted.items() if value is not None}
    if not asked and specialty is None:
        return all_ids()

    def fits(chart: Chart) -> bool:
        same_field = specialty is None or chart.specialty.casefold() == specialty.casefold()
        return same_field and all(getattr(chart, name) == value for name, value in asked.items())

    return [name for name in all_ids() if fits(read_chart(name))]


def sets() -> dict[str, list[str]]:
    """Return named lists of charts that belong together, such as those of one lesson."""
    return datasets.load_yaml(SETS, dict[str, list[str]])


def load(encounter_id: str) -> Encounter:
    """Return one chart with its key, where this copy of the course has it.

    Raises
    ------
    CourseError
        When there is no such chart (the message names near ones), or a file is wrong
        (with file and line).
    """
    chart = read_chart(encounter_id)
    patient = chart.patient
    return Encounter(
        id=chart.id,
        title=chart.title,
        specialty=chart.specialty,
        level=chart.level,
        setting=chart.setting,
        service_date=_date(chart.service_date, chart, "service_date"),
        admission_date=_date(chart.admission_date, chart, "admission_date") if chart.admission_date else None,
        place_of_service=chart.place_of_service,
        age=patient.age,
        age_days=patient.age_days,
        sex=patient.sex,
        payer=chart.payer,
        case_book=chart.case_book,
        minutes=chart.minutes,
        note=chart.note,
        key=read_key(encounter_id),
    )


def read_chart(encounter_id: str) -> Chart:
    """Return the chart file of that id as it is written."""
    known = all_ids()
    if encounter_id not in known:
        import difflib

        near = difflib.get_close_matches(encounter_id, known, n=3)
        remedy = (
            f"Near it: {', '.join(near)}."
            if near
            else "All are in `course encounters list`, or encounters.ids()."
        )
        raise CourseError(f"there is no encounter {encounter_id!r}.", remedy=remedy)
    return datasets.load_yaml(chart_file(encounter_id), Chart)


def read_key(encounter_id: str) -> Key | None:
    """Return the key of that id, or None when it is not in this copy of the course."""
    file = key_file(encounter_id)
    try:
        file.open("rb").close()
    except (FileNotFoundError, PermissionError):  # a contained kernel may see its name and not read it
        return None
    return datasets.load_yaml(file, Key)


def frame() -> "pd.DataFrame":
    """Return one row a chart, without its note and key.

    Columns: id, title, specialty, level, setting, service_date, place_of_service, age,
    sex, payer, case_book, minutes, words (of the note), diagnoses and procedures
    (numbers of codes in the key, ``<NA>`` where there is no key).
    """
    import pandas as pd

    columns = [
        "id", "title", "specialty", "level", "setting", "service_date", "place_of_service",
        "age", "sex", "payer", "case_book", "minutes",
    ]  # fmt: skip
    charts = [load(name) for name in all_ids()]
    table = pd.DataFrame([[getattr(chart, c) for c in columns] for chart in charts], columns=columns)
    table["service_date"] = pd.to_datetime(table["service_date"])
    table["words"] = [len(chart.note.split()) for chart in charts]
    for part in ("diagnoses", "procedures"):
        counts = [None if chart.key is None else len(getattr(chart.key, part)) for chart in charts]
        table[part] = pd.array(counts, dtype="Int64")
    return table


def _date(text: str, chart: Chart, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        file = chart_file(chart.id)
        raise CourseError(
            f"{text!r} is no date.",
            remedy='Write it as year-month-day in quotes: "2026-05-12".',
            path=file,
            line=datasets.line_of(file.read_text(encoding="utf-8"), f"$.{name}"),
        ) from None
