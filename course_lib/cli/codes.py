"""`course codes`: look up, search, check, build and update ICD-10-CM."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from course_lib.codes.book import Code, CodeBook
    from course_lib.codes.check import Finding

EditionDay = Annotated[
    str | None,
    typer.Option("--edition", metavar="DAY", help="First day of an edition (default: the newest)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable.")]

codes = typer.Typer(
    help="Look up, search and check ICD-10-CM codes, and add a new edition.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@codes.command()
def build(
    edition: EditionDay = None,
    force: Annotated[bool, typer.Option("--force", help="Build it even if it is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the code book's file now; otherwise the first look-up does it.

    Example: course codes build --force
    """
    from course_lib.cli.book import open_book
    from course_lib.codes import icd10cm

    if force:
        for one in icd10cm.editions():
            if edition in (None, one.id):
                icd10cm.cache_path(one).unlink(missing_ok=True)
    book = open_book(_stderr(), edition)
    size = book.path.stat().st_size
    if as_json:
        _put({"edition": _edition(book), "nodes": len(book), "path": str(book.path), "bytes": size})
    else:
        _say(f"{book.label}: {len(book):,} nodes, {size / 1e6:.0f} MB in {book.path}")


@codes.command()
def editions(as_json: AsJson = False) -> None:
    """List the editions that are here and the days that each decides.

    Example: course codes editions
    """
    from course_lib.codes import icd10cm

    rows = [
        {
            "edition": e.id,
            "release": e.release,
            "from": e.start.isoformat(),
            "to": e.end.isoformat(),
            "notes": e.has_notes,
            "built": icd10cm.is_built(e),
            "source": str(e.tabular),
        }
        for e in icd10cm.editions()
    ]
    if as_json:
        _put(rows)
        return
    _table("Editions of ICD-10-CM", ["edition", "release", "from", "to", "notes", "built"], rows)
    today = date.today().isoformat()
    if not any(str(r["from"]) <= today <= str(r["to"]) for r in rows):
        _say(f"None of them decides for services of today, {today}. `course codes update FILE` adds one.")


@codes.command()
def search(
    words: Annotated[list[str], typer.Argument(help="What to find, in your own words.")],
    limit: Annotated[int, typer.Option("--limit", "-n", help="Most hits to show.", min=1, max=100)] = 10,
    edition: EditionDay = None,
    as_json: AsJson = False,
) -> None:
    """Find codes by words, abbreviations or a clinician's shorthand.

    Example: course codes search t2dm with ckd

    Exit code 0 when something was found, 1 when nothing was.
    """
    book = _open(edition)
    hits = book.search(" ".join(words), limit=limit)
    rows = [
        {"code": h.code, "title": h.title, "billable": h.billable, "score": round(h.score, 3), "why": h.why}
        for h in hits
    ]
    if as_json:
        _put({"edition": _edition(book), "query": " ".join(words), "hits": rows})
    elif rows:
        _table(" ".join(words), ["code", "title", "billable", "why"], rows, caption=book.label)
    else:
        _say(f"Nothing fits these words in {book.label}. Try fewer or plainer words.")
    if not rows:
        raise typer.Exit(1)


@codes.command()
def show(
    code: Annotated[str, typer.Argument(help="A code, category, block (E08-E13) or chapter number.")],
    edition: EditionDay = None,
    as_json: AsJson = False,
) -> None:
    """Show a code: its path, notes with where each stands, 7th characters and children.

    Example: course codes show E11.22

    Exit code 1 when there is no such code; the message names near ones.
    """
    book = _open(edition)
    found = book[code]
    if as_json:
        _put(_details(book, found))
        return
    _say(f"[bold]{found.code}[/]  {found.title}", markup=True)
    _say(f"{found.kind}, {'billable' if found.billable else 'not billable'} · {book.label}")
    for depth, above in enumerate(reversed(book.ancestors(code))):
        _say(f"{'  ' * depth}{above.code}  {above.title}")
    _say_notes(book, code)
    if found.seventh:
        rows = [{"character": c, "meaning": m} for c, m in found.seventh.items()]
        _table("7th characters", ["character", "meaning"], rows)
    children = [{"code": c.code, "title": c.title, "billable": c.billable} for c in book.children(code)]
    if children:
        _table("One level below", ["code", "title", "billable"], children)


@codes.command()
def check(
    listed: Annotated[
        list[str],
        typer.Argument(help="Codes, first-listed first, with commas or spaces between.", metavar="CODES..."),
    ],
    on: Annotated[
        datetime | None, typer.Option("--on", help="Date of service (default: today).", formats=["%Y-%m-%d"])
    ] = None,
    setting: Annotated[
        Literal["outpatient", "inpatient"], typer.Option(help="Whose rules hold.")
    ] = "outpatient",
    age: Annotated[float | None, typer.Option(help="Age in years.", min=0, max=130)] = None,
    sex: Annotated[Literal["F", "M"] | None, typer.Option(help="Sex on the record.")] = None,
    edition: Annotated[
        str | None,
        typer.Option(
            "--edition",
            metavar="DAY",
            help="First day of an edition (default: the one that decides on that date, else the newest).",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the diagnosis codes of one encounter against the notes and guidelines.

    Example: course codes check "I10, N18.4" --on 2026-09-15

    Exit code 0 when nothing is an error, 1 when something is, 2 when the command was
    mistyped.
    """
    from course_lib.cli.book import open_book
    from course_lib.codes import icd10cm

    # A finding tells when the edition does not decide on that day, so no note is needed.
    day = on.date() if on else date.today()
    book = open_book(_stderr(), edition or icd10cm.deciding(day))
    names = [c for part in listed for c in part.replace(",", " ").replace(";", " ").split()]
    if not names:
        raise typer.BadParameter("it holds no code.", param_hint="CODES")
    findings = book.check(names, on=on.date() if on else None, setting=setting, age=age, sex=sex)
    rows = [
        {
            "severity": f.severity,
            "kind": f.kind,
            "codes": list(f.codes),
            "rule": f.rule,
            "source": f.source,
            "remedy": f.remedy,
        }
        for f in findings
    ]
    if as_json:
        _put({"edition": _edition(book), "codes": names, "findings": rows})
    else:
        _say(f"{', '.join(names)} · {book.label}")
        for finding in findings:
            _say_finding(finding)
        if not findings:
            _say("No finding.")
    if any(f.severity == "error" for f in findings):
        raise typer.Exit(1)


@codes.command()
def update(
    path: Annotated[
        Path, typer.Argument(help="A release's zip, its tabular XML or its order file, as published.")
    ],
    start: Annotated[
        datetime | None,
        typer.Option("--from", help="First day in force, when no name says it.", formats=["%Y-%m-%d"]),
    ] = None,
    limit: Annotated[int, typer.Option(help="Most changes to show of each kind.", min=0)] = 30,
    as_json: AsJson = False,
) -> None:
    """Add an edition from an official file, and show what it changes.

    Fetch the release from cdc.gov/nchs/icd or cms.gov; the course itself never goes to
    the network. The zip "Code Tables, Tabular and Index" gives everything; an order file
    gives codes and titles without notes.

    Example: course codes update icd10cm-table-and-index-2027.zip
    """
    from course_lib.cli.book import build_bar
    from course_lib.codes import icd10cm

    with build_bar(_stderr()) as bar:
        done = icd10cm.update(path, start=start.date() if start else None, progress=bar)
    rows = [{"kind": c.kind, "code": c.code, "title": c.title, "note": c.note} for c in done.changes]
    counts = {kind: sum(r["kind"] == kind for r in rows) for kind in ("added", "deleted", "retitled")}
    if as_json:
        before = done.before.id if done.before else None
        _put({"edition": done.edition.id, "before": before, "counts": counts, "changes": rows})
        return
    _say(f"Added ICD-10-CM {done.edition.release}, in force {done.edition.start} to {done.edition.end}.")
    if done.before is None:
        _say("No earlier edition is here to compare it with.")
        return
    _say(", ".join(f"{n:,} {kind}" for kind, n in counts.items()) + f" since {done.before.release}.")
    for kind in counts:
        some = [r for r in rows if r["kind"] == kind]
        if some and limit:
            title = kind if len(some) <= limit else f"{kind}, first {limit} of {len(some):,} (--json has all)"
            _table(title, ["code", "title", "note"], some[:limit])


def add_to(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.add_typer(codes, name="codes")


def _open(edition: str | None) -> "CodeBook":
    from course_lib.cli.book import open_book

    console = _stderr()
    book = open_book(console, edition)
    today = date.today()
    if edition is None and book.stale_on(today):
        console.print(
            f"Note: this edition is not in force today, {today}. `course codes update FILE` adds another.",
            highlight=False,
            soft_wrap=True,
        )
    return book


def _details(book: "CodeBook", found: "Code") -> dict[str, Any]:
    return {
        "edition": _edition(book),
        "code": found.code,
        "title": found.title,
        "kind": found.kind,
        "billable": found.billable,
        "ancestors": [{"code": a.code, "title": a.title} for a in book.ancestors(found.code)],
        "notes": [
            {
                "kind": n.kind,
                "text": n.text,
                "lead": n.lead,
                "origin": n.origin,
                "refs": [r.text for r in n.refs],
                "unread": n.unread,
            }
            for n in book.notes(found.code)
        ],
        "seventh": found.seventh,
        "children": [
            {"code": c.code, "title": c.title, "billable": c.billable} for c in book.children(found.code)
        ],
    }


def _edition(book: "CodeBook") -> dict[str, str]:
    start, end = book.effective
    return {"id": book.edition, "release": book.release, "from": start.isoformat(), "to": end.isoformat()}


def _put(data: Any) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False))


def _say(text: str, *, markup: bool = False) -> None:
    from rich.console import Console

    Console().print(text, highlight=False, markup=markup, soft_wrap=True)


def _say_notes(book: "CodeBook", code: str) -> None:
    """Print the notes as the Tabular List does: by the place they stand at, kind and list."""
    place = kind = lead = ""
    for note in book.notes(code):
        if note.origin != place:
            place, kind, lead = note.origin, "", ""
            _say(f"\n[bold]Notes at {place}[/]", markup=True)
        if note.kind != kind:
            kind = note.kind
            _say(f"  {kind}")
        if note.lead and note.lead != lead:
            _say(f"    {note.lead}")
        _say(f"    {'  ' if note.lead else ''}{note.text}")
        lead = note.text if note.text.endswith(":") else note.lead


def _say_finding(finding: "Finding") -> None:
    colour = {"error": "bold red", "warning": "yellow"}.get(finding.severity, "cyan")
    _say(f"\n[{colour}]{finding.severity}[/]  {finding.kind}  {', '.join(finding.codes)}", markup=True)
    for text in (finding.rule, f"Source: {finding.source}", finding.remedy):
        if text:
            _say(f"  {text}")


def _stderr() -> "Console":
    from rich.console import Console

    return Console(stderr=True)


def _table(title: str, columns: list[str], rows: list[dict[str, Any]], caption: str | None = None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title), title_justify="left", show_edge=False, caption=caption, caption_justify="left"
    )
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("code", "severity"))
    for row in rows:
        table.add_row(*(Text(_cell(row[c])) for c in columns))
    Console().print(table)


def _cell(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
