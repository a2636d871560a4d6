"""Make and prove many items of every family: how quick, and how many keys fail their proof."""

import os
import statistics
import time
from typing import TYPE_CHECKING, Any

from course_lib import drills

if TYPE_CHECKING:
    from rich.console import Console

ITEMS = int(os.environ.get("COURSE_DRILL_ITEMS", "10000"))


def run(console: "Console") -> dict[str, Any]:
    """Return per family: items, faults, distinct items, and milliseconds an item (made, proved)."""
    cards = drills.deck()
    figures: dict[str, Any] = {}
    for family in drills.families():
        made, proved = [], []
        faults: list[str] = []
        distinct = set()
        for seed in range(ITEMS):
            start = time.perf_counter()
            item = drills.item(family, seed, cards)
            middle = time.perf_counter()
            faults += [f"{item.question.id}: {fault}" for fault in drills.verify(item, cards.book)]
            proved.append(time.perf_counter() - middle)
            made.append(middle - start)
            distinct.add((item.question.stem, *sorted(o.text for o in item.question.options)))
        figures[family.id] = {
            "items": ITEMS,
            "faults": len(faults),
            "distinct": len(distinct),
            "median_ms_to_make": round(1000 * statistics.median(made), 3),
            "median_ms_to_prove": round(1000 * statistics.median(proved), 3),
        }
        for fault in faults[:5]:
            console.print(fault)
    show(console, figures)
    return figures


def show(console: "Console", figures: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(title="Drills: made and proved", title_justify="left", show_edge=False)
    table.add_column("family")
    for name in ("items", "faults", "distinct", "ms to make", "ms to prove"):
        table.add_column(name, justify="right")
    for family, found in figures.items():
        numbers = (f"{value:,}" if isinstance(value, int) else f"{value:.3f}" for value in found.values())
        table.add_row(family, *numbers)
    console.print(table)


if __name__ == "__main__":
    from rich.console import Console

    run(Console())
