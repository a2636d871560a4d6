"""A class's points in the forms that other programs read."""

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_lib.grading import pages
from course_lib.grading.course import Course
from course_lib.grading.report import ClassReport, StudentRow, read


def canvas(course: Course, assignment: str) -> str:
    """Return the points for the import page of Canvas's gradebook.

    Canvas finds a student by ``ID`` (the gradebook's ``lms_user_id``, when it has one) or by
    ``SIS Login ID`` (the student's id here), and shows what it understood before it takes it.
    A student without a grade has an empty cell, which changes nothing there.
    """
    report = read(course, assignment)
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    rows = [["Points Possible", "", "", "", "", f"{report.points:g}"]]
    for row, known in _students(course, report):
        name = ", ".join(part for part in (known.get("last_name"), known.get("first_name")) if part)
        identity = [name or row.student, known.get("lms_user_id") or "", "", row.student, ""]
        rows.append([*identity, _points(row)])
    return _text(head, rows)


def moodle(course: Course, assignment: str) -> str:
    """Return the points for Moodle's import from CSV.

    Its second page asks for the mapping: from ``username`` or ``email`` to the user, and
    from the assignment's column to the grade item.
    """
    report = read(course, assignment)
    rows = [[row.student, known.get("email") or "", _points(row)] for row, known in _students(course, report)]
    return _text(["username", "email", assignment], rows)


def nbgrader(course: Course, assignment: str) -> str:
    """Return what nbgrader's own exporter writes, for this assignment."""
    from nbgrader.plugins import CsvExportPlugin

    with tempfile.TemporaryDirectory() as folder, course.gradebook() as gradebook:
        target = Path(folder) / "grades.csv"
        CsvExportPlugin(config=course.config, to=str(target), assignment=[assignment]).export(gradebook)
        return target.read_text(encoding="utf-8")


def table(course: Course, assignment: str) -> str:
    """Return the report's students, with lateness and what a person has to do."""
    return pages.table(read(course, assignment))


FORMS: dict[str, Callable[[Course, str], str]] = {
    "table": table, "canvas": canvas, "moodle": moodle, "nbgrader": nbgrader
}  # fmt: skip


def _students(course: Course, report: ClassReport) -> list[tuple[StudentRow, dict[str, Any]]]:
    """Return each student's result, with what the gradebook knows of the person."""
    with course.gradebook() as gradebook:
        known = {
            student.id: {
                name: getattr(student, name) for name in ("first_name", "last_name", "email", "lms_user_id")
            }
            for student in gradebook.students
        }
    return [(row, known.get(row.student, {})) for row in report.students]


def _points(row: StudentRow) -> str:
    return "" if row.score is None else f"{row.score:g}"


def _text(head: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
