"""Commands of the `roadmap` part, and `course careers`."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

roadmap_app = typer.Typer(help="Plan the road to a certification.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.add_typer(roadmap_app, name="roadmap")
    app.command()(careers)


@roadmap_app.command()
def plan(
    start: str = typer.Option(..., help="First day, as 2027-01-11."),
    target: str = typer.Option("CPC", help="CPC, CCS, CCA, CPB or RHIT."),
    hours: float = typer.Option(8, help="Hours a week for study."),
    budget: float = typer.Option(0, help="US dollars today."),
    monthly: float = typer.Option(0, help="US dollars saved each month."),
    degree_path: bool = typer.Option(False, "--degree-path", help="Plan a degree, not a certificate."),
    full_time: bool = typer.Option(False, "--full-time", help="Use up to 40 hours a week, not 20."),
    no_diploma: bool = typer.Option(False, "--no-diploma", help="You have no high school diploma or GED."),
    course: bool = typer.Option(False, "--course", help="You have a coding course of 80 or more hours."),
    degree: bool = typer.Option(False, "--degree", help="You have a degree in health information."),
    experience: int = typer.Option(0, help="Months of coding work."),
    hold: list[str] = typer.Option([], help="A certification that you hold; may be given again."),
    exam_month: str = typer.Option("", help="Month of the exam, as 2027-11."),
    route: int = typer.Option(0, help="Way out of apprentice status, 1 to 3. Default: the soonest."),
    price: list[str] = typer.Option([], help="Your own price, as tuition=1800; may be given again."),
    assume: list[str] = typer.Option([], help="Your own figure, as certificate_hours=300; again."),
    ics: Path = typer.Option(None, help="Write a calendar file."),
    csv: Path = typer.Option(None, help="Write a table."),
    html: Path = typer.Option(None, help="Write a page to print."),
    save: Path = typer.Option(None, help="Keep the plan, for `course roadmap open`."),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable."),
) -> None:
    """Print a dated plan with its bills, sources and risks.

    Example: [cyan]course roadmap plan --target CPC --start 2027-01-11 --hours 8 --budget 2500[/]
    """
    from course_lib import roadmap

    profile = roadmap.Profile(
        start=start,
        target=target,
        hours=hours,
        budget=budget,
        monthly=monthly,
        education="degree" if degree_path else "certificate",
        pace="full" if full_time else "part",
        diploma=not no_diploma,
        course=course,
        degree=degree,
        experience_months=experience,
        certifications=tuple(hold),
        exam_month=exam_month or None,
        route=route or None,
        prices=_figures(price),
        assumptions=_figures(assume),
    )
    made = roadmap.plan(profile)
    for file, write in ((ics, roadmap.to_ics), (csv, roadmap.to_csv), (html, roadmap.to_html)):
        if file:
            _write(file, write(made))
    if save:
        roadmap.save(made, save)
        typer.echo(f"Wrote {save}", err=True)
    _show(made, as_json)


@roadmap_app.command("open")
def open_saved(
    file: Path = typer.Argument(..., help="A file that `course roadmap plan --save` wrote."),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable."),
) -> None:
    """Print a saved plan, with today's prices.

    Example: [cyan]course roadmap open plan.json[/]
    """
    from course_lib import roadmap

    _show(roadmap.open_plan(file), as_json)


@roadmap_app.command()
def compare(
    start: str = typer.Option(..., help="First day, as 2027-01-11."),
    hours: float = typer.Option(8, help="Hours a week for study."),
) -> None:
    """Set all certifications side by side, planned from one start.

    Example: [cyan]course roadmap compare --start 2027-01-11 --hours 8[/]
    """
    from rich.console import Console

    from course_lib import roadmap

    frame = roadmap.compare(roadmap.Profile(start=start, hours=hours))
    columns = [name for name in frame.columns if name not in ("setting", "to sit the exam")]
    shown = _table(columns)
    for row in frame[columns].itertuples(index=False):
        shown.add_row(*(str(value) for value in row))
    Console().print(shown)


def careers(
    role: str = typer.Argument("", help="coder, biller, technician or manager. Default: all, side by side."),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable."),
) -> None:
    """Read about four careers: duties, a day, education, pay with its year and source.

    Example: [cyan]course careers coder[/]
    """
    import json
    from dataclasses import asdict

    from course_lib import careers as library

    names = [role] if role else list(library.roles()["id"])
    if as_json:
        found = [asdict(library.role(name)) for name in names]
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif role:
        typer.echo(str(library.role(role)))
    else:
        from rich.console import Console

        frame = library.compare()
        columns = list(frame.columns[:6])
        shown = _table(columns)
        for row in frame[columns].itertuples(index=False):
            shown.add_row(*(f"{v:,}" if isinstance(v, int) else str(v) for v in row))
        Console().print(shown)
        typer.echo("More, with sources: course careers " + "|".join(names), err=True)


def _table(columns: list[str]) -> "Table":
    from rich.table import Table

    table = Table()
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _show(made: object, as_json: bool) -> None:
    if not as_json:
        typer.echo(str(made))
        return
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(made), indent=2).decode())


def _write(file: Path, text: str) -> None:
    from course_lib.files import atomic_write

    with atomic_write(file, "wb") as out:
        out.write(text.encode("utf-8"))  # calendars end their lines with CR LF: nothing may change them
    typer.echo(f"Wrote {file}", err=True)


def _figures(given: list[str]) -> dict[str, float]:
    """Return ``["tuition=1800"]`` as a dict; the profile checks the names."""
    from course_lib.errors import CourseError

    found: dict[str, float] = {}
    for pair in given:
        name, _, figure = pair.partition("=")
        try:
            found[name.strip()] = float(figure)
        except ValueError:
            raise CourseError(f"{pair!r} is no figure.", remedy="Write it as tuition=1800.") from None
    return found
