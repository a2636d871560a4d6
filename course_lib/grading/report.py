"""The class report: who has what, how hard each question was, what a person must look at."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from course_lib.errors import CourseError
from course_lib.files import atomic_write
from course_lib.grading.course import Course
from course_lib.grading.outcomes import Log


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
    """

    student: str
    score: float | None
    by_hand: tuple[str, ...] = ()
    hours_late: float = 0.0
    penalty: float = 0.0
    fault: str = ""


@dataclass(frozen=True)
class CellRow:
    """One graded cell: its points, and how the class did.

    Attributes
    ----------
    earned : list of float
        Points of each student who has a score for it.
    waiting : list of str
        Students whose answer a person must still grade.
    """

    grade_id: str
    points: float
    by_hand: bool
    earned: list[float] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    @property
    def mean_share(self) -> float | None:
        """Mean share of the points, 0 to 1: the easier, the higher. None without a score."""
        return fmean(self.earned) / self.points if self.earned and self.points else None

    def count(self, which: str) -> int:
        """Return how many students have ``all``, ``some`` or ``none`` of the points."""
        kinds = ["none" if e <= 0 else "all" if e >= self.points else "some" for e in self.earned]
        return kinds.count(which)


@dataclass(frozen=True)
class ClassReport:
    """The result of a class in one assignment, read from the gradebook; `note` says what kind of class."""

    assignment: str
    points: float
    students: list[StudentRow]
    cells: list[CellRow]
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
    faults = {s: o.fault for s, o in Log(course, assignment).outcomes().items() if o.status == "fault"}
    cells: dict[str, CellRow] = {}
    rows: dict[str, StudentRow] = {}
    with course.gradebook() as gradebook:
        from nbgrader.api import MissingEntry

        try:
            known = gradebook.find_assignment(assignment)
        except MissingEntry:
            raise CourseError(
                f"the gradebook does not know {assignment}.",
                remedy=f"Run `course release {assignment}` first.",
                path=course.root / "gradebook.db",
            ) from None
        points = float(known.max_score)
        for notebook in known.notebooks:
            solutions = {cell.name for cell in notebook.solution_cells}
            for cell in notebook.grade_cells:
                cells[cell.name] = CellRow(cell.name, float(cell.max_score), cell.name in solutions)
        for submission in known.submissions:
            student = submission.student.id
            if student not in faults:
                rows[student] = _row(submission, cells)
    rows |= {student: StudentRow(student, None, fault=fault) for student, fault in faults.items()}
    if not rows:
        raise CourseError(
            f"no submission of {assignment} is graded.",
            remedy=f"Run `course grade {assignment}` first.",
            path=course.root / "gradebook.db",
        )
    order = _order(course, assignment)
    ranked = sorted(cells.values(), key=lambda cell: order.get(cell.grade_id, 0))
    return ClassReport(assignment, points, [rows[s] for s in sorted(rows)], ranked)


def _row(submission: Any, cells: dict[str, CellRow]) -> StudentRow:
    """Read one submission; add its points, or its student, to the cells."""
    by_hand = []
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.needs_manual_grade:
                by_hand.append(grade.name)
                cells[grade.name].waiting.append(submission.student.id)
            elif grade.name in cells:
                cells[grade.name].earned.append(float(grade.score))
    penalty = float(submission.late_submission_penalty or 0)
    return StudentRow(
        submission.student.id,
        max(0.0, round(float(submission.score) - penalty, 2)),
        tuple(sorted(by_hand)),
        round(submission.total_seconds_late / 3600, 1),
        penalty,
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


def bins(report: ClassReport) -> list[tuple[float, float, int]]:
    """Return the histogram of the scores: at most 12 bins of equal width (low, high, students)."""
    width = max(1, -(-int(report.points) // 12))
    lows = range(0, int(report.points), width)
    counts = [0] * len(lows)
    for score in report.scores:
        counts[min(int(score // width), len(counts) - 1)] += 1
    return [
        (float(low), min(float(low + width), report.points), n) for low, n in zip(lows, counts, strict=True)
    ]


def alt_text(report: ClassReport) -> str:
    """Return what the histogram shows, in words."""
    parts = [f"{low:g} to {high:g} points: {n}" for low, high, n in bins(report) if n]
    return f"Histogram of scores in {report.assignment}. Students by score: {'; '.join(parts) or 'none'}."


def draw(report: ClassReport, path: Path) -> None:
    """Save the histogram as a PNG; its description is inside the file, too."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    from course_lib.plots import PALETTE

    shown = bins(report)
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.add_subplot()
    axes.bar(
        [low for low, _, _ in shown],
        [n for _, _, n in shown],
        width=[high - low for low, high, _ in shown],
        align="edge",
        color=PALETTE["blue"],
        edgecolor="white",
    )
    axes.set_xticks([low for low, _, _ in shown] + [report.points])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(f"Scores in {report.assignment} ({len(report.scores)} students)", loc="left")
    axes.set_xlabel(f"points so far, of {report.points:g}")
    axes.set_ylabel("students")
    axes.spines[["top", "right"]].set_visible(False)
    with atomic_write(path, "wb") as out:
        figure.savefig(out, format="png", dpi=110, metadata={"Description": alt_text(report)})


def write(report: ClassReport, folder: Path) -> dict[str, Path]:
    """Write the report to a folder as Markdown, a web page, a table and a picture.

    Returns
    -------
    dict of str to Path
        The files ``a01.md``, ``.html``, ``.csv`` and ``.png``, by their endings.
    """
    from course_lib.grading import pages

    short = report.assignment.split("_")[0]
    files = {kind: folder / f"{short}.{kind}" for kind in ("md", "html", "csv", "png")}
    draw(report, files["png"])
    text = pages.markdown(report, files["png"].name, alt_text(report))
    for kind, content in (("md", text), ("html", pages.html(report, text)), ("csv", pages.table(report))):
        with atomic_write(files[kind]) as out:
            out.write(content)
    return files
