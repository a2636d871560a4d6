"""What `course check` proves: manifest, codes in tables, questions, charts, plans, parameters."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from course_lib import careers, datasets, encounters, manifest, quiz, roadmap
from course_lib.claims.simulation import parameters
from course_lib.codes import icd10cm
from course_lib.errors import CourseError
from course_lib.manifest import Problem


def audit(say: Callable[[str], None] = lambda text: None) -> Iterator[Problem]:
    """Yield everything that is wrong with the data files.

    Parameters
    ----------
    say : callable
        Told what is being looked at.
    """
    root = datasets.root()
    say("Checking files, hashes and schemas ...")
    yield from manifest.problems(root)
    say("Checking codes in tables ...")
    for resource in manifest.read(root)["resources"]:
        yield from _codes(root, resource)
    say("Checking questions ...")
    for fault in quiz.check():
        yield Problem(fault.path or root, fault.message, fault.remedy, fault.line)
    say("Checking charts and their keys ...")
    yield from encounters.check()
    say("Checking plans, roles, exams and parameters ...")
    yield from _readable()


def _readable() -> Iterator[Problem]:
    """Read the files that have a form of their own and no checker of their own."""
    readers: list[Callable[[], object]] = [
        roadmap.data.catalogue,
        careers.model.all_roles,
        careers.model.questions,
        parameters.load,
        *(partial(quiz.exams.blueprint, name) for name in quiz.exams.exam_ids()),
    ]
    for read in readers:
        try:
            read()
        except CourseError as why:
            yield Problem(why.path or datasets.root(), why.message, why.remedy, why.line)


def _codes(root: Path, resource: dict[str, Any]) -> Iterator[Problem]:
    """Check the columns that the manifest marks ``"codeset": "ICD-10-CM"`` against the code book.

    A cell may hold several codes, parted by semicolons. ``"edition"`` beside the mark
    names the edition; the newest one when left out.
    """
    import csv

    marked = [f for f in resource.get("schema", {}).get("fields", []) if f.get("codeset") == "ICD-10-CM"]
    file = root / resource["path"]
    if not marked or not file.is_file():
        return
    with file.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    for column in marked:
        book = icd10cm.load(column.get("edition"))
        for line, row in enumerate(rows, start=2):
            for code in filter(None, (c.strip() for c in row[column["name"]].split(";"))):
                if code not in book:
                    what = f"{code!r} in column {column['name']!r} is not in ICD-10-CM {book.release}."
                    yield Problem(
                        file, what, "Correct the code, or date the row if a newer edition has it.", line
                    )
