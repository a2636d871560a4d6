"""`course claims`: make synthetic claims."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Build, check and price claims, and simulate many.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add this part's commands to the application."""
    root.add_typer(app, name="claims")


@app.callback()
def _many() -> None:
    """Build, check and price claims, and simulate many."""


@app.command()
def simulate(
    n: Annotated[
        int, typer.Option("-n", help="How many claims; 1_000_000 may be written so.", min=1)
    ] = 5_000,
    out: Annotated[Path, typer.Option("--out", help="Folder to write.")] = Path("simulated-claims"),
    seed: Annotated[int | None, typer.Option("--seed", help="Another seed, other claims.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV files, for a small number.")] = False,
) -> None:
    """Simulate claims with what was decided and paid: partitioned Parquet, or CSV.

    Members, claims, lines and the truth about what is wrong with them. No real person is
    in them. The same seed gives the same claims, and the first ones do not depend on the
    number. After Ctrl-C the same command goes on where it stopped.

    Example: [cyan]course claims simulate -n 1_000_000 --out big[/]
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

    from course_lib.claims.simulation import store

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), "claims", TimeElapsedColumn(), TimeRemainingColumn())
    write = store.write_csv if csv else store.write
    done = 0
    try:
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("", total=n)
            for rows in write(out, n, seed):
                done += rows
                bar.update(task, completed=done)
    except KeyboardInterrupt:
        kept = "Nothing was written." if csv else f"{done:,} of {n:,} claims are written, in whole parts."
        console.print(f"Stopped. {kept} The same command goes on.", highlight=False)
        raise typer.Exit(130) from None
    console.print(f"{n:,} synthetic claims are in {escape(str(out))}.", highlight=False, soft_wrap=True)
