"""Floor 4: the ``course`` command. Thin: each command calls one function of the library."""

import sys

import typer

from course_lib import __version__
from course_lib.cli import claims, codes, data, drills, encounters, grading, lab, notebooks, quiz, roadmap
from course_lib.codes import icd10cm
from course_lib.errors import CourseError

app = typer.Typer(
    name="course",
    help="Crosswalk: learn, teach and maintain the medical coding course.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version and the code set edition, and stop.", is_eager=True
    ),
) -> None:
    if version:
        edition = icd10cm.newest()
        typer.echo(f"course {__version__}")
        typer.echo(f"ICD-10-CM {edition.release}, in force {edition.start} to {edition.end}")
        raise typer.Exit


for part in (lab, data, codes, notebooks, quiz, drills, encounters, claims, roadmap, grading):
    part.add_to(app)


def main() -> None:
    """Run the command line; a `CourseError` is one message, not a traceback."""
    try:
        app()
    except CourseError as why:
        from rich.console import Console
        from rich.markup import escape

        Console(stderr=True).print(f"[bold red]error:[/] {escape(str(why))}", highlight=False, soft_wrap=True)
        sys.exit(1)
