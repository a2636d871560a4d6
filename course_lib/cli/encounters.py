"""Commands of the `encounters` part: list the charts, and read one."""

from typing import TYPE_CHECKING, Literal

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from course_lib.encounters import Key

encounters_app = typer.Typer(help="List and read the synthetic charts.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.add_typer(encounters_app, name="encounters")


@encounters_app.command("list")
def list_charts(
    level: Literal["clean", "realistic", "messy"] | None = typer.Option(
        None, "--level", help="How hard the note is to read."
    ),
    setting: Literal["outpatient", "emergency", "inpatient"] | None = typer.Option(
        None, "--setting", help="Where care was given."
    ),
    specialty: str | None = typer.Option(None, "--specialty", help="For example orthopedics."),
) -> None:
    """List the charts.

    Example: [cyan]course encounters list --level messy --setting emergency[/]
    """
    from rich.console import Console
    from rich.table import Table

    from course_lib import encounters
    from course_lib.errors import CourseError

    columns = ["id", "title", "specialty", "level", "setting", "minutes"]
    table = Table(*columns)
    table.columns[0].no_wrap = True
    frame = encounters.frame()
    wanted = encounters.ids(level, setting, specialty)
    if not wanted:
        fields = ", ".join(sorted(set(frame["specialty"])))
        raise CourseError("no chart fits all of that.", remedy=f"Leave an option out. Specialties: {fields}.")
    for row in frame[frame["id"].isin(wanted)][columns].itertuples(index=False):
        table.add_row(*(str(value) for value in row))
    Console().print(table)


@encounters_app.command()
def show(
    encounter_id: str = typer.Argument(..., metavar="ID", help="See `course encounters list`."),
    key: bool = typer.Option(False, "--key", help="Show the key as well."),
) -> None:
    """Show a chart as a clinician wrote it; `--key` adds its codes, the evidence and the reasons.

    Example: [cyan]course encounters show ankle-sprain-clinic --key[/]
    """
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    from course_lib import encounters
    from course_lib.encounters.text import NOTICE, facts
    from course_lib.errors import CourseError

    chart = encounters.load(encounter_id)
    console = Console()
    head = "\n".join(f"{name}: {value}" for name, value in facts(chart))
    note = Text(f"{head}\n\n{chart.note.strip()}")
    console.print(Panel(note, title=Text(chart.title), subtitle=NOTICE, width=min(console.width, 100)))
    if key and chart.key is None:
        raise CourseError(
            "this copy of the course has no key for it.", remedy="Code it, then ask for a score."
        )
    if key and chart.key:
        _show_key(console, chart.key)


def _show_key(console: "Console", key: "Key") -> None:
    from rich.table import Table
    from rich.text import Text

    def table(title: str, *columns: str) -> Table:
        return Table(*columns, title=Text(title), title_justify="left", show_lines=True)

    codes = table(f"Diagnoses (ICD-10-CM {key.edition})", "", "code", "evidence", "why", "source")
    for letter, one in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", key.diagnoses, strict=False):
        codes.add_row(*map(Text, (letter, one.code, one.span, one.why, one.source)))
    lines = table("Procedures", "code", "modifiers", "units", "for", "evidence", "why")
    for line in key.procedures:
        cells = (
            line.code,
            " ".join(line.modifiers),
            str(line.units),
            "".join(line.pointers),
            line.span,
            line.why,
        )
        lines.add_row(*map(Text, cells))
    refused = table("Not reported", "code", "why", "source")
    for no in key.rejected:
        refused.add_row(*map(Text, (no.code, no.why, no.source)))
    extra = table("Allowed, not required", "code", "why", "source")
    for may in key.optional:
        extra.add_row(*map(Text, (may.code, may.why, may.source)))
    for part in (codes, lines, refused, extra):
        if part.row_count:
            console.print(part)
