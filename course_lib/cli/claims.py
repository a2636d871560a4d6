"""`course claims`: build, check, price and send the claim of a chart, and make synthetic claims."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from course_lib.claims import Claim

app = typer.Typer(help="Build, check and price claims, and simulate many.", no_args_is_help=True)

ChartId = Annotated[str, typer.Argument(metavar="CHART", help="Id of a chart: `course encounters list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable.")]


def add_to(root: typer.Typer) -> None:
    """Add this part's commands to the application."""
    root.add_typer(app, name="claims")


@app.callback()
def _many() -> None:
    """Build, check and price claims, and simulate many."""


@app.command()
def build(chart: ChartId, as_json: AsJson = False) -> None:
    """Show the claim of a chart by box of the CMS-1500.

    A claim joins why (diagnoses, box 21) to what was done (services, box 24): each service
    points to the letters of the diagnoses that explain it. The codes are those of the chart's
    key; charges are made up.

    Example: course claims build ankle-sprain-clinic
    """
    claim = _claim(chart)
    if as_json:
        _put(_as_dict(claim))
    else:
        typer.echo(repr(claim.form()))


@app.command()
def scrub(
    chart: ChartId,
    on: Annotated[
        datetime | None, typer.Option("--on", help="Day of filing (default: as built).", formats=["%Y-%m-%d"])
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the edits on the claim of a chart: what would be stopped, why, and what to do.

    Edits are what a payer or a clearinghouse checks by machine: codes valid on the day,
    services that belong together (NCCI), units (MUE), modifiers, age and sex, time to file.

    Example: course claims scrub knee-injection-clinic --on 2028-01-15

    Exit code 0 when nothing is an error, 1 when something is.
    """
    from rich.console import Console

    from course_lib import claims
    from course_lib.cli.book import open_book

    claim = _claim(chart)
    book = open_book(Console(stderr=True))
    found = claims.scrub(claim, on.date() if on else None, book=book)
    if as_json:
        _put({"claim": claim.id, "findings": [finding.row() for finding in found]})
    else:
        typer.echo(repr(claim))
        for finding in found:
            typer.echo(f"\n{finding.severity}  {finding.rule}  {', '.join(finding.codes)}")
            for text in (finding.message, f"Source: {finding.source}", finding.remedy):
                typer.echo(f"  {text}")
        if not found:
            typer.echo("No finding.")
    if any(finding.severity == "error" for finding in found):
        raise typer.Exit(1)


@app.command()
def price(
    chart: ChartId,
    year: Annotated[
        int | None, typer.Option(help="Year of the fee schedule (default: the service's).")
    ] = None,
    locality: Annotated[
        str | None, typer.Option(help="Medicare locality, as CA-18 (default: national).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Price the claim of a chart under the Medicare fee schedule, step by step.

    Relative value units (RVUs) for work, practice expense and malpractice, each times the
    index of the locality; their sum times the conversion factor of the day.

    Example: course claims price ankle-sprain-clinic --locality CA-18
    """
    from course_lib import claims

    told = claims.price(_claim(chart), year, locality, missing="note")
    if as_json:
        _put(
            {
                "year": told.year,
                "locality": told.locality,
                "conversion_factor": str(told.factor),
                "total": str(told.total),
                "complete": told.complete,
                "lines": json.loads(told.to_frame().to_json(orient="records")),
                "notes": list(told.notes),
            }
        )
        return
    for line in told.lines:
        label = " ".join((line.code, *line.modifiers))
        typer.echo(f"Line {line.number}: {label}, {line.setting}")
        for step in line.steps:
            typer.echo(f"  {step.what:<40} {step.how:<24} {step.result}".rstrip())
        if line.note and line.allowed is not None:
            typer.echo(f"  {line.note}")
    for note in told.notes:
        typer.echo(note)
    rest = "" if told.complete else " for the lines that are priced"
    typer.echo(f"Medicare amount {told.year}, {told.locality}: {told.total:,.2f} dollars{rest}")


@app.command(name="837")
def send(
    chart: ChartId,
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the claim of a chart as the file that a practice sends: X12 837P, one segment a line.

    CLM is the claim, HI its diagnoses (ABK the first, ABF the others), SV1 a service with its
    pointers as numbers. The file is marked as a test.

    Example: course claims 837 ankle-sprain-clinic --out claim.x12
    """
    from course_lib import claims
    from course_lib.files import atomic_write

    claim = _claim(chart)
    text = claims.to_837p(claim)
    if out is not None:
        with atomic_write(out) as file:
            file.write(text)
    if as_json:
        segments = [line.rstrip("~").split("*") for line in text.splitlines()]
        _put({"claim": claim.id, "file": str(out) if out else None, "segments": segments})
    elif out is not None:
        typer.echo(f"Wrote {out}: claim {claim.id}, {len(text.splitlines())} segments.")
    else:
        typer.echo(text, nl=False)


def _claim(chart: str) -> "Claim":
    from course_lib import claims, encounters

    return claims.build(encounters.load(chart))


def _as_dict(claim: "Claim") -> dict[str, Any]:
    return {
        "id": claim.id,
        "payer": claim.payer,
        "patient": {"control": claim.patient.control, "age": claim.patient.age, "sex": claim.patient.sex},
        "filed_on": claim.filed_on.isoformat(),
        "diagnoses": list(claim.diagnoses),
        "total": str(claim.total),
        "lines": json.loads(claim.to_frame().to_json(orient="records")),
    }


def _put(data: Any) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False))


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
