"""What `course check` proves of each chart; `course_lib.encounters.key_checks` has the rules of keys."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from course_lib import datasets
from course_lib.codes import icd10cm
from course_lib.encounters.chart_checks import EDITION, Fault, chart_faults, title_faults
from course_lib.encounters.key_checks import key_faults
from course_lib.encounters.store import SETS, all_ids, chart_file, key_file, read_chart, read_key, sets
from course_lib.errors import CourseError
from course_lib.manifest import Problem


def check(encounter_id: str | None = None) -> list[Problem]:
    """Return every fault of one chart and its key, or of all; an empty list says that they are sound.

    Parameters
    ----------
    encounter_id : str, optional
        Default: all charts, keys without a chart, and ``sets.yaml``.

    Raises
    ------
    CourseError
        When there is no chart of that name.
    """
    if encounter_id is not None and not chart_file(encounter_id).is_file():
        read_chart(encounter_id)
    found = [problem for name in ([encounter_id] if encounter_id else all_ids()) for problem in _one(name)]
    return found if encounter_id else [*found, *_stray_keys(), *_set_faults()]


def _one(name: str) -> Iterator[Problem]:
    """Yield the faults of one chart and of its key."""
    book = icd10cm.load(EDITION)
    try:
        chart = read_chart(name)
        yield from _placed(chart_file(name), chart_faults(name, chart, book))
        key = read_key(name)
    except CourseError as why:
        yield _problem(why)
        return
    if key:
        yield from _placed(key_file(name), key_faults(name, key, chart))
        yield from _placed(chart_file(name), title_faults(chart, key, book))
    elif not chart.case_book:
        yield Problem(key_file(name), "the chart has no key.", "Write the key, or take the chart out.")


def _stray_keys() -> Iterator[Problem]:
    for file in sorted(key_file("x").parent.glob("*.yaml")):
        if not chart_file(file.stem).is_file():
            yield Problem(file, "this key has no chart.", "Name it as its chart is named.")


def _set_faults() -> Iterator[Problem]:
    file = datasets.root() / SETS
    if not file.is_file():
        return
    try:
        named = sets()
    except CourseError as why:
        yield _problem(why)
        return
    known = set(all_ids())
    yield from _placed(
        file,
        (
            (f"$.{name}[{n}]", f"there is no chart {member!r}.", "Correct the id, or write the chart.")
            for name, members in named.items()
            for n, member in enumerate(members)
            if member not in known
        ),
    )


def _placed(file: Path, faults: Iterable[Fault]) -> Iterator[Problem]:
    """Turn faults into problems that name the line."""
    text = file.read_text(encoding="utf-8")
    for at, message, remedy in faults:
        yield Problem(file, message, remedy, datasets.line_of(text, at))


def _problem(why: CourseError) -> Problem:
    return Problem(why.path or datasets.root(), why.message, why.remedy, why.line)
