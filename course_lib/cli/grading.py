"""Commands of the `grading` part: an instructor's loop from release to report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from course_lib.grading.course import Course
    from course_lib.grading.outcomes import Outcome
    from course_lib.grading.report import ClassReport

PANEL = "Teach"
NAME = typer.Argument(help="The assignment: a01, or its folder name a01_code_shapes.")
SOURCE = typer.Option(
    None,
    "--from",
    help="Folder with a folder, notebook or zip for each student; nbgrader's exchange by default.",
)
STUDENT = typer.Option([], help="Only this student; may be given several times.")
KEEP = typer.Option(None, help="Keep the demonstration's course in this new folder.")
TREE = typer.Option(None, help="A new or empty folder for all that a student gets.")
FOLDER = typer.Option(None, "--course", help="The course folder; the one that you are in by default.")


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    for command in (release, collect, grade, feedback, report, export, demo):
        app.command(rich_help_panel=PANEL)(command)


def release(
    name: str = typer.Argument("", help=NAME.help),
    due: str = typer.Option("", help='Due time, e.g. "2026-12-01 17:00"; UTC unless it names a zone.'),
    student_tree: Path = TREE,
    course: Path = FOLDER,
) -> None:
    """Write the students' copy of an assignment, after testing it both ways.

    The solution must earn every point and the unanswered copy none; then the
    copy is in release/, and its questions are in gradebook.db.

    With --student-tree, write a folder with all that a student gets: lessons, the
    students' copies of all assignments, data, library and environment. No solution
    and no key of a graded chart is in it. Your gradebook is not touched.

        course release a01 --due "2026-12-01 17:00"
        course release --student-tree ~/coding-course
    """
    from course_lib.errors import CourseError
    from course_lib.grading import loop
    from course_lib.grading.collecting import parse_time

    if bool(name) == bool(student_tree):
        raise CourseError(
            "name either an assignment or --student-tree DIR.",
            remedy="For example `course release a01`, or `course release --student-tree ~/coding-course`.",
        )
    if student_tree:
        _student_tree(_open(course), student_tree)
        return
    when = parse_time(due) if due else None
    if due and when is None:
        raise CourseError(f"{due!r} is no time.", remedy='Write it like "2026-12-01 17:00".')
    home = _open(course)
    with _progress("Releasing", None) as step:
        done = loop.release(home, home.assignment(name), when, step)
    typer.echo(f"Released {done.cells} graded cells, {done.points:g} points: {done.folder}")


def collect(
    name: str = NAME,
    source: Path = SOURCE,
    course: Path = FOLDER,
) -> None:
    """Bring submissions in, and keep every earlier attempt.

    Each student has a folder, a notebook (jdoe.ipynb) or a zip file, named by the
    student's id. In a folder or zip the notebook has its own name, or a01*.ipynb.
    A newer hand-in takes the place of an older one, which moves to attempts/. The
    time is that of a timestamp.txt in the folder, or of the file. Nothing is run.

        course collect a01 --from ~/Downloads/a01
    """
    from rich.markup import escape

    from course_lib.grading.collecting import collect as bring

    home = _open(course)
    words = {
        "new": "collected",
        "newer": "collected; the earlier attempt is in attempts/",
        "older": "kept in attempts/; a later one is already here",
        "same": "already here",
    }
    taken = bring(home, home.assignment(name), source)
    for one in taken:
        at = f" (handed in {one.at:%Y-%m-%d %H:%M} UTC)" if one.at else ""
        word = f"[red]not collected[/]: {escape(one.fault)}" if one.fault else words[one.status]
        _console().print(f"{escape(one.student)}: {word}{at}", highlight=False, soft_wrap=True)
    typer.echo(f"{sum(1 for one in taken if not one.fault)} of {len(taken)} hand-ins are in {home.submitted}")


def grade(
    name: str = NAME,
    student: list[str] = STUDENT,
    jobs: int = typer.Option(
        0, "--jobs", "-j", min=0, help="Notebooks at a time; one a processor by default."
    ),
    engine: str = typer.Option("local", help="local: this machine. dask: a cluster, with --scheduler."),
    scheduler: str = typer.Option("", help="The address of a Dask scheduler: tls://host:port."),
    profile: str = typer.Option(
        "", help="strict closes nbgrader's holes; compat keeps its very results. strict by default."
    ),
    again: bool = typer.Option(False, "--again", help="Also grade what is graded and unchanged."),
    resume: bool = typer.Option(False, "--resume", help="Go on with a run that was interrupted."),
    time_limit: int = typer.Option(0, min=0, help="Seconds for a notebook; 600 by default."),
    memory: int = typer.Option(
        0, min=0, help="Megabytes for a notebook, libraries not counted; 2048 by default."
    ),
    trust_submissions: bool = typer.Option(
        False, "--trust-submissions", help="Run the students' code without containment, with my rights."
    ),
    fail_on_error: bool = typer.Option(
        False, "--fail-on-error", help="End with 1 when a submission has no grade; for scripts."
    ),
    course: Path = FOLDER,
) -> None:
    """Run the collected notebooks and write the points to the gradebook.

    Each notebook runs in a fresh kernel that sees its own folder and nothing
    else: no network, no other files, no programs. `course doctor` shows what
    contains it here. Where nothing can, the command refuses unless you say
    --trust-submissions: then the students' code runs on this machine as you.

    A damaged submission is named, and the others are graded; the command ends
    with 0 all the same. Ctrl-C and --resume lose nothing that was graded.

        course grade a01
        course grade a01 --jobs 4 --student jdoe --again
        course grade a01 --engine dask --scheduler tls://cluster:8786
    """
    from course_lib.errors import CourseError
    from course_lib.grading import loop
    from course_lib.grading.kernels import early

    how = loop.How(
        jobs,
        _scheduler(engine, scheduler),
        _profile(profile),
        time_limit,
        memory,
        again,
        resume,
        trust_submissions,
    )
    begun = None if scheduler else early.begin(_root(course), name)
    try:
        home = _open(course)
        assignment = home.assignment(name)
        there = home.students(assignment)
        if unknown := [one for one in student if one not in there]:
            raise CourseError(
                f"nothing of {assignment} is collected from {unknown[0]!r}.",
                remedy="Mend the id, or run `course collect` first.",
                path=home.submitted,
            )
        chosen = student or there
        with _progress("Grading", len(chosen), quiet_start=True) as step:
            done = loop.grade(
                home, assignment, chosen, how, lambda outcome: step(f"graded {outcome.student}"), begun
            )
    except KeyboardInterrupt:
        typer.echo(f"Stopped. What was graded is kept; `course grade {name} --resume` goes on.", err=True)
        raise typer.Exit(130) from None
    finally:
        if begun:
            begun.close()
    if not scheduler and not done.layers and done.of("graded"):
        _console().print("[yellow]Nothing contained the students' code (--trust-submissions).[/]")
    for note in done.notes:
        _console().print(f"note: {note}", highlight=False, soft_wrap=True, markup=False)
    _faults(done.outcomes, "no grade")
    _incidents(done.outcomes)
    counts = {status: len(done.of(status)) for status in ("graded", "unchanged", "fault")}
    typer.echo(
        f"{counts['graded']} graded, {counts['unchanged']} unchanged, {counts['fault']} without a grade"
    )
    if fail_on_error and counts["fault"]:
        raise typer.Exit(1)


def _scheduler(engine: str, scheduler: str) -> str:
    """Return the scheduler's address, or ``""`` for this machine."""
    from course_lib.errors import CourseError

    if engine not in ("local", "dask"):
        raise CourseError(f"there is no engine {engine!r}.", remedy="Say --engine local or --engine dask.")
    if (engine == "dask") != bool(scheduler):
        raise CourseError(
            "--engine dask and --scheduler belong together.",
            remedy="Say --engine dask --scheduler tls://HOST:PORT, or leave both out.",
        )
    return scheduler


def _profile(profile: str) -> str:
    from course_lib.errors import CourseError

    if profile not in ("", "strict", "compat"):
        raise CourseError(f"there is no profile {profile!r}.", remedy="Say --profile strict or compat.")
    return profile


def feedback(name: str = NAME, course: Path = FOLDER) -> None:
    """Write a web page for each student: answers, points, and what each failed check said.

    The pages are in feedback/. Hidden tests are not in them.

        course feedback a01
    """
    from course_lib.grading import loop

    home = _open(course)
    with _progress("Feedback", None) as step:
        outcomes = loop.feedback(home, home.assignment(name), lambda outcome: step(outcome.student))
    _faults(outcomes, "no feedback")
    count = sum(1 for o in outcomes if not o.fault)
    typer.echo(f"{count} {'page' if count == 1 else 'pages'} in {home.feedback}")


def report(name: str = NAME, course: Path = FOLDER) -> None:
    """Show the class: points, hard questions, late work, and what waits for a person.

    The same report is written to reports/ as Markdown, as a web page, as a
    table and with its histogram as a picture.

        course report a01
    """
    from course_lib.grading import pages
    from course_lib.grading import report as reports

    home = _open(course)
    result = reports.read(home, home.assignment(name))
    _show(result)
    for path in pages.write(result, home.reports).values():
        typer.echo(path)


def export(
    name: str = NAME,
    form: str = typer.Option("table", "--for", help="table, canvas, moodle or nbgrader."),
    course: Path = FOLDER,
) -> None:
    """Print the class's points as CSV.

    One row for each student: for a spreadsheet, for the import page of Canvas
    or Moodle, or as nbgrader's own exporter writes it.

        course export a01 > a01.csv
        course export a01 --for canvas > a01-canvas.csv
    """
    from course_lib.errors import CourseError
    from course_lib.grading.exports import FORMS

    home = _open(course)
    if form not in FORMS:
        raise CourseError(f"there is no form {form!r}.", remedy=f"Say --for with one of: {', '.join(FORMS)}.")
    typer.echo(FORMS[form](home, home.assignment(name)), nl=False)


def demo(
    students: int = typer.Option(12, min=1, max=99, help="Number of simulated students."),
    keep: Path = KEEP,
    name: str = typer.Option("a01", "--assignment", help="The assignment to try."),
    course: Path = FOLDER,
) -> None:
    """Try the whole loop on a simulated class, without touching your gradebook.

    Twelve invented students hand in work that is right, wrong, partial,
    empty, late or damaged. It is released, collected, graded and reported in
    a temporary folder.

        course demo
        course demo --students 6 --keep ~/demo-course
    """
    from course_lib.errors import CourseError
    from course_lib.grading import demo as demonstration

    with _progress("Demonstration", 3 + 2 * students) as step:
        done = demonstration.run(_open(course), name, students, keep, step)
    _show(done.result)
    if done.surprises:
        raise CourseError(
            f"the gradebook differs from what was handed in: {'; '.join(done.surprises)}.",
            remedy="This is a fault of the course; please report it.",
        )
    typer.echo(f"All {students} simulated students have the points that they must have.")
    typer.echo(f"Report: {done.files['html']}")
    typer.echo(f"Histogram: {done.files['png']}")
    if keep:
        typer.echo(f"Course folder: {keep.resolve()}")


def _student_tree(course: "Course", folder: Path) -> None:
    from course_lib.grading import student_tree

    with _progress("Student tree", student_tree.steps(course)) as step:
        made = student_tree.make(course, folder, step)
    typer.echo(f"{made.files} files, {len(made.assignments)} assignments: {made.folder}")


def _open(folder: Path | None) -> "Course":
    from course_lib.grading.course import open_course

    return open_course(_root(folder))


def _root(folder: Path | None) -> Path:
    from course_lib.files import require_course_root

    return folder or require_course_root()


def _console() -> "Console":
    from rich.console import Console

    return Console(stderr=True)


@contextmanager
def _progress(title: str, total: int | None, *, quiet_start: bool = False) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on stderr; the given function moves it on by one step.

    With `quiet_start` it appears with the first step: its thread would keep workers from
    being forked.
    """
    from rich.markup import escape
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("[bold]{task.fields[title]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    bar = Progress(*columns, console=_console(), transient=True)
    task = bar.add_task("starting", total=total, title=title)
    if not quiet_start:
        bar.start()

    def step(what: str) -> None:
        bar.start()
        bar.update(task, advance=1, description=escape(what))

    try:
        yield step
    finally:
        bar.stop()


def _faults(outcomes: "list[Outcome]", what: str) -> None:
    from rich.markup import escape

    for outcome in outcomes:
        if outcome.fault:
            _console().print(
                f"[red]{what}[/] {escape(outcome.student)}: {escape(outcome.fault)}",
                highlight=False,
                soft_wrap=True,
            )


def _incidents(outcomes: "list[Outcome]") -> None:
    """Name what a person has to look at; the report has the rest."""
    from rich.markup import escape

    for outcome in outcomes:
        for one in outcome.incidents:
            if one.by_hand and one.cell:
                _console().print(
                    f"[yellow]look at[/] {escape(outcome.student)}, {escape(one.cell)}: {escape(one.text)}",
                    highlight=False,
                    soft_wrap=True,
                )


def _show(result: "ClassReport") -> None:
    """Print a class report as tables."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from course_lib.grading.pages import percent, what_to_do
    from course_lib.grading.pictures import bins

    console = Console()
    console.print(f"[bold]{escape(result.assignment)}[/]  {result.summary()}", highlight=False)
    students = Table("student", "points", "late", "penalty", "what to do")
    for row in result.students:
        score = "" if row.score is None else f"{row.score:g}"
        late = f"{row.hours_late:g} h" if row.hours_late else ""
        penalty = f"{row.penalty:g}" if row.penalty else ""
        students.add_row(escape(row.student), score, late, penalty, escape(what_to_do(row)))
    cells = Table("graded cell", "points", "mean", "all", "some", "none")
    for cell in result.cells:
        counts = (str(cell.count(which)) for which in ("all", "some", "none"))
        cells.add_row(cell.grade_id, f"{cell.points:g}", percent(cell), *counts)
    low_high = Table("points from", "to", "students", "")
    for low, high, n in bins(result):
        low_high.add_row(f"{low:g}", f"{high:g}", str(n), "█" * n)
    for table in (students, cells, low_high):
        console.print(table)
