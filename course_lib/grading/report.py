"""The class report: who has what, how hard each question was, what a person must look at."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from statistics import fmean, median
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading.analysis import ErrorRow, discrimination, errors
from course_lib.grading.course import Course
from course_lib.grading.incidents import Incident
from course_lib.grading.outcomes import Log, Outcome

_LOW = 0.5  # share of the points given by tests, below which a student may need help


@dataclass(frozen=True)
class StudentRow:
    """One student's result.

    Attributes
    ----------
    score : float or None
        Points so far, less `penalty`; None when nothing could be graded.
    by_hand : tuple of str
        Cells that wait for a person.
    hours_late : float
        0 when in time.
    fault : str
        Why there is no grade, or ``""``.
    incidents : tuple of Incident
        What the grader found odd.
    seconds, cpu : float
        How long the notebooks ran, and how much of a processor they took.
    """

    student: str
    score: float | None
    by_hand: tuple[str, ...] = ()
    hours_late: float = 0.0
    penalty: float = 0.0
    fault: str = ""
    incidents: tuple[Incident, ...] = ()
    seconds: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True)
class CellRow:
    """One graded cell: its points, and how the class did.

    Attributes
    ----------
    earned : dict of str to float
        Points by student, of those who have a score for it.
    waiting : list of str
        Students whose answer a person must still grade.
    discrimination : float or None
        Item-rest correlation, see `analysis.discrimination`.
    """

    grade_id: str
    points: float
    by_hand: bool
    earned: dict[str, float] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    discrimination: float | None = None

    @property
    def mean_share(self) -> float | None:
        """Mean share of the points, 0 to 1: the easier, the higher. None without a score."""
        return fmean(self.earned.values()) / self.points if self.earned and self.points else None

    def count(self, which: str) -> int:
        """Return how many students have ``all``, ``some`` or ``none`` of the points."""
        kinds = ["none" if e <= 0 else "all" if e >= self.points else "some" for e in self.earned.values()]
        return kinds.count(which)


@dataclass(frozen=True)
class ClassReport:
    """The result of a class in one assignment, read from the gradebook; `note` says what kind of class."""

    assignment: str
    points: float
    students: list[StudentRow]
    cells: list[CellRow]
    errors: list[ErrorRow] = field(default_factory=list)
    note: str = ""

    @property
    def scores(self) -> list[float]:
        """Scores of the students who have one."""
        return [row.score for row in self.students if row.score is not None]

    @property
    def waiting(self) -> list[StudentRow]:
        """Students with a cell that a person must grade."""
        return [row for row in self.students if row.by_hand]

    @property
    def faults(self) -> list[StudentRow]:
        """Students without a grade."""
        return [row for row in self.students if row.fault]

    @property
    def late(self) -> list[StudentRow]:
        """Students who handed in after the due time."""
        return [row for row in self.students if row.hours_late]

    def looks(self) -> list[tuple[StudentRow, str]]:
        """Return the students who need a look, each with the reason."""
        reasons = ((row, self._reason(row)) for row in self.students)
        return [(row, reason) for row, reason in reasons if reason]

    def _reason(self, row: StudentRow) -> str:
        if row.fault:
            return f"no grade: {row.fault}"
        found = [f"{one.cell}: {one.text}" for one in row.incidents if one.by_hand and one.cell]
        by_machine = sum(cell.points for cell in self.cells if not cell.by_hand)
        earned = sum(cell.earned.get(row.student, 0.0) for cell in self.cells if not cell.by_hand)
        if not found and by_machine and earned < by_machine * _LOW:
            found = [f"{earned:g} of the {by_machine:g} points that are given by tests"]
        return "; ".join(found)

    def summary(self) -> str:
        """Return the class in one or two sentences."""
        if not self.scores:
            return f"{self.note} No submission has a grade.".lstrip()
        text = (
            f"{self.note} {len(self.scores)} of {len(self.students)} students have a score. "
            f"Mean {fmean(self.scores):.1f}, median {median(self.scores):.1f}, "
            f"lowest {min(self.scores):.1f}, highest {max(self.scores):.1f} of {self.points:g} points."
        )
        by_hand = sum(cell.points for cell in self.cells if cell.by_hand)
        if self.waiting:
            text += (
                f" Of {len(self.waiting)} students, answers worth up to {by_hand:g} points wait for a person."
            )
        return text.lstrip()


def read(course: Course, assignment: str) -> ClassReport:
    """Read the gradebook into a report.

    Raises
    ------
    CourseError
        When the gradebook does not know the assignment, or nobody has handed in.
    """
    outcomes = Log(course, assignment).outcomes()
    faults = {s: o.fault for s, o in outcomes.items() if o.status == "fault"}
    cells: dict[str, CellRow] = {}
    rows: dict[str, StudentRow] = {}
    with course.gradebook() as gradebook:
        from nbgrader.api import MissingEntry

        try:
            known = gradebook.find_assignment(assignment)
        except MissingEntry:
            raise course.unknown(assignment) from None
        points = float(known.max_score)
        for notebook in known.notebooks:
            solutions = {cell.name for cell in notebook.solution_cells}
            for cell in notebook.grade_cells:
                cells[cell.name] = CellRow(cell.name, float(cell.max_score), cell.name in solutions)
        for submission in known.submissions:
            student = submission.student.id
            if student not in faults:
                rows[student] = _row(submission, cells, outcomes.get(student))
    rows |= {student: StudentRow(student, None, fault=fault) for student, fault in faults.items()}
    if not rows:
        raise CourseError(
            f"no submission of {assignment} is graded.",
            remedy=f"Run `course grade {assignment}` first.",
        )
    order = _order(course, assignment)
    ranked = sorted(cells.values(), key=lambda cell: order.get(cell.grade_id, 0))
    totals = {student: sum(cell.earned.get(student, 0.0) for cell in ranked) for student in rows}
    ranked = [replace(cell, discrimination=discrimination(cell.earned, totals)) for cell in ranked]
    students = [rows[student] for student in sorted(rows)]
    return ClassReport(assignment, points, students, ranked, errors(course, assignment))


def _row(submission: Any, cells: dict[str, CellRow], outcome: Outcome | None) -> StudentRow:
    """Read one submission; add its points, or its student, to the cells."""
    by_hand = []
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.needs_manual_grade:
                by_hand.append(grade.name)
                cells[grade.name].waiting.append(submission.student.id)
            elif grade.name in cells:
                cells[grade.name].earned[submission.student.id] = float(grade.score)
    penalty = float(submission.late_submission_penalty or 0)
    return StudentRow(
        submission.student.id,
        max(0.0, round(float(submission.score) - penalty, 2)),
        tuple(sorted(by_hand)),
        round(submission.total_seconds_late / 3600, 1),
        penalty,
        incidents=outcome.incidents if outcome else (),
        seconds=outcome.seconds if outcome else 0.0,
        cpu=outcome.cpu if outcome else 0.0,
    )


def _order(course: Course, assignment: str) -> dict[str, int]:
    """Return the place of each graded cell in the source notebooks."""
    import json

    order: dict[str, int] = defaultdict(int)
    for name in course.notebooks(assignment):
        notebook = json.loads((course.source / assignment / name).read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            order[grade_id] = len(order)
    return order
