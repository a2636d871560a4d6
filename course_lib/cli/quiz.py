"""Commands of the `quiz` part: list, check and take quizzes in the terminal."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from course_lib.quiz import Mark, Question

quiz_app = typer.Typer(help="List, check and take the quizzes.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.add_typer(quiz_app, name="quiz")


@quiz_app.command("list")
def list_quizzes() -> None:
    """List all quizzes with what you have answered.

    Example: [cyan]course quiz list[/]
    """
    from rich.console import Console
    from rich.table import Table

    from course_lib import quiz

    columns = ["quiz", "title", "questions", "answered", "right"]
    table = Table(*columns)
    for row in quiz.overview()[columns].itertuples(index=False):
        table.add_row(*(str(value) for value in row))
    Console().print(table)


@quiz_app.command()
def check(
    quiz_id: str = typer.Argument(None, metavar="[ID]", help="One quiz. Default: all."),
) -> None:
    """Prove the question files: form, keys, reasons, sources, and every code against the code book.

    Prints one line a fault, with file and line, and ends with status 1 when there is one.

    Example: [cyan]course quiz check icd-structure[/]
    """
    from course_lib import quiz

    faults = quiz.check(quiz_id)
    for fault in faults:
        typer.echo(str(fault))
    names = [quiz_id] if quiz_id else quiz.ids()
    count = f"{len(names)} quiz{'zes' if len(names) != 1 else ''}"
    if faults:
        typer.echo(f"{len(faults)} fault{'s' if len(faults) > 1 else ''} in {count}.", err=True)
        raise typer.Exit(1)
    questions = sum(len(quiz.load(name).questions) for name in names)
    typer.echo(f"{count}, {questions} questions: no fault.")


@quiz_app.command()
def take(quiz_id: str = typer.Argument(..., metavar="ID", help="See `course quiz list`.")) -> None:
    """Take a quiz in the terminal; your answers are kept as the notebook keeps them.

    Answer with a letter, with letters in order when there are several, with a number or with a code.
    An empty answer skips the question.

    Example: [cyan]course quiz take icd-structure[/]
    """
    from course_lib import progress, quiz
    from course_lib.quiz.engine import kept_form
    from course_lib.quiz.text import mark_text, question_text, total_text

    asked = quiz.load(quiz_id)
    kept = progress.open(tell=lambda message: typer.secho(message, fg="yellow", err=True))
    answers: dict[str, Any] = {}
    typer.echo(f"{asked.title} (ICD-10-CM {asked.edition})")
    for n, question in enumerate(asked.questions, 1):
        typer.echo(f"\nQuestion {n} of {len(asked.questions)}. {question_text(question)}")
        graded = _ask(question)
        if graded.given is not None:
            answers[question.id] = graded.given
            kept.record(asked.id, question.id, kept_form(graded.given), graded.verdict == "right")
        typer.echo(mark_text(question, graded))
    result = quiz.grade(asked, answers)
    typer.echo(f"\n{total_text(result)}")


def _ask(question: "Question") -> "Mark":
    """Ask until the answer fits the question, or is empty; a scenario is asked part by part."""
    from course_lib.quiz.engine import mark

    if question.parts:
        given = {part.id: _ask_one(part, f"{part.id}: your answer").given for part in question.parts}
        return mark(question, {name: one for name, one in given.items() if one is not None})
    return _ask_one(question, "Your answer")


def _ask_one(question: "Question", prompt: str) -> "Mark":
    from course_lib.errors import CourseError
    from course_lib.quiz.engine import mark

    while True:
        answer = typer.prompt(prompt, default="", show_default=False)
        try:
            return mark(question, answer)
        except CourseError as why:
            typer.echo(str(why))


class Format(StrEnum):
    """What a quiz can be exported to."""

    moodle = "moodle"
    gift = "gift"
    qti = "qti"
    jupyterquiz = "jupyterquiz"
    anki = "anki"


@quiz_app.command("export")
def export_quiz(
    quiz_id: str = typer.Argument(..., metavar="ID", help="See `course quiz list`."),
    to: Format = typer.Option(
        ...,
        "--to",
        help="moodle: Moodle XML; gift: GIFT; qti: QTI 1.2 for Canvas (a zip file); "
        "jupyterquiz: its JSON; anki: a deck.",
    ),
    out: Path = typer.Option(..., "--out", help="The file to write."),
) -> None:
    """Write a quiz in another program's format; its keys go with it.

    Says on stderr what the format cannot carry, with the questions.

    Example: [cyan]course quiz export icd-structure --to moodle --out icd.xml[/]
    """
    from course_lib import files, quiz
    from course_lib.quiz.formats import export, lost

    asked = quiz.load(quiz_id)
    data = export(asked, to.value)
    with files.atomic_write(out, "wb") as file:
        file.write(data)
    typer.echo(f"Wrote {out}. {to.value} cannot carry all of a quiz:", err=True)
    for line in lost(asked, to.value):
        typer.echo(f"- {line}", err=True)


@quiz_app.command("import")
def import_quiz(
    file: Path = typer.Argument(
        ...,
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Moodle XML (.xml), GIFT (.gift, .txt), QTI 1.2 (.zip) or jupyterquiz (.json).",
    ),
) -> None:
    """Print the questions of another program's file as a quiz file, for you to complete.

    Objectives, the lesson and the edition are not in such a file: `course quiz check` names what is missing.

    Example: [cyan]course quiz import theirs.xml > datasets/quizzes/theirs.yaml[/]
    """
    import dataclasses

    import yaml

    from course_lib.quiz.formats import read

    data = dataclasses.asdict(read(file))
    data["questions"] = [{k: v for k, v in q.items() if v} for q in data["questions"]]
    typer.echo(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
