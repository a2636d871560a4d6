"""`course lab`, `course doctor` and `course bench`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from course_lib.doctor import Examined


def lab(
    context: typer.Context,
    port: int | None = typer.Option(
        None, "--port", min=1, max=65535, help="Port; the first free one from 8888 on."
    ),
    browser: bool = typer.Option(True, "--browser/--no-browser", help="Open a browser window."),
) -> None:
    """Open the course in JupyterLab on this machine.

    Builds the code book first when it is missing. Ctrl-C ends it. Other options
    go on to JupyterLab, for example: course lab --no-browser --port 8899
    """
    import os
    import webbrowser

    from rich.console import Console

    from course_lib import lab as server
    from course_lib.cli.book import open_book
    from course_lib.files import require_course_root

    console = Console()
    root = require_course_root()
    if not (root / server.START).is_file():
        from course_lib.errors import CourseError

        raise CourseError("the first notebook is missing.", remedy="Get it back: git checkout notebooks.",
                          path=root / server.START)  # fmt: skip
    server.free_port(port)  # say so before the work, when the port is taken
    open_book(console)
    if not os.access(root, os.W_OK):
        console.print(
            f"[yellow]{root} cannot be written:[/] you can read and run the lessons, but your notebooks and "
            "progress will not be saved. Work in a copy that you own.",
            soft_wrap=True,
        )

    def ready(address: str) -> None:
        console.print(f"\nJupyterLab is ready:\n  [link={address}]{address}[/]\n\nCtrl-C ends it.",
                      highlight=False, soft_wrap=True)  # fmt: skip
        if browser:
            webbrowser.open(address)

    console.print("Starting JupyterLab ...")
    server.serve(root, port, context.args, ready=ready)
    console.print("\nJupyterLab has ended; your notebooks and progress are saved.")


def doctor(as_json: bool = typer.Option(False, "--json", help="Machine-readable.")) -> None:
    """Show versions, code set edition, cache, browser, what contains a graded notebook, and what is missing.

    Exit code 0 when a learner can work, 1 when something needed is missing.

        course doctor
    """
    import json

    from rich.console import Console
    from rich.table import Table

    from course_lib.doctor import examine

    findings = [*examine(), *_containment()]
    if as_json:
        typer.echo(json.dumps([f.__dict__ for f in findings], indent=2))
    else:
        table = Table(title="course doctor", title_justify="left", show_edge=False)
        for column in ("what", "state", "found", "what to do"):
            table.add_column(column, overflow="fold")
        colour = {"ok": "green", "optional": "yellow", "missing": "bold red"}
        for f in findings:
            table.add_row(f.what, f"[{colour[f.state]}]{f.state}[/]", f.found, f.remedy)
        Console().print(table)
    if any(f.state == "missing" for f in findings):
        raise typer.Exit(1)


def _containment() -> "Iterator[Examined]":
    """Yield the layers in which `course grade` runs a submission; a learner needs none of them."""
    from course_lib.doctor import Examined
    from course_lib.grading.sandbox import layers

    remedy = "" if layers.offered().real else "`course grade` refuses here; grade on Linux with all of these."
    for one in layers.describe():
        state, advice = ("ok", "") if one.active else ("optional", remedy)
        yield Examined(f"grading: {one.name}", state, one.detail, advice)


def bench(
    names: list[str] | None = typer.Argument(None, help="Which; all when left out.", metavar="[NAME]..."),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable."),
) -> None:
    """Measure the figures of the README: ratios taken in one run on this machine.

    Each benchmark is a file of the folder benchmarks/, for example: course bench codes
    """
    import importlib.util
    import json

    from rich.console import Console

    from course_lib.errors import CourseError
    from course_lib.files import require_course_root

    console = Console(stderr=True)
    folder = require_course_root() / "benchmarks"
    known = {f.stem: f for f in sorted(folder.glob("*.py")) if not f.stem.startswith("_")}
    if wrong := sorted(set(names or ()) - set(known)):
        raise CourseError(f"there is no benchmark {wrong[0]!r}.", remedy=f"There is: {', '.join(known)}.")
    figures = {}
    for name in names or known:
        spec = importlib.util.spec_from_file_location(f"benchmark_{name}", known[name])
        assert spec and spec.loader  # a .py file always has both
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        console.rule(name)
        figures[name] = module.run(console)
    if as_json:
        typer.echo(json.dumps(figures, indent=2))


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)
    app.command()(doctor)
    app.command()(bench)
