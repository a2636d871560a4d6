"""Commands of the `drills` part: list the families, and practice one in the terminal."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from course_lib.quiz import Mark, Question

drills_app = typer.Typer(help="Practice on questions made from the official files.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.add_typer(drills_app, name="drills")


@drills_app.command("list")
def list_families() -> None:
    """List the families of drills, those to review today first.

    Example: [cyan]course drills list[/]
    """
    from rich.console import Console
    from rich.table import Table

    from course_lib import drills

    columns = ["family", "title", "state", "due", "answered", "right"]
    table = Table(*columns)
    for row in drills.due()[columns].itertuples(index=False):
        table.add_row(*(str(value) for value in row))
    Console().print(table)


@drills_app.command()
def practice(
    family: str = typer.Argument(..., metavar="FAMILY", help="See `course drills list`."),
    seed: int = typer.Option(
        None, "--seed", help="Number of the first item; the same number gives the same items."
    ),
    n: int = typer.Option(10, "--n", min=1, help="How many items."),
) -> None:
    """Practice a family in the terminal; your answers are kept for the plan of reviews.

    Answer with a letter. An empty answer ends the drill.

    Example: [cyan]course drills practice laterality --seed 7 --n 5[/]
    """
    from random import SystemRandom

    from course_lib import drills
    from course_lib.quiz.text import mark_text, question_text

    cards = drills.deck()
    first = SystemRandom().randrange(1, 1_000_000) if seed is None else seed
    right = answered = 0
    for number in range(n):
        question = drills.item(family, first + number, cards).question
        typer.echo(f"\n{number + 1} of {n}. {question_text(question)}")
        graded = _ask(question)
        if not graded.chosen:
            break
        answered += 1
        right += graded.verdict == "right"
        drills.record(family, graded.verdict == "right")
        typer.echo(mark_text(question, graded))
    typer.echo(f"\n{right} of {answered} right ({cards.book.label}).")


def _ask(question: "Question") -> "Mark":
    """Ask until the answer names an option of the question, or is empty."""
    from course_lib.errors import CourseError
    from course_lib.quiz.engine import mark

    while True:
        answer = typer.prompt("Your answer", default="", show_default=False)
        try:
            return mark(question, answer)
        except CourseError as why:
            typer.echo(str(why))
