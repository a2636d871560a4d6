"""`course check`: data, questions, charts and their keys against the code book."""

import typer


def check(
    write: bool = typer.Option(False, "--write", help="Write new sizes and hashes into the manifest first."),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable."),
) -> None:
    """Prove the data files: manifest, schemas, hashes, codes, and the keys of questions and charts.

    Every file must be described with source, dates and licence; every table must
    fit its schema; every code in every table and question must exist in the code
    book; every key of a chart must pass its rules. Exit code 0 when all is well, 1 when anything is wrong.
    """
    import json

    from rich.console import Console
    from rich.markup import escape

    from course_lib import datasets, manifest
    from course_lib.audit import audit

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


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.command()(check)
