"""The code book against simple-icd-10-cm: cold look-up, memory, and the quality of search.

Run it as ``course bench codes``. Each figure comes from fresh processes, ours and the
peer's in turn, so that a busy machine slows both; the ratio is what counts.
"""

import importlib.util
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from course_lib import icd10cm
from course_lib.codes.build import build

ROUNDS = 9

OURS = "from course_lib import icd10cm; title = icd10cm.load()['E11.22'].title"
PEER = "import simple_icd_10_cm as cm; title = cm.get_description('E11.22')"
BARE = "title = ''"
# The peak of this process alone: getrusage would report that of its parent, if higher.
PEAK = """
import re
with open('/proc/self/status') as status:
    print(re.search(r'VmHWM:\\s+(\\d+)', status.read())[1])
"""


def run(console: Any) -> dict[str, float]:
    """Measure, print a table on `console`, and return the figures by name."""
    with console.status("Code book: building ..."):
        figures = {"build, seconds": _build_seconds()}
    with console.status("Code book: cold look-ups ..."):
        figures |= _cold()
    with console.status("Code book: warm look-ups ..."):
        figures |= _warm()
    with console.status("Code book: search ..."):
        figures |= _search()
    _show(console, figures)
    return figures


def _build_seconds() -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        build(icd10cm.editions()[-1], Path(folder, "book.sqlite"))
        return time.perf_counter() - start


def _cold() -> dict[str, float]:
    """Return time and peak memory of a process that looks one code up."""
    icd10cm.load()  # built before, as on every run but the first
    seconds: dict[str, list[float]] = {OURS: [], PEER: [], BARE: []}
    for _ in range(ROUNDS):
        for script, times in seconds.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)
            times.append(time.perf_counter() - start)
    ours, peer, bare = (statistics.median(seconds[s]) for s in (OURS, PEER, BARE))
    return {
        "cold look-up, ms": ours * 1000,
        "of it bare Python, ms": bare * 1000,
        "peer, ms": peer * 1000,
        "times faster, cold": peer / ours,
        "resident MB": _peak_mb(OURS),
        "peer, resident MB": _peak_mb(PEER),
    }


def _peak_mb(script: str) -> float:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script + PEAK], check=True, capture_output=True, text=True
    )
    return int(done.stdout) / 1024


def _warm() -> dict[str, float]:
    book = icd10cm.load()
    calls = {
        "look-up, us": lambda: book["E11.22"],
        "ancestors, us": lambda: book.ancestors("E11.22"),
        "notes with ancestors', us": lambda: book.notes("E11.22"),
    }
    figures = {}
    for name, call in calls.items():
        times = []
        for _ in range(500):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        figures[name] = statistics.median(times) * 1e6
    return figures


def _search() -> dict[str, float]:
    """Return quality and latency on the half of the query set that nothing was tuned on."""
    spec = importlib.util.spec_from_file_location(
        "_search_quality", Path(__file__).with_name("_search_quality.py")
    )
    assert spec and spec.loader  # a .py file always has both
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.quality(icd10cm.load(), "holdout")
    return {
        "search: queries (hold-out)": found["queries"],
        "search: category first, %": 100 * found["first"],
        "search: category in ten, %": 100 * found["first_ten"],
        "search: points lost to a typo": found["typo_cost_first_ten"],
        "search: median, ms": found["median_ms"],
        "search: p99, ms": found["p99_ms"],
    }


def _show(console: Any, figures: dict[str, float]) -> None:
    from rich.table import Table

    targets = {
        "times faster, cold": "15 or more",
        "resident MB": "60 or less",
        "search: category first, %": "75 or more",
        "search: category in ten, %": "95 or more",
        "search: points lost to a typo": "3 or less",
        "search: median, ms": "2 or less",
        "search: p99, ms": "20 or less",
    }
    table = Table(
        title=f"{icd10cm.load().label}, against simple-icd-10-cm", title_justify="left", show_edge=False
    )
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("target")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.1f}", targets.get(name, ""))
    console.print(table)
