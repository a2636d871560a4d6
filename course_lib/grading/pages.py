"""A class report as Markdown, as a web page and as a table; pure text."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from course_lib.files import atomic_write
from course_lib.grading import pictures
from course_lib.grading.analysis import by_kind
from course_lib.grading.incidents import DIFFERS

if TYPE_CHECKING:
    from course_lib.grading.report import CellRow, ClassReport, StudentRow

_ERRORS = 15  # rows of the table of errors by question
_COLUMNS = (
    "student", "points", "max_points", "hours_late", "penalty", "to_grade_by_hand", "fault", "seconds"
)  # fmt: skip
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Class report: {title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ border: 1px solid #767676; padding: .25rem .6rem; text-align: left; }}
img {{ max-width: 100%; height: auto; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def markdown(report: "ClassReport", shown: Sequence[tuple[str, str]]) -> str:
    """Return the report as Markdown; `shown` are the two files beside it, each with its words."""
    histogram, items = (f"![{words}]({name})" for name, words in shown)
    parts = [
        f"# Class report: {report.assignment}",
        report.summary(),
        histogram,
        "## Who needs a look",
        _or_none(("student", "why"), ((row.student, why) for row, why in report.looks())),
        "## Students",
        _table(("student", "points", "late", "penalty", "what to do"), map(_student, report.students)),
        "## Questions",
        "The lower the mean, the harder the question. Discrimination is the correlation with the points in "
        "all other questions: near 0, a question does not tell who knows the rest; below 0, it is suspect.",
        items,
        _table(
            ("graded cell", "points", "mean", "all", "some", "none", "discrimination"),
            map(_question, report.cells),
        ),
        "## Commonest errors",
        "By the names that the checks give them. A student counts once for a kind of error.",
        _or_none(
            ("error", "students", "questions"),
            ((kind, str(students), str(cells)) for kind, students, cells in by_kind(report.errors)),
        ),
        _or_none(
            ("question", "error", "students"),
            ((row.grade_id, row.kind, str(len(row.students))) for row in report.errors[:_ERRORS]),
        ),
        "## What the grader found",
        "Whatever was odd in a submission, and what stock nbgrader would have made of it.",
        _or_none(("student", "cell", "what", "stock nbgrader"), _incidents(report)),
        "## Time",
        _time(report),
    ]
    return "\n\n".join(parts) + "\n"


def html(report: "ClassReport", text: str) -> str:
    """Return the Markdown `text` of a report as a web page."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    return _PAGE.format(title=report.assignment, body=markdown2html_mistune(text))


def write(report: "ClassReport", folder: Path) -> dict[str, Path]:
    """Write the report to a folder as Markdown, a web page, a table and two pictures.

    Returns
    -------
    dict of str to Path
        The files ``a01.md``, ``.html``, ``.csv``, ``.png`` and ``-questions.png``, by their endings.
    """
    short = report.assignment.split("_")[0]
    files = {kind: folder / f"{short}.{kind}" for kind in ("md", "html", "csv", "png")}
    files["questions.png"] = folder / f"{short}-questions.png"
    pictures.draw(report, files["png"])
    pictures.draw_items(report, files["questions.png"])
    shown = [
        (files["png"].name, pictures.alt_text(report)),
        (files["questions.png"].name, pictures.items_alt_text(report)),
    ]
    text = markdown(report, shown)
    for kind, content in (("md", text), ("html", html(report, text)), ("csv", table(report))):
        with atomic_write(files[kind]) as out:
            out.write(content)
    return files


def table(report: "ClassReport") -> str:
    """Return the report's students as CSV."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for row in report.students:
        score = "" if row.score is None else f"{row.score:g}"
        late = row.hours_late, row.penalty
        by_hand = " ".join(row.by_hand)
        rows.writerow((row.student, score, f"{report.points:g}", *late, by_hand, row.fault, row.seconds))
    return out.getvalue()


def what_to_do(row: "StudentRow") -> str:
    """Return what a person has to do for a student, or ``""``."""
    if row.fault:
        return f"no grade: {row.fault}"
    return f"grade by hand: {', '.join(row.by_hand)}" if row.by_hand else ""


def percent(cell: "CellRow") -> str:
    """Return the mean share of a cell's points as text."""
    if cell.waiting:
        return f"{len(cell.waiting)} by hand"
    return "" if cell.mean_share is None else f"{100 * cell.mean_share:.0f} %"


def _question(cell: "CellRow") -> Sequence[str]:
    counts = (str(cell.count(which)) for which in ("all", "some", "none"))
    parts = "" if cell.discrimination is None else f"{cell.discrimination:.2f}"
    return cell.grade_id, f"{cell.points:g}", percent(cell), *counts, parts


def _incidents(report: "ClassReport") -> Iterable[Sequence[str]]:
    for row in report.students:
        for one in row.incidents:
            yield row.student, one.cell or "the notebook", one.text, DIFFERS.get(one.kind, "does the same")


def _time(report: "ClassReport") -> str:
    """Return how long the notebooks ran, in a sentence."""
    timed = [row for row in report.students if row.seconds and not row.fault]
    if not timed:
        return "No times are known."
    longest = max(timed, key=lambda row: row.seconds)
    return (
        f"A submission ran {median(row.seconds for row in timed):.2f} s (median), the longest, of "
        f"{_cell(longest.student)}, {longest.seconds:.2f} s. Together they took "
        f"{sum(row.cpu for row in timed):.1f} s of a processor."
    )


def _or_none(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    found = list(rows)
    return _table(header, found) if found else "None."


def _student(row: "StudentRow") -> Sequence[str]:
    score = "" if row.score is None else f"{row.score:g}"
    late = f"{row.hours_late:g} h" if row.hours_late else ""
    return row.student, score, late, f"{row.penalty:g}" if row.penalty else "", what_to_do(row)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines)


def _cell(text: str) -> str:
    """Return text that stays inside its cell; student ids and faults come from outside."""
    for mark, safe in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("\n", " ")):
        text = text.replace(mark, safe)
    return text
