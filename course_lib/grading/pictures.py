"""The pictures of a class report, each with its words."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_lib.files import atomic_write

if TYPE_CHECKING:
    from course_lib.grading.report import CellRow, ClassReport


def bins(report: "ClassReport") -> list[tuple[float, float, int]]:
    """Return the histogram of the scores: at most 12 bins of equal width (low, high, students)."""
    width = max(1, -(-int(report.points) // 12))
    lows = range(0, int(report.points), width)
    counts = [0] * len(lows)
    for score in report.scores:
        counts[min(int(score // width), len(counts) - 1)] += 1
    return [
        (float(low), min(float(low + width), report.points), n) for low, n in zip(lows, counts, strict=True)
    ]


def alt_text(report: "ClassReport") -> str:
    """Return what the histogram shows, in words."""
    parts = [f"{low:g} to {high:g} points: {n}" for low, high, n in bins(report) if n]
    return f"Histogram of scores in {report.assignment}. Students by score: {'; '.join(parts) or 'none'}."


def items_alt_text(report: "ClassReport") -> str:
    """Return what the picture of the questions shows, in words."""
    shown = "; ".join(f"{c.grade_id} {100 * (c.mean_share or 0):.0f} %" for c in _scored(report))
    return f"Bars of the mean share of the points for each question: {shown or 'none'}."


def draw(report: "ClassReport", path: Path) -> None:
    """Save the histogram of the scores as a PNG; its description is inside the file, too."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    from course_lib.plots import PALETTE

    shown = bins(report)
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.add_subplot()
    axes.bar(
        [low for low, _, _ in shown],
        [n for _, _, n in shown],
        width=[high - low for low, high, _ in shown],
        align="edge",
        color=PALETTE["blue"],
        edgecolor="white",
    )
    axes.set_xticks([low for low, _, _ in shown] + [report.points])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(f"Scores in {report.assignment} ({len(report.scores)} students)", loc="left")
    axes.set_xlabel(f"points so far, of {report.points:g}")
    axes.set_ylabel("students")
    _save(figure, axes, path, alt_text(report))


def draw_items(report: "ClassReport", path: Path) -> None:
    """Save a bar for each question as a PNG: how much of its points the class earned."""
    from matplotlib.figure import Figure

    from course_lib.plots import PALETTE

    shown = _scored(report)
    figure = Figure(figsize=(7, 1 + 0.32 * max(len(shown), 1)), layout="constrained")
    axes = figure.add_subplot()
    shares = [100 * (cell.mean_share or 0) for cell in shown]
    bars = axes.barh([cell.grade_id for cell in shown], shares, color=PALETTE["blue"])
    axes.bar_label(bars, [_discrimination(cell) for cell in shown], padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 130)
    axes.set_xticks(range(0, 101, 20))
    axes.set_title(f"Questions of {report.assignment}", loc="left")
    axes.set_xlabel("mean share of the points, in percent (r: discrimination)")
    _save(figure, axes, path, items_alt_text(report))


def _scored(report: "ClassReport") -> "list[CellRow]":
    return [cell for cell in report.cells if cell.mean_share is not None]


def _discrimination(cell: "CellRow") -> str:
    return "" if cell.discrimination is None else f"r = {cell.discrimination:.2f}"


def _save(figure: Any, axes: Any, path: Path, words: str) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    with atomic_write(path, "wb") as out:
        figure.savefig(out, format="png", dpi=110, metadata={"Description": words})
