"""Commands of the `notebooks` part: run and check lessons and assignments."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from course_lib.notebooks.model import Notebook

PATHS = typer.Argument(None, help="Notebooks or folders; all of the course's when none is named.")


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    part = typer.Typer(help="Run and check the notebooks of the course.", no_args_is_help=True)
    app.add_typer(part, name="notebooks", rich_help_panel="Maintain")

    @part.command()
    def run(paths: list[Path] = PATHS) -> None:
        """Run lessons from top to bottom and write their outputs.

        Each runs in a fresh kernel, in its own folder, without network and with an
        empty progress file. A notebook is replaced whole or not at all. Assignments
        are run too, and keep no output.

            course notebooks run notebooks/lessons/02_icd10cm_shape_of_a_code.ipynb
        """
        from course_lib.errors import CourseError
        from course_lib.notebooks.normalise import normalise
        from course_lib.notebooks.run import CellError, execute_all, write

        books, failed = _load(paths), []
        with _progress("Running", books) as on_cell:
            for notebook, result in execute_all(books, on_cell=on_cell):
                if isinstance(result, CellError):
                    failed.append(str(result))
                else:
                    kept = normalise(result, keep_outputs=notebook.kind != "assignment")
                    typer.echo(f"{'written' if write(notebook, kept) else 'unchanged'}  {notebook.path}")
        if failed:
            raise CourseError("\n".join(failed))

    @part.command()
    def check(paths: list[Path] = PATHS) -> None:
        """Run notebooks again and fail on any difference; then check each one's rules.

        Nothing is written. A picture is compared by its size, all else to the letter.

            course notebooks check
            course notebooks check notebooks/lessons/01_what_medical_coding_is.ipynb
        """
        from course_lib.notebooks.check import check as problems_of

        books = _load(paths)
        with _progress("Checking", books) as on_cell:
            problems = list(problems_of(books, on_cell=on_cell))
        for problem in problems:
            typer.echo(str(problem))
        counts = ((len(books), "notebook"), (len(problems), "problem"))
        typer.echo(", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts) + ".")
        raise typer.Exit(1 if problems else 0)

    @part.command()
    def rules() -> None:
        """List the rules that `course notebooks check` proves, and the tags that cells may have.

        course notebooks rules
        """
        import inspect

        from course_lib.notebooks.rules.common import ESCAPABLE, NBVAL_TAGS
        from course_lib.notebooks.structure import RULES, name_of

        for rule in dict.fromkeys(rule for kept in RULES.values() for rule in kept):
            kinds = [kind for kind, kept in RULES.items() if rule in kept]
            where = "all" if len(kinds) == len(RULES) else ", ".join(kinds)
            what = inspect.cleandoc(rule.__doc__ or "").replace("\n", "\n" + " " * 32)
            typer.echo(f"{name_of(rule):18}{where:14}{what}")
        typer.echo(f"tags: {', '.join([*NBVAL_TAGS, *(f'allow-{name}' for name in ESCAPABLE)])}")

    @part.command()
    def glossary() -> None:
        """Write the glossary page from its table, datasets/glossary.csv.

        Lessons link to a term as [conversion factor](../glossary.md#conversion-factor).

            course notebooks glossary
        """
        from course_lib.files import atomic_write, require_course_root
        from course_lib.glossary import PAGE, page, terms

        path, found = require_course_root() / "notebooks" / PAGE, terms()
        with atomic_write(path) as out:
            out.write(page(found))
        typer.echo(f"written  {path}: {len(found)} terms")

    @part.command(name="map")
    def course_map() -> None:
        """Write the map of lessons into the start page, from the lessons that there are.

        What each is for stands in datasets/lessons.csv.

            course notebooks map
        """
        from course_lib.files import require_course_root
        from course_lib.notebooks.course_map import written
        from course_lib.notebooks.run import write

        page = written(require_course_root())
        typer.echo(f"{'written' if write(page, page.node) else 'unchanged'}  {page.path}")


def _load(paths: list[Path] | None) -> "list[Notebook]":
    from course_lib.files import require_course_root
    from course_lib.notebooks.find import find, named
    from course_lib.notebooks.model import load

    found = named(paths) if paths else find(require_course_root())
    here = Path.cwd()  # a short path reads better, and can be pasted
    return [load(path.relative_to(here) if path.is_relative_to(here) else path) for path in found]


def _progress(verb: str, books: "list[Notebook]") -> "AbstractContextManager[Callable[[], None]]":
    """Return a context with a progress bar on stderr; calling its value counts one cell."""
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import Progress

    @contextmanager
    def shown() -> "Iterator[Callable[[], None]]":
        with Progress(console=Console(stderr=True), transient=True) as bar:
            cells = sum(len(book.node.cells) for book in books)
            task = bar.add_task(f"{verb} {len(books)} notebooks", total=cells)
            yield lambda: bar.advance(task)

    return shown()
