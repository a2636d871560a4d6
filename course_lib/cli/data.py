"""`course check`: data, questions, charts and their keys against the code book."""

import typer


def check(
    write: bool = typer.Option(False, "--write", help="Write new sizes and hashes into the manifest first."),
    coverage: bool = typer.Option(
        False, "--coverage", help="Instead, show what practices each objective, and fail on an empty cell."
    ),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable."),
) -> None:
    """Prove the data files: manifest, schemas, hashes, codes, and the keys of questions and charts.

    Every file must be described with source, dates and license; every table must
    fit its schema; every code in every table and question must exist in the code
    book; every key of a chart must pass its rules. Exit code 0 when all is well, 1 when anything is wrong.

    With --coverage: a table of objectives by questions, exercises (graded cells of
    assignments) and charts, for the lessons that there are.

        course check
        course check --coverage
    """
    import json

    from rich.console import Console
    from rich.markup import escape

    from course_lib import datasets, manifest
    from course_lib.audit import audit

    if coverage:
        _coverage(as_json)
        return
    console = Console(stderr=True)
    if write:
        changed = manifest.write_hashes(datasets.root())
        console.print(
            f"Wrote the hashes of {changed} changed file{'' if changed == 1 else 's'} to the manifest."
        )
    with console.status("Checking ...") as status:
        found = list(audit(status.update))
    if as_json:
        rows = [
            {"path": str(p.path), "line": p.line, "message": p.message, "remedy": p.remedy} for p in found
        ]
        typer.echo(json.dumps(rows, indent=2))
    else:
        for problem in found:
            console.print(f"[red]✗[/] {escape(str(problem))}", highlight=False, soft_wrap=True)
        if not found:
            console.print("[green]✓[/] Every data file, code and key holds.")
    if found:
        raise typer.Exit(1)


def _coverage(as_json: bool) -> None:
    """Print the coverage matrix; end with 1 when a cell is empty or a name stands for nothing."""
    import json
    from dataclasses import asdict

    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from course_lib.files import require_course_root
    from course_lib.notebooks import coverage

    root = require_course_root()
    rows, found = coverage.matrix(root), list(coverage.problems(root))
    if as_json:
        typer.echo(
            json.dumps({"rows": [asdict(r) for r in rows], "problems": [str(p) for p in found]}, indent=2)
        )
    else:
        table = Table("lesson", "objective", *coverage.KINDS, title="What practices each objective")
        for row in rows:
            counts = [
                str(len(row.cell(kind))) if row.cell(kind) else ("0" if kind in row.empty else "none needed")
                for kind in coverage.KINDS
            ]
            table.add_row(row.lesson[:2], escape(row.objective), *counts)
        Console().print(table)
        for problem in found:
            typer.echo(str(problem), err=True)
        typer.echo(f"{len(rows)} objectives, {len(found)} problems.", err=True)
    if found:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.command()(check)
