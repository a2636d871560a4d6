"""nbgrader's own steps around the execution of a notebook, one submission at a time."""

import json
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4.rwbase import strip_transient
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from sqlalchemy.exc import InterfaceError, OperationalError

from course_lib.errors import CourseError
from course_lib.grading import formgrader, prepare
from course_lib.grading.course import Course
from course_lib.grading.gradebook import RunGradebook, opened
from course_lib.grading.incidents import Incident
from course_lib.grading.jobs import Result
from course_lib.grading.plan import NotebookPlan
from course_lib.grading.stock import KeptLog
from course_lib.grading.submission import SubmissionError

_PART = ".autograding"  # beside autograded/: what is not finished lies here
_LOST = (OperationalError, InterfaceError)


def execute_settings(course: Course) -> dict[str, Any]:
    """Return the settings of nbgrader's `Execute` that a worker needs, as plain data."""
    execute = Execute(config=course.config)
    names = (
        "timeout", "interrupt_on_timeout", "error_on_timeout", "iopub_timeout", "raise_on_iopub_timeout",
        "skip_cells_with_tag", "record_timing", "store_widget_state",
    )  # fmt: skip
    return {name: getattr(execute, name) for name in names}


class Steps:
    """Sanitise, score and write; the rules are nbgrader's and the course's configuration's.

    Parameters
    ----------
    course : Course
    gradebook : RunGradebook
        The open gradebook; this and `gradebook` are all that writes to it.
    plans : dict of str to NotebookPlan
        By file name.
    strict : bool
        Whether the holes of stock nbgrader are closed.
    """

    def __init__(
        self, course: Course, gradebook: RunGradebook, plans: dict[str, NotebookPlan], *, strict: bool
    ) -> None:
        self.course, self.gradebook, self.plans, self.strict = course, gradebook, plans, strict
        self.assignment = gradebook.known.name
        self.log = KeptLog()
        self.folder = CourseDirectory(config=course.config, log=self.log.logger)
        self.folder.assignment_id = self.assignment
        self.part = course.autograded.parent / _PART
        self.folder.autograded_directory = str(self.part)
        self.autograde = Autograde(coursedir=self.folder, config=course.config, log=self.log.logger)
        # Execution is the workers', and what formgrader needs for `strict` is done here at the class.
        ours = (Execute, formgrader.Tighten, formgrader.LeaveToPerson)
        self.before, self.after = (
            [kind(config=course.config, log=self.log.logger) for kind in kinds if not issubclass(kind, ours)]
            for kinds in (self.autograde.sanitize_preprocessors, self.autograde.autograde_preprocessors)
        )

    def sanitise(
        self, student: str, texts: dict[str, str]
    ) -> tuple[dict[str, str], dict[str, list[Incident]]]:
        """Return a submission's notebooks as they are to be run, and what was changed in them.

        Raises
        ------
        SubmissionError
            When a notebook cannot be made ready.
        """
        ready, told = {}, {}
        for file, text in sorted(texts.items()):
            nb = prepare.read(file, text)
            told[file] = prepare.tighten(nb, self.plans[file]) if self.strict else []
            ready[file] = json.dumps(self._through(self.before, student, file, nb))
        return ready, told

    def enter(self, student: str, result: Result, place: Path) -> None:
        """Score an executed submission, write it to the gradebook and to ``autograded/``.

        Parameters
        ----------
        student : str
        result : Result
            Its executed notebooks.
        place : Path
            ``submitted/<student>/<assignment>``.

        Raises
        ------
        SubmissionError
            When nbgrader gives no grade; nothing of the submission is then in the gradebook.
        """
        self.clear(student)
        try:
            self._rows(student, place)
            for file, text in result.notebooks.items():
                nb = nbformat.from_dict(json.loads(text))  # type: ignore[no-untyped-call]
                self._write(student, file, self._through(self.after, student, file, nb))
                self._flag(student, file, [one.cell for one in result.incidents.get(file, ()) if one.by_hand])
            self.autograde.set_permissions(self.assignment, student)
            self.autograde.run_post_convert_hook()
            self.gradebook.save()
        except Exception as why:  # nbgrader's steps raise anything; it is this student's result
            fault = self._fault(why)
            if self.strict or isinstance(fault, CourseError):
                self.gradebook.forget()
            else:
                self.gradebook.save()  # nbgrader commits cell by cell, so the first ones keep their points
            raise fault from why
        self._publish(student)

    def enter_no_grade(self, student: str, place: Path) -> None:
        """Let the gradebook say that there is no grade for a submission.

        In ``compat`` the rows are made as nbgrader makes them before it fails. In
        ``strict`` an earlier attempt's points must not stand; a person looks at it.
        """
        self.clear(student)
        shutil.rmtree(self.course.autograded / student / self.assignment, ignore_errors=True)
        if not self.strict:
            self._try_rows(student, place)
            return
        try:
            submission = self.gradebook.find_submission(self.assignment, student)
        except MissingEntry:
            self.gradebook.forget()
            return
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = None, True
        self.gradebook.save()

    def clear(self, student: str) -> None:
        """Remove what an interrupted run left of a student."""
        shutil.rmtree(self._part(student).parent, ignore_errors=True)
        self.log.lines.clear()

    def _part(self, student: str) -> Path:
        return Path(self.part, student, self.assignment)

    def _try_rows(self, student: str, place: Path) -> None:
        try:
            self._rows(student, place)
            self.gradebook.save()
        except Exception as why:  # whatever stops nbgrader here, there is no grade and there are no rows
            self.gradebook.forget()
            if isinstance(self._fault(why), CourseError):
                raise self._fault(why) from why
        self.clear(student)

    def _fault(self, why: Exception) -> Exception:
        """Return a student's fault, or the one error that stops a run: the gradebook is gone."""
        if isinstance(why, _LOST):
            return CourseError(
                f"the gradebook cannot be written ({str(why).splitlines()[0]}).",
                remedy="Close what else uses it, then go on with `course grade ... --resume`.",
            )
        return why if isinstance(why, SubmissionError) else SubmissionError(self.log.reason(why))

    def _rows(self, student: str, place: Path) -> None:
        """Make the student's rows and copy the files, by nbgrader's own method."""
        self.folder.student_id = student
        self.autograde.notebooks = sorted(str(path) for path in place.glob("*.ipynb"))
        with self._quiet():
            self.autograde.run_pre_convert_hook()
            self.autograde.init_assignment(self.assignment, student)

    def _through(self, steps: list[Any], student: str, file: str, nb: Any) -> Any:
        """Take a notebook through nbgrader's preprocessors."""
        resources: dict[str, Any] = {
            "unique_key": Path(file).stem,
            "metadata": {"path": str(self._part(student))},
            "nbgrader": {
                "student": student, "assignment": self.assignment, "notebook": Path(file).stem,
                "db_url": self.folder.db_url,
            },
        }  # fmt: skip
        with self._quiet():
            try:
                for step in steps:
                    nb, resources = step(nb, resources)
            except Exception as why:  # of nbgrader's, of a plugin's: it is this student's result
                raise self._fault(why) from why
        return nb

    def _flag(self, student: str, file: str, cells: list[str]) -> None:
        """Leave cells to a person; their points of now stand until then."""
        for cell in cells:
            grade = self.gradebook.find_grade(cell, Path(file).stem, self.assignment, student)
            grade.needs_manual_grade = True

    def _write(self, student: str, file: str, nb: Any) -> None:
        folder = self._part(student)
        folder.mkdir(parents=True, exist_ok=True)
        # Not by nbformat, whose indentation takes Python's slow way through the whole notebook.
        plain = strip_transient(nb)  # type: ignore[no-untyped-call]
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
        (folder / file).write_text(text + "\n", encoding="utf-8")

    def _publish(self, student: str) -> None:
        """Put the finished folder in its place, when its grades are safe."""
        final = self.course.autograded / student / self.assignment
        final.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(final, ignore_errors=True)
        self._part(student).rename(final)
        self._part(student).parent.rmdir()

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Work with the one gradebook; SQLAlchemy's and nbformat's warnings help no instructor."""
        with warnings.catch_warnings(), opened(self.gradebook):
            warnings.simplefilter("ignore")
            yield
