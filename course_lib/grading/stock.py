"""Run nbgrader's own converters in this process, one student at a time.

nbgrader logs instead of raising, changes the working folder while it works, and stops
the class at the first damaged notebook. Here it is called for one student, its log is
kept aside, and its failure becomes a `CourseError` or a `SubmissionError`.
"""

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading.course import Course, programs_of_this_python, require_nbgrader
from course_lib.grading.submission import SubmissionError

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class CellScore:
    """What one graded cell earned when its notebook ran; `score` is None for a person to give."""

    grade_id: str
    score: float | None
    points: float
    error: str


def generate_release(course: Course, assignment: str) -> None:
    """Write the students' copy of an assignment and enter its cells in the gradebook.

    Raises
    ------
    CourseError
        With nbgrader's reason.
    """
    require_nbgrader()
    from nbgrader.converters import GenerateAssignment

    with _converter(GenerateAssignment, course, assignment, ".", force=True) as (generate, log):
        try:
            with programs_of_this_python():
                generate.start()
        except (Exception, SystemExit) as why:
            raise CourseError(
                f"nbgrader cannot release {assignment}: {log.reason(why)}.",
                remedy="Mend the source notebook, then release again.",
                path=course.source / assignment,
            ) from why


def generate_feedback(course: Course, assignment: str, student: str) -> None:
    """Write one student's feedback pages.

    Raises
    ------
    SubmissionError
        With nbgrader's reason.
    """
    from nbgrader.converters import GenerateFeedback

    with _converter(GenerateFeedback, course, assignment, student, force=True) as (feedback, log):
        try:
            feedback.start()
        except (Exception, SystemExit) as why:
            raise SubmissionError(log.reason(why)) from why


def run_notebook(course: Course, path: Path) -> list[CellScore]:
    """Execute a notebook as `nbgrader validate` does and score its graded cells.

    Raises
    ------
    CourseError
        When the notebook cannot be read or run.
    """
    import nbformat
    from nbgrader.preprocessors import CheckCellMetadata, ClearOutput
    from nbgrader.utils import determine_grade, is_grade

    from course_lib.grading.execute import CleanExecute

    log = KeptLog()
    resources = {"metadata": {"path": str(path.parent)}}
    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        for step in (CheckCellMetadata, ClearOutput, CleanExecute):
            worker = step(config=course.config, log=log.logger)
            notebook, resources = worker.preprocess(notebook, resources)
    except Exception as why:
        raise CourseError(
            f"this notebook does not run: {log.reason(why)}.",
            remedy="Open it, restart the kernel and run all cells.",
            path=path,
        ) from why
    scores = []
    for cell in filter(is_grade, notebook.cells):
        score, points = determine_grade(cell, log.logger)
        scores.append(CellScore(cell.metadata.nbgrader.grade_id, score, points, _error(cell)))
    return scores


def _error(cell: Any) -> str:
    """Return the message of a cell's first error, or ``""``."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}"
        if output.output_type == "stream" and output.name == "stderr":
            return str(output.text).strip()
    return ""


class KeptLog(logging.Handler):
    """Keeps nbgrader's messages, so that the terminal stays quiet and a failure can say why."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.logger = logging.Logger("course.nbgrader", logging.WARNING)
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.lines.append(_ANSI.sub("", record.getMessage()).strip())

    def reason(self, why: BaseException) -> str:
        """Return the most telling line: the end of the first traceback, or the exception."""
        for line in self.lines:
            if line.startswith("Traceback"):
                return line.splitlines()[-1]
        told = [line for line in self.lines if not line.startswith(("There was an error", "Please see"))]
        return (told[-1] if told else str(why) or type(why).__name__).splitlines()[0].rstrip(".")


@contextmanager
def _converter(
    kind: Any, course: Course, assignment: str, student: str, *, force: bool
) -> Iterator[tuple[Any, KeptLog]]:
    """Make one of nbgrader's converters for one student's folder."""
    from nbgrader.coursedir import CourseDirectory

    log = KeptLog()
    folder = CourseDirectory(config=course.config, log=log.logger)
    folder.assignment_id, folder.student_id = assignment, student
    with warnings.catch_warnings():
        # SQLAlchemy warns of nbgrader's way to build rows; an instructor can do nothing about it.
        warnings.simplefilter("ignore")
        yield kind(coursedir=folder, config=course.config, log=log.logger, force=force), log
