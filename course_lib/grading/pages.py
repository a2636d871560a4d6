"""A class report as Markdown, as a web page and as a table; pure text."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_lib.grading.report import CellRow, ClassReport, StudentRow

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


def markdown(report: "ClassReport", picture: str, alt: str) -> str:
    """Return the report as Markdown; `picture` is the histogram's file name beside it."""
    parts = [
        f"# Class report: {report.assignment}",
        report.summary(),
        f"![{alt}]({picture})",
        "## Students",
        _table(("student", "points", "late", "penalty", "what to do"), map(_student, report.students)),
        "## Questions",
        "The lower the mean, the harder the question.",
        _table(
            ("graded cell", "points", "mean", "all", "some", "none"),
            (
                (
                    cell.grade_id,
                    f"{cell.points:g}",
                    percent(cell),
                    *(str(cell.count(which)) for which in ("all", "some", "none")),
                )
                for cell in report.cells
            ),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def html(report: "ClassReport", text: str) -> str:
    """Return the Markdown `text` of a report as a web page."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    return _PAGE.format(title=report.assignment, body=markdown2html_mistune(text))


def table(report: "ClassReport") -> str:
    """Return the report's students as CSV."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("student", "points", "max_points", "hours_late", "penalty", "to_grade_by_hand", "fault"))
    for row in report.students:
        score = "" if row.score is None else f"{row.score:g}"
        by_hand = " ".join(row.by_hand)
        rows.writerow(
            (row.student, score, f"{report.points:g}", row.hours_late, row.penalty, by_hand, row.fault)
        )
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
